"""What only builders of the board run: setting up, locking, drawing the sample profiles."""
