"""A night says how it ended, however it ended: in its row, its log, a notice; the lock is free afterwards."""

import json
import logging
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from data.errors import DiskFull, InputError, NightRunning
from flows.night import PUBLISH, Call, run_night
from flows.only_one import only_one
from flows.record import end_night, plan_night, recorded
from flows.schedule.catch_up import catch_up, newest_done
from flows.schedule.watch import watch
from flows.settings import read_settings
from tests.flows.conftest import PLIMSOLL, plimsoll

pytestmark = pytest.mark.xdist_group("night")
AS_OF = date(2026, 11, 20)


def telling(config: Path) -> Path:
    """Let the nights of a configuration send notices and a heartbeat."""
    with config.open("a", encoding="utf-8") as file:
        file.write('\n[notify]\nurls_env = "NOTICES"\nheartbeat_env = "HEARTBEAT"\ndigest = "never"\n')
    return config


@pytest.fixture
def night(fresh_estate, receiver, monkeypatch):
    monkeypatch.setenv("NOTICES", receiver.apprise)
    monkeypatch.setenv("HEARTBEAT", f"{receiver.url}/beat")
    config = telling(fresh_estate)
    return plan_night(config, read_settings(config), AS_OF, datetime(2026, 11, 20, 2))


def rows(config: Path) -> list[tuple[str, str | None]]:
    with duckdb.connect(str(config.parent / ".run/plimsoll.duckdb"), read_only=True) as con:
        return con.execute("select state, message from night order by started_at, run_id").fetchall()


def events(config: Path) -> list[dict[str, object]]:
    log = config.parent / f".run/logs/{AS_OF}.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_night_that_is_done_calls_the_heartbeat_and_tells_nobody(night, receiver):
    with recorded(night):
        end_night(night, "done")
    assert rows(night.config) == [("done", None)]
    assert receiver.paths == ["/beat"]


def test_a_heartbeat_that_fails_is_logged_without_its_address_and_fails_no_night(night, receiver, monkeypatch):
    monkeypatch.setenv("HEARTBEAT", f"{receiver.url}/ping/hidden-uuid-1234")
    receiver.status = 500
    with recorded(night):
        end_night(night, "done")
    assert receiver.paths == ["/ping/hidden-uuid-1234"] * 3
    assert [event["event"] for event in events(night.config)] == ["heartbeat"]
    assert "hidden-uuid" not in json.dumps(events(night.config))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (InputError("no source"), "failed"),
        (ZeroDivisionError("nobody foresaw it"), "failed"),
        (KeyboardInterrupt(), "killed"),
        (SystemExit(143), "killed"),
    ],
)
def test_a_night_that_ends_badly_says_so_everywhere_and_frees_the_lock(night, receiver, error, state):
    with pytest.raises(type(error)), recorded(night):
        raise error
    assert [found for found, _ in rows(night.config)] == [state]
    assert [event["event"] for event in events(night.config)] == [state]
    assert len(receiver.titles) == 1
    assert "/beat" not in receiver.paths
    with only_one(night.settings.warehouse.path):
        pass


def test_a_night_that_was_killed_is_told_by_the_next(night, receiver):
    with recorded(night):
        pass  # as kill -9 leaves it: the row says running
    again = plan_night(night.config, night.settings, AS_OF, datetime(2026, 11, 20, 3))
    with recorded(again):
        end_night(again, "done")
    assert [state for state, _ in rows(night.config)] == ["killed", "done"]
    assert receiver.titles == ["plimsoll: the night of 2026-11-20 that began at 2026-11-20 02:00 UTC was killed"]


def test_a_warehouse_that_cannot_be_opened_is_logged_and_told(night, receiver):
    night.settings.warehouse.path.parent.mkdir(exist_ok=True)
    night.settings.warehouse.path.write_bytes(b"this is no database, it is only text" * 1000)
    with pytest.raises(Exception, match=r"plimsoll\.duckdb"), recorded(night):
        pass
    assert {event["event"] for event in events(night.config)} == {"failed"}
    assert len(receiver.titles) == 1


def test_a_night_without_room_for_a_release_or_even_a_row_is_not_done(night, receiver, monkeypatch):
    def no_room(*_: object) -> None:
        raise duckdb.IOException("could not write: No space left on device")

    def publish_fails(calls: Sequence[Call]) -> list[object]:
        if calls[0][0] is PUBLISH:
            monkeypatch.setattr("flows.record.end_night", no_room)  # nor is there any when it says how it ended
            raise DiskFull("/srv: the disk is full")
        return [True] * len(calls)

    with pytest.raises(DiskFull), recorded(night):
        run_night(night, publish_fails)
    assert rows(night.config) == [("running", None)]
    assert newest_done(night.settings.warehouse.path) is None
    assert "/beat" not in receiver.paths


def test_a_second_night_is_refused_at_once(night, monkeypatch):
    def waits(_: float) -> None:
        raise AssertionError("it waits")

    with only_one(night.settings.warehouse.path):
        monkeypatch.setattr(time, "sleep", waits)
        with pytest.raises(NightRunning), recorded(night):
            pass
        night.settings.warehouse.path.touch()
        with pytest.raises(NightRunning):
            catch_up(night.config, night.settings, AS_OF, lambda: night.started_at, lambda _: None)


