"""The night against a real Prefect server, and on every runner."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb
import pytest
from prefect.exceptions import ParameterTypeError

from tests.flows.conftest import PLIMSOLL, ask, plimsoll
from tests.flows.test_night import tables

pytestmark = pytest.mark.xdist_group("prefect")
T = TypeVar("T")


def test_a_night_against_a_real_server_leaves_its_run_tasks_and_figures_there(fresh_estate, server):
    done = plimsoll("night", "--config", fresh_estate, PREFECT_API_URL=server)
    assert done.returncode == 0, done.stderr
    run = newest_run(server)
    assert (run["name"] != "", run["state_type"]) == (True, "COMPLETED")
    its_own = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    tasks = ask(server, "task_runs/filter", {"limit": 200, **its_own})
    names = {task["name"].rsplit("-", 1)[0] for task in tasks}
    assert {"ingest load", "ingest bills", "build", "forecast", "score", "decide", "publish"} <= names
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    artifacts = ask(server, "artifacts/filter", its_own)
    assert [artifact["key"] for artifact in artifacts] == ["night"]
    assert "series forecast" in str(artifacts[0]["data"])
    assert not (fresh_estate.parent / ".run/prefect").exists(), "with a server, no state of Prefect's own"


def test_a_failed_night_is_a_failed_run(fresh_estate, server):
    shutil.rmtree(fresh_estate.parent / "billing")
    shutil.rmtree(fresh_estate.parent / "utilization")
    assert plimsoll("night", "--config", fresh_estate, PREFECT_API_URL=server).returncode == 2
    assert newest_run(server)["state_type"] == "FAILED"


def test_serve_registers_the_schedule_and_runs_a_night_when_one_is_due(fresh_estate, server):
    with fresh_estate.open("a", encoding="utf-8") as file:
        file.write('[schedule]\ncron = "30 3 * * *"\ntimezone = "Europe/Berlin"\n')
    environment = {**os.environ, "PREFECT_API_URL": server}
    with subprocess.Popen(
        [*PLIMSOLL, "serve", "--config", str(fresh_estate)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            (deployment,) = wait_for(lambda: ask(server, "deployments/filter", {}))
            schedule = deployment["schedules"][0]["schedule"]
            assert (schedule["cron"], schedule["timezone"]) == ("30 3 * * *", "Europe/Berlin")
            asked = {"parameters": {"as_of": "2026-11-19"}}
            run = ask(server, f"deployments/{deployment['id']}/create_flow_run", asked)
            ended = wait_for(lambda: state_of(server, run["id"]) in {"COMPLETED", "FAILED", "CRASHED"})
            assert ended
            assert state_of(server, run["id"]) == "COMPLETED"
        finally:
            process.terminate()
    with duckdb.connect(str(fresh_estate.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        assert con.execute("select as_of, state from night").fetchall() == [(date(2026, 11, 19), "done")]


@pytest.mark.parametrize("as_of", ["yesterday", 7, "2026-13-01"])
def test_a_day_that_is_none_is_refused_by_name(as_of):
    from flows.nightly import nightly  # noqa: PLC0415 - Prefect is slow to import

    with pytest.raises(ParameterTypeError, match="as_of"):
        nightly.validate_parameters({"config": "plimsoll.toml", "as_of": as_of})
    assert nightly.validate_parameters({"config": "x", "as_of": "2026-11-19"})["as_of"] == date(2026, 11, 19)


def newest_run(server: str) -> dict[str, str]:
    newest = {"sort": "START_TIME_DESC", "limit": 1}
    return ask(server, "flow_runs/filter", newest)[0]


def state_of(server: str, run: str) -> str:
    return str(ask(server, f"flow_runs/{run}")["state_type"])


def wait_for(found: Callable[[], T], seconds: float = 500) -> T:
    """Return what `found` gives once it gives something."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < deadline
        time.sleep(0.5)
    return result


@pytest.fixture(scope="module")
def by_threads(small_estate: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    return tables(night_on("threads", small_estate, tmp_path_factory.mktemp("threads")))


@pytest.mark.parametrize("runner", ["processes", "dask", "ray"])
def test_every_runner_gives_equal_tables(runner: str, small_estate, by_threads, tmp_path):
    found = tables(night_on(runner, small_estate, tmp_path))
    for name, rows in by_threads.items():
        if name not in {"billing_load", "utilization_file"}:  # they have the time of the load, and the estate's folder
            assert found[name] == rows, name


def night_on(runner: str, estate: Path, folder: Path) -> Path:
    """Run the night in small chunks on a runner and return the snapshot."""
    shutil.copytree(estate.parent, folder / "estate", ignore=shutil.ignore_patterns(".run"))
    config = folder / "estate/plimsoll.toml"
    with config.open("a", encoding="utf-8") as file:
        file.write(f'\n[compute]\nrunner = "{runner}"\nworkers = 2\nchunk_series = 2\n')
    done = plimsoll("night", "--config", config, timeout=400)
    assert done.returncode == 0, done.stderr
    assert f"runner={runner}" in done.stderr
    return config.parent / ".run/published/snapshot.duckdb"
