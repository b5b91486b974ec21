"""`plimsoll serve` runs nights when they are due: with a clock of ours, and on its own with and without a server."""

import os
import shutil
import signal
import subprocess
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from flows.schedule.serve import serve_nights
from tests.flows.conftest import PLIMSOLL, plimsoll

pytestmark = pytest.mark.xdist_group("prefect")


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Enough(Exception):  # noqa: N818
    """The test has seen enough."""


def begun(config: Path, clock: Clock, codes: list[int], takes: timedelta = timedelta(minutes=1)) -> list[datetime]:
    """Serve until there are no more exit codes; return the due moments whose nights were begun."""
    dues: list[datetime] = []

    def begin(_config: Path, due: datetime) -> int:
        if not codes:
            raise Enough
        dues.append(due)
        clock.moment += takes
        return codes.pop(0)

    with pytest.raises(Enough):
        serve_nights(config, clock.now, clock.sleep, begin)
    return dues


def publish_night(config: Path, *days: date) -> None:
    """Let readers see nights that are done."""
    folder = config.parent / ".run/published"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "snapshot.duckdb")) as con:
        con.execute("create table night (as_of date, state varchar)")
        con.executemany("insert into night values (?, 'done')", [(day,) for day in days])


def without_as_of(config: Path, schedule: str = "") -> Path:
    text = "\n".join(line for line in config.read_text(encoding="utf-8").splitlines() if not line.startswith("as_of"))
    config.write_text(f"{text}\n{schedule}\n", encoding="utf-8")
    return config


def test_each_night_runs_once_when_it_is_due(fresh_estate):
    clock = Clock(datetime(2026, 11, 20, 12, 0))
    assert begun(without_as_of(fresh_estate), clock, [0, 1, 0]) == [datetime(2026, 11, day, 2) for day in (21, 22, 23)]


def test_a_night_that_was_missed_while_nobody_served_runs_at_once(fresh_estate):
    publish_night(without_as_of(fresh_estate), date(2026, 11, 17))
    clock = Clock(datetime(2026, 11, 20, 12, 0))
    assert begun(fresh_estate, clock, [0, 0]) == [datetime(2026, 11, 20, 2), datetime(2026, 11, 21, 2)]


def test_a_night_that_is_done_is_not_run_again_at_start(fresh_estate):
    publish_night(without_as_of(fresh_estate), date(2026, 11, 20))
    assert begun(fresh_estate, Clock(datetime(2026, 11, 20, 12, 0)), [0]) == [datetime(2026, 11, 21, 2)]


def test_nights_that_fall_due_while_a_long_one_runs_are_one(fresh_estate):
    clock = Clock(datetime(2026, 11, 20, 12, 0))
    dues = begun(without_as_of(fresh_estate), clock, [0, 0, 0], takes=timedelta(hours=50))
    assert dues == [datetime(2026, 11, day, 2) for day in (21, 23, 25)]


def test_a_changed_schedule_counts_from_the_next_night_on(fresh_estate):
    clock = Clock(datetime(2026, 11, 20, 12, 0))
    without_as_of(fresh_estate)
    text = fresh_estate.read_text(encoding="utf-8")
    dues: list[datetime] = []

    def begin(config: Path, due: datetime) -> int:
        dues.append(due)
        config.write_text(
            text + '[schedule]\ncron = "15 5 * * *"\n' if len(dues) == 1 else "no [toml", encoding="utf-8"
        )
        if len(dues) == 3:  # the last schedule that could be read holds
            raise Enough
        return 0

    with pytest.raises(Enough):
        serve_nights(fresh_estate, clock.now, clock.sleep, begin)
    assert dues == [datetime(2026, 11, 21, 2), datetime(2026, 11, 21, 5, 15), datetime(2026, 11, 22, 5, 15)]


def test_a_configuration_that_broke_since_and_a_night_that_was_killed_are_told(fresh_estate, receiver, monkeypatch):
    monkeypatch.setenv("NOTICES", receiver.apprise)
    without_as_of(fresh_estate, '[notify]\nurls_env = "NOTICES"\n')
    clock, dues = Clock(datetime(2026, 11, 20, 12, 0)), []

    def begin(config: Path, due: datetime) -> int:
        dues.append(due)
        if len(dues) == 4:
            raise Enough
        config.write_text("no [toml", encoding="utf-8")
        return -9 if len(dues) == 1 else 2

    with pytest.raises(Enough):
        serve_nights(fresh_estate, clock.now, clock.sleep, begin)
    assert receiver.titles == [
        "plimsoll: the night that was due at 2026-11-21 02:00 UTC was killed",
        "plimsoll: the night could not begin",
    ]


def test_missed_nights_are_caught_up_oldest_first_by_the_night_that_is_due(fresh_estate, server):
    without_as_of(fresh_estate)
    assert plimsoll("night", "--config", fresh_estate, "--as-of", "2026-11-16").returncode == 0
    done = plimsoll("night", "--config", fresh_estate, "--due", "2026-11-19", PREFECT_API_URL=server)
    assert done.returncode == 0, done.stderr
    assert nights(fresh_estate) == [(date(2026, 11, day), "done") for day in (16, 17, 18, 19)]
    with duckdb.connect(str(fresh_estate.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        made = con.execute("select distinct made_on from forecast where origin = 'live' order by all").fetchall()
    assert made == [(date(2026, 11, day),) for day in (16, 17, 18, 19)]


def nights(config: Path) -> list[tuple[date, str]]:
    snapshot = config.parent / ".run/published/snapshot.duckdb"
    if not snapshot.exists():
        return []
    with duckdb.connect(str(snapshot), read_only=True) as con:
        return con.execute("select as_of, state from night order by started_at").fetchall()


def test_serve_runs_two_due_nights_on_its_own_with_and_without_a_server(small_estate, server, tmp_path):
    """Both side by side: most of it is waiting for the minute."""
    served = {}
    for name, environment in (("alone", {}), ("server", {"PREFECT_API_URL": server})):
        config = tmp_path / name / "plimsoll.toml"
        copy_estate(small_estate, config.parent)
        with config.open("a", encoding="utf-8") as file:
            file.write('\n[schedule]\ncron = "* * * * *"\n')
        served[config] = subprocess.Popen(
            [*PLIMSOLL, "serve", "--config", str(config)],
            env={**without_server(), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    try:
        deadline = time.monotonic() + 400
        while not all(len(nights(config)) >= 2 for config in served):
            assert time.monotonic() < deadline, [nights(config) for config in served]
            assert all(process.poll() is None for process in served.values())
            time.sleep(1)
    finally:
        for process in served.values():
            process.send_signal(signal.SIGTERM)
    codes = [process.wait(90) for process in served.values()]
    for config in served:
        assert {state for _, state in nights(config)[:2]} == {"done"}
        assert len(list((config.parent / ".run/published/releases").iterdir())) >= 2
    assert codes[0] == 143


def copy_estate(estate: Path, folder: Path) -> None:
    shutil.copytree(estate.parent, folder, ignore=shutil.ignore_patterns(".run"))


def without_server() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
