"""What is happening: readings, store, windows, alerts and the picture."""
