"""What the board gives to other programs: its layers and its live state as tables of features."""
