"""Nights in the past, oldest first; what readers see changes once, at the end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from flows.catch_up import newest_done
from flows.record import Night, plan_night, recorded
from flows.settings import Settings


def backfill(  # noqa: PLR0913, PLR0917 - whose nights, which, and how they run
    config: Path,
    settings: Settings,
    first: date,
    last: date,
    now: Callable[[], datetime],
    run: Callable[[Night], object],
) -> None:
    """Run the nights from `first` to `last`, both included.

    The newest night of all is run again at the end, so that the tables that have no night of their own (cost, unit
    cost, scores) and the pages are those of today.
    """
    newest = max(last, newest_done(settings.warehouse.path) or last)
    for ago in range((last - first).days, -1, -1):
        day = last - timedelta(days=ago)
        if day < newest:
            _run(replace(plan_night(config, settings, day, now()), is_published=False), run)
    _run(replace(plan_night(config, settings, newest, now()), scored_from=first), run)


def _run(night: Night, run: Callable[[Night], object]) -> None:
    with recorded(night):
        run(night)
