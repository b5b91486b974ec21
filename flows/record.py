"""The record of a night: its lock, log, row and notices, from before its first step to after its last.

All of it is there before Prefect is, so that a night that cannot begin, fails or is killed says so like any other.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import duckdb

from data.damage import check_warehouse
from data.errors import PlimsollError
from data.warehouse import load_sql, migrate, newest_schema, open_warehouse, run
from flows.clock import now_utc
from flows.notices.notices import tell_findings
from flows.notices.notify import call_heartbeat, notify
from flows.notices.told import tell_once, tell_over
from flows.only_one import only_one
from flows.progress import reporting, tell
from flows.settings import Settings
from flows.stopping import Stopped, is_interrupted

KEY = "night"  # what people were told of: that nights fail


@dataclass(frozen=True)
class Night:
    """One run of one night: names and moments, so that it can go to wherever its steps run."""

    config: Path
    settings: Settings
    as_of: date  # the first moment not known
    started_at: datetime  # UTC
    run_id: str
    scored_from: date | None = None  # forecasts made since are scored again; None: those that may have met new actuals
    is_published: bool = True
    backfill: str | None = None  # first/last day of the back-fill that it is part of

    @property
    def bills_known_at(self) -> datetime | None:
        """Return when bills are to have been delivered by (UTC); None: as they are now.

        Nights that are over and only made up for see what they would have seen; the last one, which is published,
        leaves the tables as of today.
        """
        return None if self.is_published else datetime.combine(self.as_of, time())


def plan_night(config: Path, settings: Settings, as_of: date, now: datetime) -> Night:
    """Return a night to come, with an id of its own."""
    return Night(config, settings, as_of, now, f"{as_of}-{uuid4()}")


@contextmanager
def recorded(night: Night) -> Iterator[None]:
    """Hold the warehouse while the block runs, and keep the night's row, log and notices; raises NightRunning."""
    log_file = night.settings.warehouse.path.parent / "logs" / f"{night.as_of}.jsonl"
    with only_one(night.settings.warehouse.path), reporting(log_file):
        try:
            _begin(night)
            yield
        except BaseException as error:
            if is_interrupted(error):
                _end_badly(night, Stopped())
                raise Stopped from error
            _end_badly(night, error)
            raise
        _end_well(night)


def tell_unbegun(settings: Settings, error: PlimsollError) -> None:
    """Tell that a night could not begin: its configuration names what cannot be used."""
    tell_once(settings, KEY, "plimsoll: the night could not begin", str(error))


def end_night(night: Night, state: str, message: str | None = None) -> None:
    """Write how a night ended into its row."""
    with open_warehouse(night.settings.warehouse.path) as con:
        store_end(con, night.run_id, state, message)


def store_end(con: duckdb.DuckDBPyConnection, run_id: str, state: str, message: str | None = None) -> None:
    """Write how a run ended into its row, in the warehouse or in a snapshot that is of it."""
    ended = {"run_id": run_id, "state": state, "message": message, "finished_at": now_utc()}
    run(con, load_sql("state/end_night"), ended)


def _begin(night: Night) -> None:
    """Add the night's row. Runs that still say they run are of nights that were killed: no other holds the lock."""
    check_warehouse(night.settings.warehouse.path, newest_schema())
    with open_warehouse(night.settings.warehouse.path) as con:
        migrate(con)
        killed = con.execute(
            "update night set state = 'killed' where state = 'running' returning as_of, started_at"
        ).fetchall()
        run(
            con,
            "insert into night (run_id, as_of, started_at, state, version, backfill) "
            "values ($run_id, $as_of, $started_at, 'running', $version, $backfill)",
            {
                "run_id": night.run_id,
                "as_of": night.as_of,
                "started_at": night.started_at,
                "version": version("plimsoll"),
                "backfill": night.backfill,
            },
        )
    for as_of, started_at in killed:
        text = f"the night of {as_of} that began at {started_at:%Y-%m-%d %H:%M} UTC was killed"
        tell("killed", {"as_of": as_of, "started_at": started_at}, level=logging.WARNING)
        notify(night.settings.notify, f"plimsoll: {text}", "nothing of it was published; the next night runs now")


def _end_well(night: Night) -> None:
    """Tell that nights are done again where the last was not, and what this one has found; readers have it by now."""
    tell_over(night.settings, KEY, f"plimsoll: the night of {night.as_of} is done", "nights run again")
    if night.is_published:
        tell_findings(night.settings, night.as_of)
    call_heartbeat(night.settings.notify)


def _end_badly(night: Night, error: BaseException) -> None:
    """Say why a night ended: it failed, or it was stopped (a signal, a cancelled run) and is as good as killed."""
    state = "failed" if isinstance(error, Exception) else "killed"
    reason = str(error) or type(error).__name__
    tell(state, {"as_of": night.as_of, "error": reason, "traceback": traceback.format_exc()}, level=logging.ERROR)
    try:
        end_night(night, state, reason)
    except Exception as worse:  # noqa: BLE001 - the warehouse may be what failed; the log and the notice still tell
        tell(state, {"error": f"the night's row could not be written: {worse}"}, level=logging.ERROR)
    words = "failed" if state == "failed" else "was stopped"
    tell_once(night.settings, KEY, f"plimsoll: the night of {night.as_of} {words}", reason)
