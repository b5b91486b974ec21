"""Cost and load unlike themselves: judged day by day and hour by hour, grouped to episodes, muted."""
