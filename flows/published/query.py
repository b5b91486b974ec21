"""`plimsoll sql`: a read-only question to the published snapshot, printed as a table, csv or json."""

import csv
import io
import shutil
from pathlib import Path
from typing import Literal

import duckdb

from data.errors import InputError
from data.snapshot import open_snapshot
from data.warehouse import first_line
from flows.commands.screen import plain

UNBOUNDED = 10_000  # characters a line, where it is not a terminal that reads
SHOWN_ROWS = 200  # of a table on the terminal; csv and json are whole


def query_snapshot(publish: Path, sql: str, layout: Literal["table", "csv", "json"], *, has_files: bool = False) -> str:
    """Return the answer to `sql`; raises InputError where nothing is published or DuckDB refuses the question.

    With `has_files` the question may read and write other files too.
    """
    try:
        with open_snapshot(publish, has_files=has_files) as con:
            if layout == "json":
                asked = sql.strip().rstrip(";")
                rows = con.execute(f"select to_json(answer)::varchar from ({asked}) as answer").fetchall()  # noqa: S608 - the user's own question
                return "[" + ",\n ".join(row[0] for row in rows) + "]"
            result = con.execute(sql)
            names = [str(column[0]) for column in result.description or ()]
            return _csv(names, result.fetchall()) if layout == "csv" else _table(names, result.fetchall())
    except duckdb.PermissionException as error:
        raise InputError(f"sql: {first_line(error)}; --files lets a question read and write files") from error
    except duckdb.Error as error:
        raise InputError(f"sql: {first_line(error)}") from error


def _csv(names: list[str], rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().rstrip("\n")


def _table(names: list[str], rows: list[tuple[object, ...]]) -> str:
    """Draw a table as wide as the terminal; what values hold is text, never markup or an emoji."""
    from rich.console import Console  # noqa: PLC0415 - csv and json need no rich
    from rich.table import Column, Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    caption = Text(f"{SHOWN_ROWS} of {len(rows)} rows") if len(rows) > SHOWN_ROWS else None
    table = Table(*(Column(header=Text(plain(name))) for name in names), caption=caption)
    for row in rows[:SHOWN_ROWS]:
        table.add_row(*(Text(plain("" if value is None else str(value))) for value in row))
    drawn = io.StringIO()
    width = shutil.get_terminal_size(fallback=(UNBOUNDED, 0)).columns
    Console(file=drawn, width=width, markup=False, emoji=False, highlight=False).print(table)
    return drawn.getvalue().rstrip("\n")
