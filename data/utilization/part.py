"""A bounded piece of a source's answer, and what the store does with it besides rolling it up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from data.window import Window


def _remember_nothing(con: duckdb.DuckDBPyConnection) -> None:
    """Keep no bookmark."""


def _has_no_context(con: duckdb.DuckDBPyConnection, first: datetime, last: datetime) -> bool:  # noqa: ARG001
    """Say that nothing that was read earlier lies in these hours."""
    return False


@dataclass(frozen=True)
class LoadReading:
    """What a read is told: the stretch of time that is known, where copies of remote files are kept, and the time."""

    window: Window
    cache: Path
    now: datetime | None = None  # UTC; where it is not told the window ends now

    @property
    def asked_at(self) -> datetime:
        """Return when the vendor is asked: a night of the past asks today, for what is still kept."""
        return max(self.window.end, self.now or self.window.end)


@dataclass(frozen=True)
class Part:
    """What the temporary view `raw_sample` holds while the part is yielded.

    `raw_sample`: file, service, metric, stamp_text, stamp (UTC), value_text, value, problem (null: none), limit_value.
    `remember` runs in the transaction that stores the hours: a kill leaves both or neither.
    `add_context` is told the first and the last hour that were read; where rows of an earlier read may lie in them it
    makes `raw_context` of these, like `raw_sample`, and returns true.
    `limits` is a query: service, metric, limit_value.
    """

    name: str
    labels: tuple[str, ...]  # what `input_issue.file` calls the things that were read: their rows are replaced
    remember: Callable[[duckdb.DuckDBPyConnection], None] = _remember_nothing
    add_context: Callable[[duckdb.DuckDBPyConnection, datetime, datetime], bool] = _has_no_context
    limits: str | None = None
    warnings: tuple[tuple[str, str, str | None], ...] = ()  # label, reason, example
    calls: int | None = None
    calls_cost_usd: float | None = None
