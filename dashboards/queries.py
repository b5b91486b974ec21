"""Reading the snapshot: each query runs once for many services, and its rows are then split by service."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from data.warehouse import run

Row = dict[str, object]

SQL = Path(__file__).parent / "sql"


def load_sql(name: str) -> str:
    """Return the text of `dashboards/sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def read_rows(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> list[Row]:
    """Return a query's rows by column name; null is None. For tables of words and totals."""
    result = run(con, load_sql(name), parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def read_frame(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> pd.DataFrame:
    """Return a query's rows as a frame; null is NaN or NaT. For the series of charts."""
    return run(con, load_sql(name), parameters).df()


def by_service(rows: list[Row]) -> dict[str, list[Row]]:
    """Split rows by their service, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["service"]), []).append(row)
    return found


def split(frame: pd.DataFrame, *keys: str) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    """Yield the parts of a frame that is sorted by `keys`, each with its keys: one pass, no groupby."""
    if frame.empty:
        return
    columns = [frame[key].to_numpy() for key in keys]
    changes = np.zeros(len(frame), dtype=bool)
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    starts = [0, *np.flatnonzero(changes), len(frame)]
    for start, end in pairwise(starts):
        yield tuple(str(column[start]) for column in columns), frame.iloc[start:end]
