"""What is wrong with a warehouse that cannot be used, in words, and what to do about it."""

from pathlib import Path

import duckdb

from data.errors import NightRunning, PlimsollError, WarehouseError
from data.storage.disk import full, is_full

RESTORE = "plimsoll restore puts the newest backup, or the tables that readers see, in its place"
_MEANING = {  # what DuckDB says: what is meant, and what to do
    "Is a directory": ("is a folder", "name a file in [warehouse] path"),
    "not a valid DuckDB": ("is not a database", f"name another [warehouse] path, or {RESTORE}"),
    "Could not read enough bytes": ("is cut short", RESTORE),
    "computed checksum": ("is damaged", RESTORE),
    "orrupt": ("is damaged", RESTORE),
    "has been invalidated": ("is damaged, or its disk failed", RESTORE),
    "Permission denied": ("may not be opened by this user", "change its owner, or name another [warehouse] path"),
    "database file with version": ("was written by another version of DuckDB", "upgrade, or name another path"),
}
READ_WHOLE_BYTES = 1 << 30  # a larger file is opened, and its length checked, but not read to its end
HEADER_BYTES = 3 * 4096  # before the blocks of a DuckDB file: one that names its version, and two that take turns


def explain_damage(path: Path, error: duckdb.Error) -> PlimsollError | None:
    """Return what an error says of the warehouse; None where it is of the query, not of the file."""
    said = str(error).strip().splitlines()[0]
    if "Could not set lock" in said:
        return NightRunning(f"{path}: the warehouse is open in another process; wait for it, or stop it")
    if 'file "' in said and path.name not in said:  # another file, that the query reads or writes
        return None
    if is_full(error):
        size = path.stat().st_size if path.exists() else 0
        return full(path.parent, "a night", size, "name another [warehouse] path")
    for words, (meaning, advice) in _MEANING.items():
        if words in said:
            return WarehouseError(f"{path}: the warehouse {meaning} ({said}); {advice}")
    return None


def check_warehouse(path: Path, newest_schema: int, *, is_read: bool = False) -> None:
    """Raise WarehouseError where a warehouse that is there is damaged or of a newer program; it is not changed.

    DuckDB notices some damage only when it reads what is gone: with `is_read`, every row is read.
    """
    if not path.exists():
        return
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            _check_length(con, path)
            tables = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
            if "schema_version" in tables:
                ((version,),) = con.execute("select max(version) from schema_version").fetchall()
                check_schema(path, version, newest_schema)
            if is_read and path.stat().st_size <= READ_WHOLE_BYTES:
                for table in sorted(tables):
                    con.execute(f'select sum(hash(t)) from "{table}" t').fetchall()  # noqa: S608 - its own names
    except duckdb.Error as error:
        raise explain_damage(path, error) or WarehouseError(
            f"{path}: the warehouse cannot be opened ({error}); {RESTORE}"
        ) from error


def check_schema(path: Path | str, version: int | None, newest: int) -> None:
    """Raise WarehouseError where a newer program has written the warehouse."""
    if version is not None and version > newest:
        raise WarehouseError(
            f"{path}: warehouse schema is version {version}, this program knows {newest}: upgrade plimsoll, "
            "or name another [warehouse] path"
        )


def _check_length(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise where the file is shorter than the blocks in use; free ones at its end may be gone, and are no loss."""
    ((block, blocks),) = con.execute(
        "select block_size, used_blocks from pragma_database_size() where database_name = current_database()"
    ).fetchall()
    expected, size = HEADER_BYTES + block * blocks, path.stat().st_size
    if size < expected:
        raise WarehouseError(f"{path}: the warehouse is cut short ({size:,} of {expected:,} bytes); {RESTORE}")
