"""When nights are due, which were missed, and what starts them."""
