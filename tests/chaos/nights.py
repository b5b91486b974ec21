"""Nights that are disturbed in every way a machine knows: what readers see meanwhile, what the next night makes of it.

    python -m tests.chaos.nights [SEED]

Two nights run undisturbed on one copy of a small estate. On another copy the second night is begun again and again and
each time disturbed; after it readers must have a whole release. Then it runs undisturbed: every table must equal the
first copy's. Prints what was seen; exit 1 where a promise is broken. The disk that fills is a tmpfs: where none may be
mounted, none is filled.
"""

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from data.snapshot import KEPT_RELEASES
from flows.commands.demo import DEMO_AS_OF, SAMPLES, make_estate
from tests.chaos.disturb import QUIET, Disturb, command, fill, send, set_clock_back, squeeze
from tests.compare_warehouses import differences

NIGHTS = (DEMO_AS_OF - timedelta(days=1), DEMO_AS_OF)
SHORT = "\n[forecast]\ndaily_days = 30\nhourly_days = 2\n[forecast.engine]\nslow_series = 0\n"
MIB = 1 << 20
KILLS, STOPS, FULL_MIB, MEMORY_MIB = 60, 20, (0, 1, 4, 8, 12, 16, 24, 32, 48, 64), (400, 1200, 2000, 4000, 6000)

Ways = Callable[[float, random.Random], Mapping[str, Sequence[Disturb]]]  # for nights of so many seconds


@dataclass(frozen=True)
class Disturbed:
    """A night that was disturbed: in which way, whether it was cut short, which promises were broken."""

    way: str
    is_cut: bool
    broken: tuple[str, ...]


def every_way(seconds: float, draw: random.Random) -> dict[str, list[Disturb]]:
    """Return what `make chaos` does to nights of so many seconds."""
    return {
        "killed (SIGKILL)": [send(signal.SIGKILL, after) for after in moments(KILLS, seconds, draw)],
        "told to stop (SIGTERM)": [send(signal.SIGTERM, after) for after in moments(STOPS, seconds, draw)],
        "disk full": [fill(free * MIB) for free in FULL_MIB],
        "little memory": [squeeze(most * MIB) for most in MEMORY_MIB],
        "clock set back": [set_clock_back],
    }


def moments(count: int, seconds: float, draw: random.Random) -> list[float]:
    """Return moments over the whole night, one in each stretch of it, so that luck leaves no part of it out."""
    found = [(k + draw.random()) / count * seconds for k in range(count)]
    draw.shuffle(found)
    return found


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a disk of its own at the folder; yield whether that could be."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, check=False, **QUIET).returncode == 0
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_copies(one: Path, two: Path) -> tuple[Path, Path]:
    """Return the configurations of two equal small estates; their files have the same times."""
    config = make_estate(one / "estate", SAMPLES[:2])
    with config.open("a", encoding="utf-8") as file:
        file.write(SHORT)
    shutil.copytree(config.parent, two / "estate", copy_function=shutil.copy2)
    return config, two / "estate" / config.name


def run_night(config: Path, as_of: date) -> float:
    """Run a night undisturbed; return its seconds."""
    started = time.monotonic()
    subprocess.run(command(config, as_of), check=True, **QUIET)
    return time.monotonic() - started


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


def disturb_nights(folder: Path, seed: int, ways: Ways = every_way) -> tuple[list[Disturbed], list[str]]:
    """Return each disturbed night, and what the one after them leaves different from one that never was."""
    with small_disk(folder / "disk") as can_be_full:
        one, two = make_copies(folder, folder / "disk")
        for as_of in NIGHTS:
            seconds = run_night(one, as_of)
        run_night(two, NIGHTS[0])
        seen = []
        for way, disturbances in ways(seconds, random.Random(seed)).items():  # noqa: S311 - moments, not secrets
            for disturb in disturbances if can_be_full or way != "disk full" else ():
                ended = disturb(two, NIGHTS[1])
                broken = [*broken_promises(two.parent / ".run/published"), *filter(None, [ended.wrong])]
                seen.append(Disturbed(way, ended.is_cut, tuple(broken)))
        run_night(two, NIGHTS[1])
        left = list(differences(one.parent / ".run/plimsoll.duckdb", two.parent / ".run/plimsoll.duckdb"))
        releases = list((two.parent / ".run/published/releases").iterdir())
    if len(releases) > KEPT_RELEASES:
        left.append(f"{len(releases)} releases are kept, want at most {KEPT_RELEASES}")
    return seen, left


def main(seed: int) -> int:
    """Disturb, print, and tell whether every promise was kept."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-chaos-") as folder:
        seen, left = disturb_nights(Path(folder), seed)
    print("| a night is | times | cut short by it | readers without a whole release, or no word |")
    print("|---|---|---|---|")
    for way in dict.fromkeys(one.way for one in seen):
        of_it = [one for one in seen if one.way == way]
        broken = sum(bool(one.broken) for one in of_it)
        print(f"| {way} | {len(of_it)} | {sum(one.is_cut for one in of_it)} | {broken} |")
    print(f"\ntables that differ from an undisturbed night's afterwards: {len(left)}")
    for one in seen:
        for promise in one.broken:
            print(f"{one.way}: {promise}")
    print(*left, sep="\n")
    return 1 if left or any(one.broken for one in seen) else 0


if __name__ == "__main__":
    sys.exit(main(*[int(text) for text in sys.argv[1:]] or [20261120]))
