"""A night: settings, steps, the Prefect flow, the command line."""
