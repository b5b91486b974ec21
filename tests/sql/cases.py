"""A folder is a case of a query: <table>.csv are its inputs, expected.csv what it returns, no more and no less.

Columns that a case leaves out are null, or what the schema's `not null` columns need.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from data.warehouse import identifier, run

FILLED = {
    "varchar": "'x'",
    "date": "date '2026-11-01'",
    "bigint": "1",
    "integer": "1",
    "boolean": "false",
    "timestamp": "'2026-11-20'",
}


def fill(con: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Insert a csv file's rows; what must not be null and is not given gets a value that says nothing."""
    con.execute(f"create or replace temp table given as from read_csv('{file}', all_varchar = true, nullstr = '')")
    given = {row[0] for row in con.execute("describe given").fetchall()}
    columns = con.execute(f"describe {table}").fetchall()
    chosen = ", ".join(
        f"{identifier(name)}::{kind} as {identifier(name)}"
        if name in given
        else f"{FILLED.get(kind.lower(), '[]' if kind.endswith('[]') else '0')}::{kind} as {identifier(name)}"
        for name, kind, nullable, *_ in columns
        if name in given or nullable == "NO"
    )
    con.execute(f"insert into {table} by name select {chosen} from given")


def returned(
    con: duckdb.DuckDBPyConnection,
    case: Path,
    query: str,
    parameters: Mapping[str, object],
    prepared: Mapping[str, str] | None = None,
) -> tuple[list[str], list[str]]:
    """Return what a query gives over a case's tables, and what is expected, as sorted lines.

    `prepared` are temporary tables, by name their query, that are made of the inputs before.
    """
    for file in sorted(case.glob("*.csv")):
        if file.stem != "expected":
            fill(con, file.stem, file)
    expected = (case / "expected.csv").read_text(encoding="utf-8").splitlines()
    for name, made_by in (prepared or {}).items():
        run(con, f"create or replace temp table {name} as {made_by}", parameters)
    run(con, f"create or replace temp table found as {query}", parameters)
    columns = ", ".join(f"{identifier(name)}::varchar" for name in expected[0].split(","))
    rows = con.execute(f"select {columns} from found").fetchall()
    return sorted(",".join("" if value is None else value for value in row) for row in rows), sorted(expected[1:])
