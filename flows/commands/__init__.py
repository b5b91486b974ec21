"""What the commands do that are not a night: the sample, forecasts of a file, care of the warehouse."""
