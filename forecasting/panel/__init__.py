"""What models see: series on a grid, what of them trains, and what kind each is."""
