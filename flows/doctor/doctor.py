"""`plimsoll doctor`: is everything there that a night needs, and what to do where it is not."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

import duckdb
from filelock import FileLock, Timeout

from data.billing import Source as BillingSource
from data.billing.deliveries import BillReading, Delivery
from data.billing.read.zipped import Zipped
from data.catalog import read_catalog
from data.damage import check_warehouse
from data.errors import NightRunning, PlimsollError, TooLittleMemory, WarehouseError
from data.secret import redact
from data.snapshot import STORAGE_VERSION
from data.storage.bucket import Bucket
from data.utilization.part import LoadReading
from data.warehouse import first_line, newest_schema
from data.window import Window
from flows.doctor.machine import SKEW_BAD_S, SKEW_WARN_S, clock_skews, unmet, versions
from flows.memory import GIB, LEAST_MEMORY, check_addresses, memory
from flows.schedule.prefect_server import check_server
from flows.settings import Settings, read_settings

LEAST_BYTES = GIB // 8  # less is no room for any night
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


def examine(config: Path, now: Callable[[], datetime], environment: Mapping[str, str]) -> list[Finding]:
    """Look at everything a night needs; nothing is changed and no error is raised."""
    try:
        settings = read_settings(config)
        catalog = read_catalog(settings.catalog.file) if settings.catalog else {}
    except PlimsollError as error:
        return [Finding("bad", "configuration", str(error), "correct the file and run doctor again")]
    today = now().date()
    return [
        Finding("good", "configuration", f"{config}, {len(catalog)} services"),
        *_sources(settings, today),
        *_clock(settings, environment, now),
        _memory(),
        *_folders(settings),
        _warehouse(settings),
        _lock(settings),
        _freshness(settings, today),
        *_notices(settings, environment),
        _prefect(environment),
        _versions(settings),
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
            answer = look()
        except (PlimsollError, OSError, duckdb.Error) as error:
            advice = "the night goes on without it, on what is stored"
            if "AccessDenied" in str(error) or "403" in str(error):
                advice += "; plimsoll doctor --iam prints the policy that it needs"
            yield Finding("bad", f"source {name}", first_line(error), advice)
        else:
            yield Finding("good", f"source {name}", answer)


def _deliveries(source: BillingSource, reading: BillReading) -> str:
    deliveries = source.deliveries(reading)
    for broken in (each.problem for each in deliveries if each.problem):
        raise broken
    for newest in deliveries[-1:]:
        _check_readable(newest)
    return f"{len(deliveries)} deliveries, {sum(len(each.files) for each in deliveries)} files"


def _check_readable(delivery: Delivery) -> None:
    """Raise InputError where the files of a delivery in a bucket are listed but may not be read."""
    folder = delivery.folder.inner if isinstance(delivery.folder, Zipped) else delivery.folder
    if isinstance(folder, Bucket) and delivery.files:
        folder.check_readable(delivery.files[0])


def _clock(settings: Settings, environment: Mapping[str, str], now: Callable[[], datetime]) -> Iterator[Finding]:
    for host, ahead_s in clock_skews(settings, environment, now):
        size = abs(ahead_s)
        skew = f"{size:,.0f} s {'ahead of' if ahead_s > 0 else 'behind'} {host}"
        advice = "" if size < SKEW_WARN_S else "let this machine keep its time (chrony, systemd-timesyncd)"
        state = _graded(is_bad=size >= SKEW_BAD_S, is_doubtful=size >= SKEW_WARN_S)
        yield Finding(state, "clock", skew, advice)


def _graded(*, is_bad: bool, is_doubtful: bool) -> Literal["good", "warn", "bad"]:
    if is_bad:
        return "bad"
    return "warn" if is_doubtful else "good"


def _warehouse(settings: Settings) -> Finding:
    """Try the warehouse itself, not only its folder; a night that holds it has tried it."""
    path = settings.warehouse.path
    if not path.exists():
        return Finding("good", "tables", "the first night makes the warehouse")
    try:
        check_warehouse(path, newest_schema(), is_read=True)
    except NightRunning as error:
        return Finding("warn", "tables", str(error))
    except WarehouseError as error:
        return Finding("bad", "tables", str(error))
    return Finding("good", "tables", f"{path} can be read")


def _versions(settings: Settings) -> Finding:
    extras: set[str] = {settings.compute.runner}
    wrong = unmet(metadata.requires("plimsoll") or [], metadata.version, extras)
    if wrong:
        return Finding("bad", "versions", "; ".join(wrong), "install it anew with constraints.txt")
    return Finding("good", "versions", versions())


def _memory() -> Finding:
    try:
        check_addresses()
    except TooLittleMemory as error:
        return Finding("bad", "memory", str(error))
    most = memory()
    advice = (
        "" if most >= LEAST_MEMORY else f"a night needs {LEAST_MEMORY // GIB} GiB, and 1 GiB more a thousand services"
    )
    return Finding(_graded(is_bad=most < LEAST_MEMORY, is_doubtful=False), "memory", f"{most / GIB:,.1f} GiB", advice)


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
        state = _graded(is_bad=free < max(size, LEAST_BYTES), is_doubtful=free < max(size * DISK_PER_WAREHOUSE, GIB))
        yield Finding(
            state,
            what,
            f"{folder}, {free / GIB:,.1f} GiB free",
            ""
            if state == "good"
            else f"a night may need {DISK_PER_WAREHOUSE} times the warehouse "
            f"({size / GIB:,.1f} GiB), and 1 GiB: make room, or name another path in plimsoll.toml",
        )


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
            ((storage,),) = con.execute(
                "select tags['storage_version'] from duckdb_databases() where database_name = current_database()"
            ).fetchall()
            ((newest,),) = con.execute("select max(as_of) from night where state = 'done'").fetchall()
            troubled = con.execute(
                "select source || ' is ' || state from source_state "
                "where as_of = $as_of and state <> 'fresh' order by all",
                {"as_of": newest},
            ).fetchall()
    except duckdb.Error as error:
        return Finding("bad", "freshness", f"{snapshot}: {first_line(error)}", "run plimsoll night to publish again")
    if not str(storage).startswith(STORAGE_VERSION):
        return Finding(
            "bad",
            "freshness",
            f"{snapshot} is of DuckDB {storage}: readers may have 1.2",
            "run plimsoll night again",
        )
    expected = settings.as_of or today
    if newest is None or newest < expected:
        return Finding(
            "warn", "freshness", f"the newest night is of {newest}", "is the schedule running? plimsoll serve"
        )
    if troubled:
        return Finding(
            "warn", "freshness", ", ".join(row[0] for row in troubled), "see site/data.html, or the source_state table"
        )
    words = f"the night of {newest} is published, every source fresh; DuckDB 1.2 and later read it"
    return Finding("good", "freshness", words)


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
