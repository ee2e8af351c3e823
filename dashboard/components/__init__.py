"""Pieces of pages: values in, component tree out."""
