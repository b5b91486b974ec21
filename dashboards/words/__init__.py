"""Numbers and decisions in words."""
