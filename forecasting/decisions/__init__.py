"""What to do: pure rules over simulated futures."""
