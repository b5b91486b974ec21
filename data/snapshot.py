"""Publishing: a complete release is made aside and one atomic rename puts it in front of the readers."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import duckdb

from data.errors import InputError
from data.storage.disk import room

# DuckDB 1.2 and later read it; what 2.0 writes by default only 2.0 reads.
STORAGE_VERSION = "v1.2.0"
KEPT_RELEASES = 3
_ASIDE = ".making-"
_WHOLE = ("snapshot.duckdb", "site/index.html")  # the first and the last of what a release is made of
# What a lake cuts by month, and by which moment: what grows with every night.
PARTITIONED = {
    "charge_day": "charge_date",
    "charge_hour": "hour_utc",
    "cost_day": "charge_date",
    "cost_service_day": "date",
    "forecast": "made_on",
    "unit_cost_day": "date",
    "utilization_hour": "hour_utc",
}
LAKE_VIEWS = ("focus_forecast",)


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
    for table in _tables(con):
        _copy(con, f'from "{table}"', folder / f"{table}.parquet")


def write_lake(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write a folder a table for engines that read folders: Athena, Trino, Spark, Snowflake, BigQuery.

    Those that grow with every night are cut by month, as Hive does: `<table>/month=2026-11/part_0.parquet`; the others
    are `<table>/part.parquet`. Times are without a zone and mean UTC.
    """
    for table in (*_tables(con), *LAKE_VIEWS):
        moment = PARTITIONED.get(table)
        home = folder / table
        home.mkdir(parents=True, exist_ok=True)
        if moment:
            rows = f"select *, strftime({moment}, '%Y-%m') as month from \"{table}\""  # noqa: S608 - constants
            _copy(con, rows, home, "partition_by (month), filename_pattern 'part_{i}'")
        else:
            _copy(con, f'from "{table}"', home / "part.parquet")


@contextmanager
def new_release(publish: Path, run_id: str, first_bytes: int = 0) -> Iterator[Path]:
    """Make the folder of a release aside; what the block has made whole becomes what readers see.

    What an earlier night left there half made is removed first. Raises DiskFull, and leaves nothing then; where there
    is no release to judge the next one by, it needs about `first_bytes`.
    """
    releases = publish / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    remove_leftovers(publish)
    aside = releases / f"{_ASIDE}{run_id}"
    try:
        with room(publish, "a release", _newest_bytes(publish) or first_bytes, "name another [publish] dir"):
            aside.mkdir()
            yield aside
            release = next(name for name in _names(releases / run_id) if not name.exists())
            aside.rename(release)
            swap_in(publish, release)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def remove_leftovers(publish: Path) -> None:
    """Remove what nights that were killed or had no room left half made; never what readers see."""
    for folder in _releases(publish):
        if not _is_whole(folder):
            shutil.rmtree(folder)


def swap_in(publish: Path, release: Path) -> None:
    """Make `release` (a folder below `publish/releases`) what the readers see, whole and at once.

    `publish/current` is a symbolic link; replacing it is one rename. What is inside the release is reached by links
    that never change: `publish/snapshot.duckdb`, `publish/site`. Older releases but the last few are removed, so a
    reader that has one open keeps it.
    """
    for entry in sorted(release.iterdir()):
        _link(Path("current") / entry.name, publish / entry.name)
    _link(release.relative_to(publish), publish / "current")
    whole = [folder for folder in _releases(publish) if folder != release and _is_whole(folder)]
    for old in sorted(whole, key=lambda folder: folder.stat().st_mtime_ns)[: -(KEPT_RELEASES - 1)]:
        shutil.rmtree(old)


def _releases(publish: Path) -> list[Path]:
    """Return the folders of releases but the one that readers see."""
    current = (publish / "current").resolve()
    folder = publish / "releases"
    return [one for one in folder.iterdir() if one.resolve() != current] if folder.is_dir() else []


def _is_whole(release: Path) -> bool:
    return not release.name.startswith(_ASIDE) and all((release / part).exists() for part in _WHOLE)


def _names(release: Path) -> Iterator[Path]:
    """Yield the name of a release, and others for a run that publishes again: readers may have the first one open."""
    yield release
    for number in count(2):
        yield release.with_name(f"{release.name}-{number}")


def _newest_bytes(publish: Path) -> int:
    """Return what the release that readers see takes: the next one needs about as much."""
    current = publish / "current"
    return sum(file.stat().st_size for file in current.rglob("*") if file.is_file()) if current.exists() else 0


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    query = "select table_name from duckdb_tables() where not internal and not temporary order by all"
    return [table for (table,) in con.execute(query).fetchall()]


def _copy(con: duckdb.DuckDBPyConnection, rows: str, target: Path, *options: str) -> None:
    location = str(target).replace("'", "''")
    con.execute(f"copy ({rows}) to '{location}' ({', '.join(('format parquet', 'compression zstd', *options))})")


def _link(target: Path, link: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    os.replace(aside, link)  # noqa: PTH105 - the atomic call by its name
