"""Compare two warehouses by content: `python -m tests.compare_warehouses OLD NEW [--tolerance 1e-9] [--ignore t.c]`.

Every table of OLD that NEW has too, row by row in the order of its key; floats may differ by `tolerance`, relative.
What differs is printed, at most a few rows a table; exit code 1 where anything does.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

# What equal nights differ in: seconds, when it was loaded, and hashes that hold where and when a file was written.
IGNORED = {"forecast_fit.seconds", "billing_load.loaded_at", "billing_load.fingerprint"} | {
    f"{table}.execution_id" for table in ("bill", "billing_load", "billing_load_day")
}
IGNORED_TABLES = {"night", "schema_version", "utilization_file"}
SHOWN = 5
FLOATS = ("DOUBLE", "FLOAT", "DOUBLE[]", "FLOAT[]")


def differences(old: Path, new: Path, tolerance: float = 1e-9, ignored: set[str] = IGNORED) -> Iterator[str]:
    """Yield a line for each table or row that differs."""
    with duckdb.connect() as con:
        for name, file in (("old", old), ("new", new)):
            location = str(file).replace("'", "''")
            con.execute(f"attach '{location}' as {name} (read_only)")
        before, after = (_tables(con, name) for name in ("old", "new"))
        for table in sorted(before.keys() - after.keys() - IGNORED_TABLES):
            yield f"{table}: only in the old one"
        for table in sorted((before.keys() & after.keys()) - IGNORED_TABLES):
            shared = [
                column for column in before[table] if column in after[table] and f"{table}.{column}" not in ignored
            ]
            kinds = {column: before[table][column] for column in shared}
            yield from _table(con, table, kinds, tolerance)


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    rows = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and not internal and table_name in "
        "(select table_name from duckdb_tables() where database_name = ?) order by table_name, column_index",
        [database, database],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _table(con: duckdb.DuckDBPyConnection, table: str, kinds: dict[str, str], tolerance: float) -> Iterator[str]:
    """Compare one table: exact columns are its order, floats are compared beside each other."""
    exact = [f'"{column}"' for column, kind in kinds.items() if kind not in FLOATS]
    floats = [f'"{column}"' for column, kind in kinds.items() if kind in FLOATS]
    columns, order = ", ".join(exact + floats), ", ".join(exact + floats)
    old, new = (
        con.execute(f'select {columns} from {name}."{table}" order by {order}').fetchall() for name in ("old", "new")
    )
    if len(old) != len(new):
        yield f"{table}: {len(old)} rows, now {len(new)}"
        return
    unequal = [
        (left, right) for left, right in zip(old, new, strict=True) if not _equal(left, right, len(exact), tolerance)
    ]
    if unequal:
        yield f"{table}: {len(unequal)} of {len(old)} rows differ"
        yield from (f"  - {left}\n  + {right}" for left, right in unequal[:SHOWN])


def _equal(left: tuple[object, ...], right: tuple[object, ...], exact: int, tolerance: float) -> bool:
    return left[:exact] == right[:exact] and all(
        _near(a, b, tolerance) for a, b in zip(left[exact:], right[exact:], strict=True)
    )


def _near(a: object, b: object, tolerance: float) -> bool:
    if a == b:
        return True
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_near(one, other, tolerance) for one, other in zip(a, b, strict=True))
    if not isinstance(a, float) or not isinstance(b, float):
        return False
    return (a != a and b != b) or abs(a - b) <= tolerance * max(abs(a), abs(b))  # noqa: PLR0124 - NaN is itself


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--tolerance", type=float, default=1e-9)
    parser.add_argument("--ignore", action="append", default=[], metavar="TABLE.COLUMN")
    arguments = parser.parse_args()
    found = list(differences(arguments.old, arguments.new, arguments.tolerance, IGNORED | set(arguments.ignore)))
    sys.stdout.write("\n".join(found) + "\n" if found else "equal\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
