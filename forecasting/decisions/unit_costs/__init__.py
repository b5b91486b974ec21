"""A change of cost split into its causes, and in words."""
