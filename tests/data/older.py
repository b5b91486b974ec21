"""Warehouses as older versions wrote them."""

from pathlib import Path

import duckdb

SCHEMAS = Path(__file__).parent / "schemas"  # the tables as each version had them
FILLED = {"DATE": "date '2026-11-01'", "BOOLEAN": "true", "TIMESTAMP": "timestamp '2026-11-01'", "VARCHAR": "'x'"}
Rows = dict[str, list[tuple[object, ...]]]


def make_warehouse(file: Path, version: int) -> Rows:
    """Make a warehouse of an older version with a row in each table; return the rows."""
    with duckdb.connect(str(file)) as con:
        con.execute((SCHEMAS / f"{version:04}.sql").read_text(encoding="utf-8"))
        con.execute("create table schema_version (version integer not null)")
        con.execute("insert into schema_version values ($version)", {"version": version})
        for table in tables(con) - {"schema_version"}:
            kinds = [row[1] for row in con.execute(f"describe {table}").fetchall()]
            row = ", ".join(FILLED.get(kind, "[]" if kind.endswith("[]") else "1") for kind in kinds)
            con.execute(f"insert into {table} values ({row})")
        return rows(con)


def tables(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in con.execute("select table_name from duckdb_tables() where not internal").fetchall()}


def rows(con: duckdb.DuckDBPyConnection) -> Rows:
    return {
        name: con.execute(f"from {name} order by all").fetchall() for name in sorted(tables(con) - {"schema_version"})
    }
