"""What people are told of nights, and told once."""
