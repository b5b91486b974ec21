"""Futures of demand that can be committed to, and the level that is worth it."""
