"""Joint futures of a series, and sums over them."""
