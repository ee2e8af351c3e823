"""Help inside the board: pages in both languages, and the keys."""
