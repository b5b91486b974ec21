"""Reading the snapshot: each query runs once for many services, and its rows are then split by service."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from data.warehouse import run

Row = dict[str, object]
Frame = Mapping[str, NDArray[Any]]  # columns of one length: cut into thousands of series, views cost nothing

SQL = Path(__file__).parent / "sql"


def load_sql(name: str) -> str:
    """Return the text of `dashboards/sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def read_rows(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> list[Row]:
    """Return a query's rows by column name; null is None. For tables of words and totals."""
    result = run(con, load_sql(name), parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def read_frame(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> Frame:
    """Return a query's rows as a frame; null is NaN or NaT. For the series of charts."""
    found = run(con, load_sql(name), parameters).df()
    return {str(column): found[column].to_numpy() for column in found}


def by_service(rows: list[Row]) -> dict[str, list[Row]]:
    """Split rows by their service, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(str(row["service"]), []).append(row)
    return found


def split(frame: Frame, *keys: str) -> Iterator[tuple[tuple[str, ...], Frame]]:
    """Yield the parts of a frame that is sorted by `keys`, each with its keys: one pass, no groupby."""
    columns = [frame[key] for key in keys]
    rows = len(columns[0])
    if not rows:
        return
    changes = np.zeros(rows, dtype=bool)
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    starts = [0, *np.flatnonzero(changes), rows]
    for start, end in pairwise(starts):
        yield (
            tuple(str(column[start]) for column in columns),
            {name: column[start:end] for name, column in frame.items()},
        )
