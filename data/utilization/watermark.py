"""How far a source that is asked has been asked, for each series."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import duckdb

from data.warehouse import fetch_row, load_sql, run

LATE = timedelta(days=3)  # data comes late: the newest days are asked for again
Key = Mapping[str, str]  # source, service, metric, question


def first_unasked(con: duckdb.DuckDBPyConnection, key: Key, end: datetime, history: timedelta) -> datetime:
    """Return from when on to ask: 3 days before what was asked for, or `history` ago where nothing was."""
    row = fetch_row(con, load_sql("utilization/watermark"), key)
    return max(end - history, min(row[0], end) - LATE) if row else end - history


def remember_asked(key: Key, until: datetime) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """Return what stores, with the hours, that everything before `until` has been asked for."""

    def remember(con: duckdb.DuckDBPyConnection) -> None:
        run(con, load_sql("utilization/watermark_set"), {**key, "asked_until": until})

    return remember
