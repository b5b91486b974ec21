"""How far a source that is asked has been asked, for each series."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb
import pandas as pd

from data.warehouse import load_sql, run

LATE = timedelta(days=3)  # data comes late: the newest days are asked for again


class Key(NamedTuple):
    """One series, and the hash of what is asked of it."""

    source: str
    service: str
    metric: str
    question: str


def asked_until(con: duckdb.DuckDBPyConnection, source: str) -> dict[Key, datetime]:
    """Return until when each series of a source has been asked for."""
    rows = run(con, load_sql("utilization/watermark"), {"source": source}).fetchall()
    return {Key(source, *names): until for *names, until in rows}


def first_unasked(asked: datetime | None, end: datetime, history: timedelta) -> datetime:
    """Return from when on to ask: 3 days before what was asked for, or `history` ago where nothing was."""
    return end - history if asked is None else max(end - history, min(asked, end) - LATE)


def remember_asked(keys: Iterable[Key], until: datetime) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """Return what stores, with the hours, that everything of these before `until` has been asked for."""
    asked = pd.DataFrame(sorted(keys), columns=list(Key._fields), dtype="str")

    def remember(con: duckdb.DuckDBPyConnection) -> None:
        con.register("asked_now", asked)
        run(con, load_sql("utilization/watermark_set"), {"asked_until": until})

    return remember
