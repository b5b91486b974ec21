"""What broke in a series, and what its history looks like once that is known."""