def test_a_second_night_is_refused_and_leaves_no_trace_in_the_first_ones_record(night):
    with recorded(night), pytest.raises(NightRunning), recorded(night):
        pass
    assert len(rows(night.config)) == 1


def test_a_prefect_server_that_is_not_there_is_one_line_a_log_a_notice_and_a_failed_row(fresh_estate, receiver):
    done = plimsoll(
        "night",
        "--config",
        telling(fresh_estate),
        NOTICES=receiver.apprise,
        HEARTBEAT=f"{receiver.url}/beat",
        PREFECT_API_URL="http://127.0.0.1:9/api",
    )
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("plimsoll: ")]
    assert lines == [lines[0]]
    assert "PREFECT_API_URL: http://127.0.0.1:9/api does not answer" in lines[0]
    assert "Traceback" not in done.stderr
    assert [state for state, _ in rows(fresh_estate)] == ["failed"]
    assert "failed" in [event["event"] for event in events(fresh_estate)]
    assert receiver.titles == ["plimsoll: the night of 2026-11-20 failed"]


def test_a_night_whose_catalog_cannot_be_read_is_told(fresh_estate, receiver):
    (fresh_estate.parent / "services.toml").write_text("[checkout]\ntier = 9\n", encoding="utf-8")
    done = plimsoll("night", "--config", telling(fresh_estate), NOTICES=receiver.apprise)
    assert done.returncode == 2
    assert receiver.titles == ["plimsoll: the night could not begin"]


def test_an_empty_address_of_a_server_is_none(fresh_estate):
    (fresh_estate.parent / "services.toml").unlink()
    done = plimsoll("serve", "--config", fresh_estate, PREFECT_API_URL="")
    assert done.returncode == 2
    done = plimsoll("serve", "--config", fresh_estate, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_a_night_that_is_told_to_stop_says_so_within_seconds(fresh_estate, receiver, runner):
    with telling(fresh_estate).open("a", encoding="utf-8") as file:
        file.write(f'[compute]\nrunner = "{runner}"\n')
    log = fresh_estate.parent / f".run/logs/{AS_OF}.jsonl"
    with subprocess.Popen(
        [*PLIMSOLL, "night", "--config", str(fresh_estate)],
        env={**os.environ, "NOTICES": receiver.apprise, "HEARTBEAT": f"{receiver.url}/beat"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 500
        while not (log.exists() and '"check"' in log.read_text(encoding="utf-8")):  # it is now fitting
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    assert rows(fresh_estate) == [("killed", "stopped by SIGTERM")]
    assert events(fresh_estate)[-1]["event"] == "killed"
    assert receiver.titles == ["plimsoll: the night of 2026-11-20 was stopped"]
    with only_one(fresh_estate.parent / ".run/plimsoll.duckdb"):
        pass


def test_watch_tells_a_late_night_once_and_that_it_came(night, receiver):
    settings = night.settings.model_copy(update={"as_of": None})
    morning = datetime(2026, 11, 20, 6)
    assert watch(settings, datetime(2026, 11, 20, 4)) == watch(settings, datetime(2026, 11, 20, 4, 30))
    is_well, line = watch(settings, morning)
    assert not is_well
    assert "the night of 2026-11-20 was due at 2026-11-20 02:00 UTC and is late" in line
    watch(settings, morning)
    folder = settings.publish.dir
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "snapshot.duckdb")) as con:
        con.execute("create table night as select date '2026-11-20' as as_of, 'done' as state")
    assert watch(settings, morning) == (True, "the night of 2026-11-20 is published")
    assert watch(settings, morning)[0]
    assert receiver.titles == [
        "plimsoll: the night of 2026-11-19 is late",
        "plimsoll: the night of 2026-11-20 is late",
        "plimsoll: the night of 2026-11-20 is published",
    ]
    assert not watch(settings, datetime(2026, 11, 21, 6))[0]


def test_watch_says_what_became_of_the_last_night(night):
    with pytest.raises(InputError), recorded(night):
        raise InputError("the disk is gone")
    _, line = watch(night.settings, datetime(2026, 11, 21, 6))
    assert "none is running; that of 2026-11-20 was the last: failed: the disk is gone" in line
    with recorded(plan_night(night.config, night.settings, AS_OF, datetime(2026, 11, 20, 3))):
        assert "one is running" in watch(night.settings, datetime(2026, 11, 21, 6))[1]


def test_watch_exits_1_where_the_night_is_late(fresh_estate):
    done = plimsoll("watch", "--config", fresh_estate)
    assert done.returncode == 1
    assert "is late" in done.stdout


def test_a_log_that_has_no_room_does_not_hide_what_failed(night, receiver, monkeypatch):
    def no_room(_handler: logging.Handler) -> None:  # as a disk that is full when the file is closed
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(logging.FileHandler, "flush", no_room)
    with pytest.raises(DiskFull, match="no room"), recorded(night):
        raise DiskFull("no room for a release")
    assert rows(night.config) == [("failed", "no room for a release")]
    assert receiver.titles == ["plimsoll: the night of 2026-11-20 failed"]
