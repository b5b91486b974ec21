"""A stretch of time [start, end) in UTC: what a step reads or replaces."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Window:
    """[start, end), naive datetimes in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"a window starts before it ends; found {self.start} to {self.end}")

    @classmethod
    def ending(cls, as_of: date, days: int) -> "Window":
        """Return the `days` whole days before the first moment of `as_of`."""
        end = datetime.combine(as_of, time.min)
        return cls(end - timedelta(days=days), end)
