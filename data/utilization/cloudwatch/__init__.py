"""Load from CloudWatch."""
