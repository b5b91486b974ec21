"""Load from files."""
