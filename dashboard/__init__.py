"""What people see: the Dash app, the API, exports and the command line."""
