"""The AWS Cost and Usage Report."""
