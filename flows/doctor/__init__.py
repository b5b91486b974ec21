"""`plimsoll doctor`: is everything there that a night needs, and what to do where it is not."""
