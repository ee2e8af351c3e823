"""Accounts: who may log in, what their logins are, and what they did with them."""
