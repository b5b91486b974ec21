"""Nights that are killed at any moment: what readers see meanwhile, and what the next night makes of it.

    python -m tests.chaos.kills [KILLS] [SEED]

Two nights run undisturbed on one copy of a small estate. On another copy the second night is begun and killed (SIGKILL)
at moments drawn over its whole length, publishing included; after each kill readers must have a whole release. Then it
runs undisturbed: every table must equal the first copy's. Prints what was seen; exit 1 where a promise is broken.
"""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from data.snapshot import KEPT_RELEASES
from flows.commands.demo import DEMO_AS_OF, SAMPLES, make_estate
from tests.compare_warehouses import differences

NIGHTS = (DEMO_AS_OF - timedelta(days=1), DEMO_AS_OF)
SHORT = "\n[forecast]\ndaily_days = 30\nhourly_days = 2\n[forecast.engine]\nslow_series = 0\n"
PROGRAM = (sys.executable, "-c", "from flows.cli import main; main()")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Killed:
    """One kill: when, and what was left of promises (empty where all were kept)."""

    after_s: float
    was_running: bool
    broken: tuple[str, ...]


def make_copies(folder: Path) -> tuple[Path, Path]:
    """Return the configurations of two equal small estates; their files have the same times."""
    one = make_estate(folder / "one", SAMPLES[:2])
    with one.open("a", encoding="utf-8") as file:
        file.write(SHORT)
    shutil.copytree(one.parent, folder / "two", copy_function=shutil.copy2)
    return one, folder / "two" / one.name


def run_night(config: Path, as_of: date) -> float:
    """Run a night undisturbed; return its seconds."""
    started = time.monotonic()
    subprocess.run([*PROGRAM, "night", "--config", config, "--as-of", str(as_of)], check=True, **QUIET)
    return time.monotonic() - started


def kill_night(config: Path, as_of: date, after_s: float) -> Killed:
    """Begin a night, kill it and all its processes, and look at what readers have."""
    command = [*PROGRAM, "night", "--config", str(config), "--as-of", str(as_of)]
    with subprocess.Popen(command, start_new_session=True, **QUIET) as night:
        with contextlib.suppress(subprocess.TimeoutExpired):
            night.wait(after_s)
        was_running = night.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(night.pid, signal.SIGKILL)
    return Killed(after_s, was_running, tuple(broken_promises(config.parent / ".run/published")))


def broken_promises(published: Path) -> list[str]:
    """Return what of a published folder is not whole: nothing, where readers have a complete release."""
    broken = []
    current = published / "current"
    if not current.is_symlink() or not current.resolve().is_dir():
        return ["no release is in front of the readers"]
    missing = [name for name in ("snapshot.duckdb", "parquet", "site/index.html") if not (published / name).exists()]
    broken += [f"{name} is missing" for name in missing]
    with duckdb.connect(str(published / "snapshot.duckdb"), read_only=True) as con:
        state = con.execute("select state from night order by started_at desc limit 1").fetchall()
        tables = con.execute("select count(*) from duckdb_tables() where not internal").fetchall()[0][0]
        services = con.execute("select count(*) from service").fetchall()[0][0]
    if state != [("done",)]:
        broken.append(f"the snapshot's newest night is {state}")
    if len(list((published / "parquet").glob("*.parquet"))) != tables:
        broken.append("parquet does not hold every table")
    if len(list((published / "site/services").glob("*.html"))) < services:
        broken.append("a service has no page")
    return broken


def kill_nights(folder: Path, kills: int, seed: int) -> tuple[list[Killed], list[str]]:
    """Return each kill, and what the night after them leaves different from one that was never disturbed."""
    one, two = make_copies(folder)
    for as_of in NIGHTS:
        seconds = run_night(one, as_of)
    run_night(two, NIGHTS[0])
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    # Evenly over the night, each within its own stretch: no part of it is left out by luck.
    moments = [(k + draw.random()) / kills * seconds for k in range(kills)]
    draw.shuffle(moments)
    killed = [kill_night(two, NIGHTS[1], moment) for moment in moments]
    run_night(two, NIGHTS[1])
    left = list(differences(one.parent / ".run/plimsoll.duckdb", two.parent / ".run/plimsoll.duckdb"))
    releases = list((two.parent / ".run/published/releases").iterdir())
    if len(releases) > KEPT_RELEASES:
        left.append(f"{len(releases)} releases are kept, want at most {KEPT_RELEASES}")
    return killed, left


def main(kills: int, seed: int) -> int:
    """Kill, print, and tell whether every promise was kept."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-kills-") as folder:
        killed, left = kill_nights(Path(folder), kills, seed)
    broken = [one for one in killed if one.broken]
    print("| killed | while running | readers without a whole release | tables that differ afterwards |")
    print("|---|---|---|---|")
    print(f"| {len(killed)} | {sum(one.was_running for one in killed)} | {len(broken)} | {len(left)} |")
    for one in broken:
        print(f"after {one.after_s:.1f} s: {'; '.join(one.broken)}")
    print(*left, sep="\n")
    return 1 if broken or left else 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*[*numbers, *(60, 20261120)[len(numbers) :]]))
