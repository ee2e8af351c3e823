"""Pure functions: values in, figure out."""
