"""Nights that were missed run before the one that is due, oldest first; readers see what is new once, at its end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from data.errors import NightRunning
from flows.only_one import only_one
from flows.progress import tell
from flows.record import Night, plan_night, recorded
from flows.schedule.due import missed
from flows.settings import Settings


def catch_up(
    config: Path, settings: Settings, as_of: date, now: Callable[[], datetime], run: Callable[[Night], object]
) -> None:
    """Run the nights that were due since the newest that is done and before `as_of`; one that fails stops no other."""
    if not settings.warehouse.path.exists():
        return
    with only_one(settings.warehouse.path):
        newest = newest_done(settings.warehouse.path)
    for day in missed(settings.schedule, newest, as_of):
        night = replace(plan_night(config, settings, day, now()), is_published=False)
        try:
            with recorded(night):
                tell("catch up", {"missed": day, "newest_done": newest})
                run(night)
        except NightRunning:
            raise
        except Exception:  # noqa: BLE001 S112 - it is told by its record, and the next night may do
            continue


def newest_done(file: Path) -> date | None:
    """Return the newest night that is done in a warehouse or a snapshot; None where there is none to be read."""
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            ((newest,),) = con.execute("select max(as_of) from night where state = 'done'").fetchall()
    except duckdb.Error:  # not made yet, or damaged: whoever needs it says so
        return None
    day: date | None = newest
    return day
