"""Out of the room: what is told of alerts to whoever does not watch the board."""
