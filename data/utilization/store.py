"""From raw samples to `utilization_hour`: reject rows with reasons, count repeats once, roll up, replace."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import duckdb

from data.errors import BrokenDelivery
from data.utilization.judge import judge
from data.utilization.names import respell_read
from data.utilization.part import LoadReading, Part
from data.warehouse import fetch_row, first_line, load_sql, run, transaction

OURS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.OutOfMemoryException)
HOUR = timedelta(hours=1)
Tell = Callable[[str, Mapping[str, object]], None]
LEAD_TIME_DAYS = 14  # of a limit that is measured; the catalog can say another
SLICE_ROWS = 6_000_000  # what is rolled up at once: it has to fit in the warehouse's memory


class UtilizationSource(Protocol):
    """What every source of load offers."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def parts(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> Iterator[Part]:
        """Yield what is to be read, piece by piece; what was asked for on an earlier night is not asked for again."""


@dataclass(frozen=True)
class Stored:
    """What one read of a source brought, in rows, and what asking for it took."""

    rows_read: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    calls: int | None = None
    calls_cost_usd: float | None = None


def load_utilization(
    con: duckdb.DuckDBPyConnection, source: UtilizationSource, reading: LoadReading, tell: Tell
) -> Stored:
    """Store what a source has before the end of the window, part by part; raises InputError, and keeps earlier parts.

    Hours that the source delivered replace those that are stored from it; hours it no longer delivers stay, so that
    a rotated file loses nothing. A source most of whose rows cannot be used has failed, though the rest is stored.
    """
    total = Stored()
    con.execute("set variable window_end = $window_end", {"window_end": reading.window.end})
    con.execute(load_sql("utilization/spelling"))
    for part in source.parts(con, reading):
        stored = _store_part(con, source.name, part, reading.window.end.date())
        total = Stored(
            total.rows_read + stored.rows_read,
            total.rows_rejected + stored.rows_rejected,
            total.rows_duplicate + stored.rows_duplicate,
            part.calls if total.calls is None else total.calls + (part.calls or 0),
            part.calls_cost_usd if total.calls_cost_usd is None else total.calls_cost_usd + (part.calls_cost_usd or 0),
        )
        tell("read", {"source": source.name, "part": part.name, "rows": stored.rows_read})
    judge(con, source.name, load_sql("utilization/judged"), {"source": source.name, "rows_read": total.rows_read})
    return total


def _store_part(con: duckdb.DuckDBPyConnection, source: str, part: Part, as_of: date) -> Stored:
    """Roll `raw_sample` up and replace what differs, with its rejects and the source's bookmarks, at once."""
    respell_read(con)
    columns = "file varchar, repeats bigint, contradictions bigint, example varchar"
    con.execute(f"create or replace temp table repeated ({columns})")
    with transaction(con):
        try:
            _keep(con, "counted", {})
            ((rows, first, last),) = con.execute(load_sql("utilization/span")).fetchall()
            has_context = rows > 0 and part.add_context(con, first, last)
            for start, end in _slices(rows, first, last):
                _roll_up(con, {"source": source, "slice_start": start, "slice_end": end}, has_context=has_context)
        except OURS:
            raise
        except duckdb.Error as error:
            raise BrokenDelivery(f"{source}: {part.name}: {first_line(error)}; replace it, or take it away") from error
        if part.limits:
            _store_limits(con, source, part.limits, as_of)
        _replace_issues(con, source, part)
        part.remember(con)
    ((read, rejected, repeated),) = con.execute(load_sql("utilization/totals")).fetchall()
    return Stored(read, rejected, repeated)


def _slices(rows: int, first: datetime | None, last: datetime | None) -> Iterator[tuple[datetime, datetime]]:
    """Cut the hours from `first` to `last` into spans of about SLICE_ROWS rows."""
    if first is None or last is None:
        return
    hours = (last - first) // HOUR + 1
    step = -(-hours // max(1, -(-rows // SLICE_ROWS)))
    for passed in range(0, hours, step):
        yield first + passed * HOUR, first + min(passed + step, hours) * HOUR


def _roll_up(con: duckdb.DuckDBPyConnection, slice_: Mapping[str, object], *, has_context: bool) -> None:
    """Bring the hours of one slice of time to what is read now."""
    if not has_context:
        con.execute("create or replace temp view raw_context as from raw_sample limit 0")
    for name in ("hour_group", "context_sample", "hour_shared", "sample"):
        _keep(con, name, slice_)
    con.execute(f"insert into repeated by name {load_sql('utilization/repeated')}")
    if fetch_row(con, load_sql("utilization/any_stored"), slice_) is None:
        new = load_sql("utilization/hour_new")
    else:
        _keep(con, "hour_new", slice_)
        _keep(con, "hour_changed", slice_)
        run(con, load_sql("utilization/delete_changed"), slice_)
        new = "from hour_changed"
    run(con, f"insert into utilization_hour by name from ({new}) order by service, metric, hour_utc", slice_)


def _replace_issues(con: duckdb.DuckDBPyConnection, source: str, part: Part) -> None:
    parameters = {"source": source, "labels": list(part.labels)}
    _keep(con, "rejected", parameters)
    for label, reason, example in part.warnings:
        row = {"source": source, "file": label, "reason": reason, "example": example}
        run(con, "insert into rejected values ($source, $file, 'warning', $reason, 1, $example)", row)
    _keep(con, "issue", parameters)
    run(con, load_sql("utilization/delete_issue"), parameters)
    con.execute("insert into input_issue by name from issue")


def _store_limits(con: duckdb.DuckDBPyConnection, source: str, query: str, as_of: date) -> None:
    run(con, f"create or replace temp table found_limit as {query}")
    con.execute(load_sql("utilization/limit_respelt"))
    parameters = {"source": source, "as_of": as_of, "lead_time_days": LEAD_TIME_DAYS}
    run(con, load_sql("utilization/delete_limit"), parameters)
    run(con, f"insert into capacity_limit by name {load_sql('utilization/limit')}", parameters)


def _keep(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> None:
    run(con, f"create or replace temp table {name} as {load_sql(f'utilization/{name}')}", parameters)
