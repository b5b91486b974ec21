"""Reading the snapshot: each query runs once for many services, and its rows are then split by service."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb
import numpy as np
from numpy.typing import NDArray

from data.warehouse import run

Value = str | float | int | bool | Decimal | date | datetime | list[Any] | None
Row = Mapping[str, Value]  # of a table that is only shown; what is reckoned with has a type of its own
Of = TypeVar("Of")
Frame = Mapping[str, NDArray[Any]]  # columns of one length: cut into thousands of series, views cost nothing

SQL = Path(__file__).parent / "sql"


def load_sql(name: str) -> str:
    """Return the text of `dashboards/sql/<name>.sql`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def read_rows(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> list[Row]:
    """Return a query's rows by column name; null is None. For tables that are shown as they are."""
    result = run(con, load_sql(name), parameters)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def read(con: duckdb.DuckDBPyConnection, of: type[Of], name: str, parameters: Mapping[str, object]) -> list[Of]:
    """Return a query's rows as objects of `of`, whose fields are named as the query's columns."""
    return [of(**row) for row in read_rows(con, name, parameters)]


def read_frame(con: duckdb.DuckDBPyConnection, name: str, parameters: Mapping[str, object]) -> Frame:
    """Return a query's rows as a frame; null is NaN, NaT or None. For the series of charts."""
    columns = run(con, load_sql(name), parameters).fetchnumpy()
    return {str(name): _filled(np.ma.asanyarray(column)) for name, column in columns.items()}


_NUMBER, _MOMENT = (np.float64, np.nan), ("M8[us]", np.datetime64("NaT"))
_NULLS: dict[str, tuple[Any, Any]] = {"i": _NUMBER, "u": _NUMBER, "f": _NUMBER, "M": _MOMENT}  # by numpy's kind


def _filled(column: NDArray[Any]) -> NDArray[Any]:
    """Return a column with what is null as NaN, NaT or None."""
    values, missing = np.ma.getdata(column), np.ma.getmask(column)
    if missing is np.ma.nomask:
        return values
    of, null = _NULLS.get(values.dtype.kind, (object, None))
    filled: NDArray[Any] = values.astype(of)
    filled[missing] = null
    return filled


class Named(Protocol):
    """What belongs to a service."""

    @property
    def service(self) -> str:
        """Return its name."""
        ...


Belonging = TypeVar("Belonging", bound=Named)


def by_service(rows: Sequence[Belonging]) -> dict[str, list[Belonging]]:
    """Split rows by their service, in their order."""
    groups: dict[str, list[Belonging]] = {}
    for row in rows:
        groups.setdefault(row.service, []).append(row)
    return groups


def by_key(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    """Split the rows of a table by a column, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[key]), []).append(row)
    return groups


def split(frame: Frame, *keys: str) -> Iterator[tuple[tuple[str, ...], Frame]]:
    """Yield the parts of a frame that is sorted by `keys`, each with its keys: one pass, no groupby."""
    columns = [frame[key] for key in keys]
    rows = len(next(iter(frame.values())))
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


_NAMED = re.compile(r"\$([a-z_]+)")


def runnable(name: str, parameters: Mapping[str, object], prepared: Sequence[str] = ()) -> str:
    """Return a query as `plimsoll sql` runs it: parameters written out, tables of the build as steps before it.

    A parameter that is not given stays as it is, for the page to fill in.
    """
    text = load_sql(name).strip()
    start = next(place for place, line in enumerate(text.splitlines()) if not line.startswith("--"))
    lines = text.splitlines(keepends=True)
    comment, body = "".join(lines[:start]), "".join(lines[start:])
    needed = [table for table in prepared if re.search(rf"\b{table}\b", body)]
    if needed:
        steps = ",\n".join(f"{table} as (\n{load_sql(table).strip()}\n)" for table in needed)
        body = f"with {steps},\n{body[5:]}" if body.startswith("with ") else f"with {steps}\n{body}"
    return comment + _NAMED.sub(lambda match: _literal(match, parameters), body)


def _literal(match: re.Match[str], parameters: Mapping[str, object]) -> str:
    value = parameters.get(match[1])
    if value is None:
        return match[0]
    return f"date '{value}'" if isinstance(value, date) else str(value)
