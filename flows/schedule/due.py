"""When nights are due, and which were missed: arithmetic of moments (naive UTC), without a clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim

from flows.settings import Schedule


def due_after(schedule: Schedule, moment: datetime) -> datetime:
    """Return the first moment after `moment` at which a night is due; what a clock's change leaves out is due after."""
    return _utc(next(CronSim(schedule.cron, _local(schedule, moment))))


def due_before(schedule: Schedule, moment: datetime) -> datetime:
    """Return the last moment at or before `moment` at which a night was due."""
    return _utc(next(CronSim(schedule.cron, _local(schedule, moment + timedelta(minutes=1)), reverse=True)))


def missed(schedule: Schedule, newest: date | None, as_of: date) -> list[date]:
    """Return the nights that were due after the one of `newest` and before that of `as_of`, oldest first.

    Where no night has ever been, none was missed; further back than `catch_up_days` none is caught up.
    """
    if newest is None:
        return []
    first = max(newest + timedelta(days=1), as_of - timedelta(days=schedule.catch_up_days))
    start = datetime(first.year, first.month, first.day) - timedelta(minutes=1)
    due = (_utc(moment) for moment in CronSim(schedule.cron, _local(schedule, start)))
    days = (moment.date() for moment in due)
    return sorted(set(takewhile(lambda day: day < as_of, days)))


def _local(schedule: Schedule, moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(schedule.timezone))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
