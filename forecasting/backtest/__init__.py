"""Which candidates have earned what: folds, a contest, and how the best are combined."""
