"""The ways in which a night is disturbed: each begins one, does it harm, and returns how it ended."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

PROGRAM = "from flows.cli import main; main()"
# Each reading of the clock is a day and two hours before the one before it.
CLOCK_BACK = f"""
from datetime import timedelta
from itertools import count
from flows import clock
read, readings = clock.now_utc, count()
clock.now_utc = lambda: read() - next(readings) * timedelta(hours=26)
{PROGRAM}
"""
STOPPED = 128 + signal.SIGTERM
HANGS_S = 600  # a small night takes ten
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Ended:
    """How a disturbed night ended: whether it was cut short, and what is wrong with how it said so (empty: nothing)."""

    is_cut: bool
    wrong: str = ""


Disturb = Callable[[Path, date], Ended]  # of the configuration's night


def command(config: Path, as_of: date, program: str = PROGRAM) -> list[str]:
    """Return the command line of a night."""
    return [sys.executable, "-c", program, "night", "--config", str(config), "--as-of", str(as_of)]


def send(number: signal.Signals, after_s: float) -> Disturb:
    """Return what sends a signal after so many seconds: SIGKILL to every process, SIGTERM to the night."""

    def disturb(config: Path, as_of: date) -> Ended:
        with subprocess.Popen(command(config, as_of), start_new_session=True, **QUIET) as night:
            with contextlib.suppress(subprocess.TimeoutExpired):
                night.wait(after_s)
            is_cut = night.poll() is None
            with contextlib.suppress(ProcessLookupError):
                (os.killpg if number == signal.SIGKILL else os.kill)(night.pid, number)
        # Until Python has come so far as to hear signals, one ends it as it ends any process.
        is_said = number == signal.SIGKILL or not is_cut or night.returncode in {0, STOPPED, -number}
        return Ended(is_cut, "" if is_said else f"exit {night.returncode}, want {STOPPED}")

    return disturb


def fill(free_bytes: int) -> Disturb:
    """Return what leaves a disk of its own so many bytes: the night's last line must say that it is full."""

    def disturb(config: Path, as_of: date) -> Ended:
        filler = config.parent / "filler"
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(shutil.disk_usage(config.parent).free - free_bytes, 1))
        night = subprocess.run(command(config, as_of), check=False, capture_output=True, text=True)
        filler.unlink()
        last = (night.stderr.strip().splitlines() or [""])[-1]
        is_said = night.returncode == 0 or "the disk is full" in last
        return Ended(night.returncode != 0, "" if is_said else f"exit {night.returncode}, last line {last!r}")

    return disturb


def squeeze(most_bytes: int) -> Disturb:
    """Return what limits the night's address space: it must say so at its start, or be done; what hangs is killed."""

    def disturb(config: Path, as_of: date) -> Ended:
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({most_bytes},) * 2); {PROGRAM}"
        begun = command(config, as_of, limit)
        night = subprocess.run(begun, check=False, capture_output=True, text=True, timeout=HANGS_S)
        last = (night.stderr.strip().splitlines() or [""])[-1]
        is_said = night.returncode == 0 or "this process may map" in last
        return Ended(night.returncode != 0, "" if is_said else f"exit {night.returncode}, last line {last!r}")

    return disturb


def set_clock_back(config: Path, as_of: date) -> Ended:
    """Run under a clock that goes back whenever it is read."""
    night = subprocess.run(command(config, as_of, CLOCK_BACK), check=False, capture_output=True, text=True)
    return Ended(night.returncode != 0, f"exit {night.returncode}: {night.stderr[-300:]}" if night.returncode else "")
