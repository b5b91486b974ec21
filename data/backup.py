"""A second copy of the warehouse, the way back from it, and a smaller file: each made aside, put in place by a rename.

DuckDB gives the space of deleted rows to new rows but not back to the disk, so a file that has kept a year of nights is
larger than what it holds. `copy from database` writes what is there and nothing else: a copy is compact.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from data.errors import InputError, WarehouseError
from data.warehouse import MEMORY, first_line

PREFIX = "plimsoll-"
KEPT_BACKUPS = 7
HEADER_BYTES = 3 * 4096  # before the blocks of a DuckDB file: one that names its version, and two that take turns


def back_up(warehouse: Path, folder: Path, at: datetime) -> Path:
    """Copy the warehouse into `folder`, named for the moment `at` (UTC), and drop the oldest copies but seven.

    Raises WarehouseError where the warehouse cannot be read, so that a damaged one pushes no good copy out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{PREFIX}{at:%Y-%m-%dT%H%M%S}.duckdb"
    _copy(warehouse, file)
    for old in sorted(folder.glob(f"{PREFIX}*.duckdb"))[:-KEPT_BACKUPS]:
        old.unlink()
    return file


def newest_copy(folder: Path, snapshot: Path) -> Path:
    """Return the newest file that a warehouse can be restored from: a backup, or the snapshot that readers see.

    The snapshot holds every table as of the newest night that was published. Raises InputError where there is neither.
    """
    files = [file for file in (*folder.glob(f"{PREFIX}*.duckdb"), snapshot) if file.is_file()]
    if not files:
        raise InputError(
            f"{folder}: no backup, and nothing is published at {snapshot}; name a copy with --from, or move the "
            "damaged warehouse away and let a night read every source again"
        )
    return max(files, key=lambda file: file.stat().st_mtime_ns)


def restore(warehouse: Path, copy: Path, at: datetime) -> Path | None:
    """Put `copy` in place of the warehouse; return where the one that was there is kept, None where there was none.

    Raises InputError where `copy` is not a warehouse: nothing is moved then.
    """
    part = warehouse.with_suffix(".restoring")
    part.unlink(missing_ok=True)
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    try:
        _copy(copy, part)
    except WarehouseError as error:
        raise InputError(f"{error}; name another copy with --from") from error
    kept = None
    if warehouse.exists():
        kept = warehouse.with_name(f"{warehouse.name}.before-{at:%Y-%m-%dT%H%M%S}")
        os.replace(warehouse, kept)  # noqa: PTH105 - the atomic call by its name
    # The log of a damaged file is of that file: played into another it would damage it too.
    log = warehouse.with_name(f"{warehouse.name}.wal")
    if log.exists():
        os.replace(log, f"{kept or warehouse}.wal.kept")  # noqa: PTH105 - the same
    os.replace(part, warehouse)  # noqa: PTH105 - the same
    return kept


def compact(warehouse: Path) -> tuple[int, int]:
    """Write the warehouse anew without the space of deleted rows; return its size before and after, in bytes."""
    before = warehouse.stat().st_size
    part = warehouse.with_suffix(".compacting")
    part.unlink(missing_ok=True)
    _copy(warehouse, part)
    os.replace(part, warehouse)  # noqa: PTH105 - the atomic call by its name
    return before, warehouse.stat().st_size


def free_ratio(con: duckdb.DuckDBPyConnection) -> float:
    """Return the share of the open warehouse's blocks that hold nothing."""
    ((free, total),) = con.execute(
        "select free_blocks, total_blocks from pragma_database_size() where database_name = current_database()"
    ).fetchall()
    return float(free / total) if total else 0.0


def _copy(source: Path, target: Path) -> None:
    """Write every table, view and comment of `source` to the new file `target`, whole or not at all."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with _memory() as con:
        try:
            con.execute(f"attach '{_quoted(source)}' as old (read_only)")
            rows = con.execute("select count(*) from old.schema_version").fetchall()
            _check_whole(con, source)
        except duckdb.Error as error:
            raise WarehouseError(f"{source}: is not a warehouse that can be read: {first_line(error)}") from error
        if not rows[0][0]:
            raise WarehouseError(f"{source}: is not a warehouse: it has no schema version")
        try:
            con.execute(f"attach '{_quoted(part)}' as new")
            con.execute("copy from database old to new")
            con.execute("checkpoint new")
            con.execute("detach new")
        except duckdb.Error as error:
            part.unlink(missing_ok=True)
            raise WarehouseError(f"{target}: could not be written from {source}: {first_line(error)}") from error
    with part.open("rb") as written:
        os.fsync(written.fileno())
    os.replace(part, target)  # noqa: PTH105 - the atomic call by its name


def _check_whole(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Raise WarehouseError where the attached `old` is cut short: DuckDB notices only when it reads what is gone."""
    ((block, blocks),) = con.execute(
        "select block_size, used_blocks from pragma_database_size() where database_name = 'old'"
    ).fetchall()
    expected = HEADER_BYTES + block * blocks
    if file.stat().st_size < expected:
        raise WarehouseError(
            f"{file}: is not a warehouse that can be read: cut short, {file.stat().st_size:,} of {expected:,} bytes"
        )


@contextmanager
def _memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"memory_limit": MEMORY}) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        yield con


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")
