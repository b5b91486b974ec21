"""Nights in the past, oldest first; what readers see changes once, at the end.

A back-fill that was stopped goes on where it stopped: each night's row names the back-fill, and its last night, the
only one that is published, ends it. The same days asked for again after that are made anew.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from data.warehouse import load_sql, open_warehouse, run
from flows.progress import tell
from flows.record import Night, plan_night, recorded
from flows.schedule.catch_up import newest_done
from flows.settings import Settings

Run = Callable[[Night], object]


def backfill(
    config: Path, settings: Settings, days: tuple[date, date], now: Callable[[], datetime], steps: Run
) -> None:
    """Run the nights of `days`, first and last, both included.

    The newest night of all is run again at the end, so that the tables that have no night of their own (cost, unit
    cost, scores) and the pages are those of today.
    """
    first, last = days
    name = f"{first}/{last}"
    newest = max(last, newest_done(settings.warehouse.path) or last)
    done = _done(settings, name)
    for ago in range((last - first).days, -1, -1):
        day = last - timedelta(days=ago)
        if day < newest and day not in done:
            night = plan_night(config, settings, day, now())
            _run(replace(night, is_published=False, backfill=name), steps)
    night = plan_night(config, settings, newest, now())
    _run(replace(night, scored_from=first, backfill=f"{name} end"), steps)


def _run(night: Night, steps: Run) -> None:
    with recorded(night):
        tell("backfill", {"night": night.as_of, "of": night.backfill})
        steps(night)


def _done(settings: Settings, name: str) -> set[date]:
    """Return the nights that this back-fill has done, since it last came to its end, by this version of the program."""
    if newest_done(settings.warehouse.path) is None:
        return set()
    with open_warehouse(settings.warehouse.path) as con:
        columns = con.execute("select column_name from duckdb_columns() where table_name = 'night'").fetchall()
        if ("backfill",) not in columns:  # of an older version: the first night brings it forward
            return set()
        rows = run(con, load_sql("state/backfilled"), {"name": name, "version": version("plimsoll")}).fetchall()
    return {day for (day,) in rows}
