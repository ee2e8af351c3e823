"""What leaves the board as a file: the same picture, drawn without a browser."""
