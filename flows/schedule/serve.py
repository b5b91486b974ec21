"""`plimsoll serve` without a Prefect server: wait until a night is due, run it as a process of its own, wait again.

A loop of our own, because the temporary server that Prefect starts runs no scheduler. A night in a process of its own
may be killed, leak or crash, and the next one runs all the same; its record is that of any other night.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from data.errors import ConfigError
from flows.notices.notify import notify
from flows.progress import reporting, tell
from flows.record import tell_unbegun
from flows.schedule.catch_up import newest_done
from flows.schedule.due import due_after, due_before
from flows.settings import Settings, read_settings

LOOK_S = 20.0  # the clock is looked at so often: it may be set, and the machine may have slept
STOP_S = 60.0  # a night that is told to stop has so long to say so
EXPLAINED = (0, 1, 2, 3, 143)  # exit codes of a night that has told what happened itself
Sleep = Callable[[float], object]
Begin = Callable[[Path, datetime], int]  # the night of a configuration that was due; returns its exit code


def serve_nights(config: Path, now: Callable[[], datetime], sleep: Sleep, begin: Begin) -> NoReturn:
    """Run each night when it is due, and at once where the last was missed. A night runs the missed ones before it."""
    settings = read_settings(config)
    due = first_due(settings, now())
    log_file = settings.warehouse.path.parent / "logs" / "serve.jsonl"
    with reporting(log_file):
        while True:
            tell("waiting", {"due_utc": due})
            while (left := (due - now()).total_seconds()) > 0:
                sleep(min(left, LOOK_S))
            code = begin(config, due)
            tell("night", {"due_utc": due, "exit": code}, level=logging.INFO if code == 0 else logging.ERROR)
            if code not in EXPLAINED:
                text = f"plimsoll: the night that was due at {due:%Y-%m-%d %H:%M} UTC was killed"
                notify(settings.notify, text, f"its process ended with {code}; the next night tries again")
            settings = _read_again(config, settings)
            due = max(due_after(settings.schedule, due), due_before(settings.schedule, now()))


def first_due(settings: Settings, now: datetime) -> datetime:
    """Return when the first night is to run: at the last due moment, if that was missed; else at the next."""
    last = due_before(settings.schedule, now)
    newest = newest_done(settings.publish.dir / "snapshot.duckdb")
    is_missed = settings.as_of is None and newest is not None and newest < last.date()
    return last if is_missed else due_after(settings.schedule, now)


def begin_night(config: Path, due: datetime) -> int:
    """Run the night that was due as a process of its own; it is stopped with this one."""
    command = [sys.executable, "-m", "flows", "night", "--config", str(config), "--due", f"{due:%Y-%m-%d}"]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own command line
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
            raise


def _read_again(config: Path, settings: Settings) -> Settings:
    """Return the configuration as it is now, or as it was while it cannot be read: the night says why itself."""
    try:
        return read_settings(config)
    except ConfigError as error:
        tell("configuration", {"error": error}, level=logging.WARNING)
        tell_unbegun(settings, error)
        return settings
