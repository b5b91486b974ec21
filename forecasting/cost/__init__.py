"""Cost ahead."""
