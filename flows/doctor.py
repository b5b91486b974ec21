"""`plimsoll doctor`: is everything there that a night needs, and what to do where it is not."""

import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import duckdb
from filelock import FileLock, Timeout

from data.billing import Source as BillingSource
from data.billing.deliveries import BillReading
from data.catalog import read_catalog
from data.errors import PlimsollError
from data.secret import redact
from data.utilization.part import LoadReading
from data.warehouse import first_line
from data.window import Window
from flows.prefect_server import check_server
from flows.settings import Settings, read_settings

SHOWN = ("prefect", "duckdb", "pandas", "statsmodels", "plotly")
DISK_PER_WAREHOUSE = 4  # a night needs room for the warehouse, its log, the snapshot and the kept releases


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["good", "warn", "bad"]
    what: str
    found: str
    advice: str = ""

    def __post_init__(self) -> None:
        """Hide secrets: what is found is shown."""
        object.__setattr__(self, "found", redact(self.found))


def examine(config: Path, today: date, environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything a night needs; nothing is changed and no error is raised."""
    try:
        settings = read_settings(config)
        catalog = read_catalog(settings.catalog.file) if settings.catalog else {}
    except PlimsollError as error:
        return [Finding("bad", "configuration", str(error), "correct the file and run doctor again")]
    return [
        Finding("good", "configuration", f"{config}, {len(catalog)} services"),
        *_sources(settings, today),
        *_folders(settings),
        _lock(settings),
        _freshness(settings, today),
        *_notices(settings, environment),
        _prefect(environment),
        Finding(
            "good",
            "versions",
            f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in SHOWN),
        ),
    ]


def _sources(settings: Settings, today: date) -> Iterator[Finding]:
    load = LoadReading(Window.ending(settings.as_of or today, 1), settings.cache)
    looks: list[tuple[str, Callable[[], str]]] = [
        *((source.name, partial(source.probe, load)) for source in settings.utilization),
        *(
            (source.name, partial(_deliveries, source, BillReading(settings.cache, today, is_probe=True)))
            for source in settings.billing
        ),
    ]
    for name, look in looks:
        try:
            found = look()
        except (PlimsollError, OSError, duckdb.Error) as error:
            yield Finding("bad", f"source {name}", first_line(error), "the night goes on without it, on what is stored")
        else:
            yield Finding("good", f"source {name}", found)


def _deliveries(source: BillingSource, reading: BillReading) -> str:
    deliveries = source.deliveries(reading)
    for broken in (each.problem for each in deliveries if each.problem):
        raise broken
    return f"{len(deliveries)} deliveries, {sum(len(each.files) for each in deliveries)} files"


def _folders(settings: Settings) -> Iterator[Finding]:
    for what, folder in (("warehouse", settings.warehouse.path.parent), ("publish", settings.publish.dir)):
        there = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if not os.access(there, os.W_OK):
            yield Finding(
                "bad", what, f"{there} cannot be written", "change its owner, or name another path in plimsoll.toml"
            )
            continue
        size = settings.warehouse.path.stat().st_size if settings.warehouse.path.exists() else 0
        free = shutil.disk_usage(there).free
        found = f"{folder}, {free / 2**30:,.1f} GiB free"
        if free < max(size * DISK_PER_WAREHOUSE, 2**30):
            yield Finding(
                "warn",
                what,
                found,
                f"a night may need {DISK_PER_WAREHOUSE} times the warehouse ({size / 2**30:,.1f} GiB), and 1 GiB",
            )
        else:
            yield Finding("good", what, found)


def _lock(settings: Settings) -> Finding:
    lock = settings.warehouse.path.with_suffix(".lock")
    if not lock.exists():
        return Finding("good", "lock", "no night is running")
    try:
        with FileLock(lock, timeout=0):
            return Finding("good", "lock", "no night is running")
    except Timeout:
        return Finding("warn", "lock", "a night is running", "wait for it before you start another")


def _freshness(settings: Settings, today: date) -> Finding:
    snapshot = settings.publish.dir / "snapshot.duckdb"
    if not snapshot.exists():
        return Finding("warn", "freshness", "nothing is published yet", "run plimsoll night")
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            ((newest,),) = con.execute("select max(as_of) from night where state = 'done'").fetchall()
            troubled = con.execute(
                "select source || ' is ' || state from source_state "
                "where as_of = $as_of and state <> 'fresh' order by all",
                {"as_of": newest},
            ).fetchall()
    except duckdb.Error as error:
        return Finding("bad", "freshness", f"{snapshot}: {first_line(error)}", "run plimsoll night to publish again")
    expected = settings.as_of or today
    if newest is None or newest < expected:
        return Finding(
            "warn", "freshness", f"the newest night is of {newest}", "is the schedule running? plimsoll serve"
        )
    if troubled:
        return Finding(
            "warn", "freshness", ", ".join(row[0] for row in troubled), "see freshness.html, or the source_state table"
        )
    return Finding("good", "freshness", f"the night of {newest} is published, every source fresh")


def _notices(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    name = settings.notify.urls_env
    if name and not environment.get(name):
        yield Finding(
            "bad",
            "notices",
            f"environment variable {name} is not set",
            "set it to Apprise addresses, or take [notify] away",
        )
    elif name:
        yield Finding("good", "notices", f"{len(environment[name].split())} addresses in {name}")


def _prefect(environment: Mapping[str, str]) -> Finding:
    url = environment.get("PREFECT_API_URL")
    if not url:
        return Finding("good", "prefect", "no server is named, and a night needs none")
    try:
        check_server(url)
    except PlimsollError as error:
        return Finding("bad", "prefect", str(error), "start prefect server, or unset PREFECT_API_URL")
    return Finding("good", "prefect", f"{url} answers")
