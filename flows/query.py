"""`plimsoll sql`: a read-only question to the published snapshot, printed as a table, csv or json."""

import csv
import io
from pathlib import Path
from typing import Literal

import duckdb
from rich.table import Table

from data.errors import InputError
from data.warehouse import first_line

SHOWN_ROWS = 200  # of a table on the terminal; csv and json are whole


def query_snapshot(publish: Path, sql: str, layout: Literal["table", "csv", "json"]) -> str | Table:
    """Return the answer to `sql`; raises InputError where nothing is published or DuckDB refuses the question."""
    snapshot = publish / "snapshot.duckdb"
    if not snapshot.exists():
        raise InputError(f"{snapshot}: nothing is published yet; run plimsoll night first")
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            if layout == "json":
                asked = sql.strip().rstrip(";")
                rows = con.execute(f"select to_json(answer)::varchar from ({asked}) as answer").fetchall()  # noqa: S608 - the user's own question
                return "[" + ",\n ".join(row[0] for row in rows) + "]"
            result = con.execute(sql)
            names = [str(column[0]) for column in result.description or ()]
            return _csv(names, result.fetchall()) if layout == "csv" else _table(names, result.fetchall())
    except duckdb.Error as error:
        raise InputError(f"sql: {first_line(error)}") from error


def _csv(names: list[str], rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _table(names: list[str], rows: list[tuple[object, ...]]) -> Table:
    table = Table(*names, caption=f"{SHOWN_ROWS} of {len(rows)} rows" if len(rows) > SHOWN_ROWS else None)
    for row in rows[:SHOWN_ROWS]:
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
