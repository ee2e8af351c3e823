"""Profiles that ship with the board, one folder each."""
