"""Azure cost exports."""
