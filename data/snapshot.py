"""Publishing: a complete release is made aside and one atomic rename puts it in front of the readers."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.errors import InputError

# DuckDB 1.2 and later read it; what 2.0 writes by default only 2.0 reads.
STORAGE_VERSION = "v1.2.0"
KEPT_RELEASES = 3


def write_snapshot(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Copy every table, view and comment of the open warehouse into a new DuckDB file.

    `file` is complete when this returns: it is written beside its name and renamed.
    """
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    ((warehouse,),) = con.execute("select current_database()").fetchall()
    location = str(part).replace("'", "''")
    con.execute(f"attach '{location}' as snapshot (storage_version '{STORAGE_VERSION}')")
    try:
        con.execute(f'copy from database "{warehouse}" to snapshot')
        con.execute("checkpoint snapshot")
    finally:
        con.execute("detach snapshot")
    os.replace(part, file)  # noqa: PTH105 - the atomic call by its name


@contextmanager
def open_snapshot(publish: Path, *, has_files: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open what is published, for questions: nothing can be written, nor any other file or address be read.

    `has_files` lets a question read and write files as DuckDB can: for people who ask on their own machine.
    Raises InputError where nothing is published.
    """
    snapshot = publish / "snapshot.duckdb"
    if not snapshot.exists():
        raise InputError(f"{snapshot}: nothing is published yet; run plimsoll night first")
    with duckdb.connect(str(snapshot), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        if not has_files:
            con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        yield con


def write_parquet(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every table as `<table>.parquet`, for readers that have no DuckDB."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = con.execute(
        "select table_name from duckdb_tables() where not internal and not temporary order by all"
    ).fetchall()
    for (table,) in tables:
        location = str(folder / f"{table}.parquet").replace("'", "''")
        con.execute(f"copy \"{table}\" to '{location}' (format parquet, compression zstd)")


def swap_in(publish: Path, release: Path) -> None:
    """Make `release` (a folder below `publish/releases`) what the readers see, whole and at once.

    `publish/current` is a symbolic link; replacing it is one rename. What is inside the release is reached by links
    that never change: `publish/snapshot.duckdb`, `publish/site`. Older releases but the last few are removed, so a
    reader that has one open keeps it.
    """
    for entry in sorted(release.iterdir()):
        _link(Path("current") / entry.name, publish / entry.name)
    _link(release.relative_to(publish), publish / "current")
    releases = sorted((publish / "releases").iterdir(), key=lambda folder: folder.stat().st_mtime_ns)
    for old in [folder for folder in releases if folder != release][: -(KEPT_RELEASES - 1)]:
        shutil.rmtree(old)


def _link(target: Path, link: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    os.replace(aside, link)  # noqa: PTH105 - the atomic call by its name
