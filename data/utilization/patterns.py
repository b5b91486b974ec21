"""Patterns of the configuration by which a service or a metric is taken out of a name."""

import re


def named_groups(pattern: str) -> frozenset[str]:
    """Return the named groups of a pattern; ValueError, which pydantic tells by its key, where it is none."""
    try:
        return frozenset(re.compile(pattern).groupindex)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"is no pattern of Python's re: {error}") from error
