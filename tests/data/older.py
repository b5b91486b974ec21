"""Warehouses as older versions wrote them."""

from pathlib import Path

import duckdb

SCHEMAS = Path(__file__).parent / "schemas"  # the tables as each version had them
FILLED = {"DATE": "date '2026-11-01'", "BOOLEAN": "true", "TIMESTAMP": "timestamp '2026-11-01'", "VARCHAR": "'x'"}
Row = dict[str, object]  # by column


def make_warehouse(file: Path, version: int) -> dict[str, Row]:
    """Make a warehouse of an older version with a row in each table; return the row of each."""
    with duckdb.connect(str(file)) as con:
        con.execute((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
        con.execute("create table schema_version (version integer not null)")
        con.execute("insert into schema_version values ($version)", {"version": version})
        made = sorted(tables(con) - {"schema_version"})
        for table in made:
            kinds = [row[1] for row in con.execute(f"describe {table}").fetchall()]
            row = ", ".join(FILLED.get(kind, "[]" if kind.endswith("[]") else "1") for kind in kinds)
            con.execute(f"insert into {table} values ({row})")
        return {table: rows(con, table)[0] for table in made}


def tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in con.execute("select table_name from duckdb_tables() where not internal").fetchall()}


def rows(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    """Return the rows of a table by column: one that was written anew may have its columns in another order."""
    found = con.execute(f"from {table} order by all")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
