"""`plimsoll watch`: is the night that was due published? Run it by cron, from another machine if that sees the files.

A night that never began, hangs, or was killed cannot tell of itself. Readers' own file is the evidence: what is not in
the published snapshot has not happened for them.
"""

from datetime import datetime, timedelta

import duckdb
from filelock import FileLock, Timeout

from flows.notices.notify import notify
from flows.notices.told import keep_told, tell_over, told_about
from flows.schedule.catch_up import newest_done
from flows.schedule.due import due_before
from flows.settings import Settings

KEY = "late"


def watch(settings: Settings, now: datetime) -> tuple[bool, str]:
    """Return whether the night that should be published by now is, and a line that says so; late ones are told once."""
    due = due_before(settings.schedule, now - timedelta(hours=settings.schedule.late_after_hours))
    wanted = min(due.date(), settings.as_of) if settings.as_of else due.date()
    newest = newest_done(settings.publish.dir / "snapshot.duckdb")
    if newest is not None and newest >= wanted:
        line = f"the night of {newest} is published"
        tell_over(settings, KEY, f"plimsoll: {line}", "it was late")
        return True, line
    line = (
        f"the night of {wanted} was due at {due:%Y-%m-%d %H:%M} UTC and is late: "
        f"{_doing(settings)}; readers see {f'the night of {newest}' if newest else 'nothing yet'}"
    )
    title = f"plimsoll: the night of {wanted} is late"
    if told_about(settings, KEY) != {"night": str(wanted)} and notify(settings.notify, title, line):
        keep_told(settings, KEY, {"night": str(wanted)})
    return False, line


def _doing(settings: Settings) -> str:
    """Say what can be seen of the night from outside: the lock is held for as long as one runs."""
    lock = settings.warehouse.path.with_suffix(".lock")
    if not lock.exists():
        return "none has ever run here"
    try:
        with FileLock(lock, timeout=0), duckdb.connect(str(settings.warehouse.path), read_only=True) as con:
            ended = con.execute(
                "select as_of, if(state = 'running', 'killed', state), coalesce(': ' || message, '') "
                "from night order by started_at desc limit 1"
            ).fetchall()
    except Timeout:
        return "one is running"
    except duckdb.Error:
        return "none is running, and the warehouse cannot be opened: plimsoll doctor says why"
    return "none is running; " + ", ".join(f"that of {as_of} was the last: {how}{why}" for as_of, how, why in ended)
