"""The only place that reads the clock: whoever needs the time gets it as an argument, or this as one."""

from datetime import UTC, datetime


def now_utc() -> datetime:
    """Return the time, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)
