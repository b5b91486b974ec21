"""From the lines of a bill to checked, typed text under FOCUS names; the same for every vendor."""
