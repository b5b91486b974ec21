"""prefect.yaml on a real server: the schedule fires in a worker, a retry shows, a cancel ends cleanly."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.only_one import only_one
from tests.flows.conftest import ask
from tests.flows.test_prefect import state_of, wait_for

pytestmark = pytest.mark.xdist_group("prefect")
ROOT = Path(__file__).resolve().parents[2]
RETRIED = """
import sys
from pathlib import Path
from prefect import flow
from flows.night import Step
from flows.nightly import as_tasks

def ingest(marker):
    if not Path(marker).exists():
        Path(marker).touch()
        raise OSError("the network is down at http://user:hunter2@host")
    return True

@flow(name="retried")
def retried(marker):
    return as_tasks([(Step("ingest load", ingest, retries=2), (marker,))])

assert retried(sys.argv[1]) == [True]
"""


def prefect(server: str, home: Path, *arguments: str, **environment: str) -> None:
    """Run Prefect's own command line against the server."""
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments],
        cwd=ROOT,
        env=environment_of(server, home) | environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def environment_of(server: str, home: Path) -> dict[str, str]:
    return {**os.environ, "PREFECT_API_URL": server, "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1"}


def runs(server: str, *states: str) -> list[str]:
    chosen = {"flow_runs": {"state": {"type": {"any_": list(states)}}}, "deployments": {"name": {"any_": ["nightly"]}}}
    found = ask(server, "flow_runs/filter", {**chosen, "sort": "START_TIME_DESC"})
    return [run["id"] for run in found if run["work_pool_name"] == "plimsoll"]


def night_states(config: Path) -> list[str]:
    with duckdb.connect(str(config.parent / ".run/plimsoll.duckdb"), read_only=True) as con:
        return [state for (state,) in con.execute("select state from night order by started_at").fetchall()]


def test_the_schedule_fires_in_a_worker_a_cancel_ends_cleanly_and_the_next_run_is_whole(fresh_estate, server, tmp_path):
    often = (ROOT / "prefect.yaml").read_text(encoding="utf-8").replace("cron: 0 2 * * *", 'cron: "* * * * *"')
    (tmp_path / "prefect.yaml").write_text(often, encoding="utf-8")
    slow = fresh_estate.read_text(encoding="utf-8").replace("slow_series = 0", "slow_series = 20")
    fresh_estate.write_text(slow, encoding="utf-8")  # it must be fitting still when it is cancelled
    home = tmp_path / "home"
    prefect(server, home, "work-pool", "create", "plimsoll", "--type", "process")
    deploy = ("--no-prompt", "deploy", "--all", "--prefect-file", str(tmp_path / "prefect.yaml"))
    prefect(server, home, *deploy, PLIMSOLL_CONFIG=str(fresh_estate))
    deployed = ask(server, "deployments/name/nightly/nightly")
    assert deployed["parameters"] == {"config": str(fresh_estate)}
    assert deployed["schedules"][0]["schedule"]["timezone"] == "UTC"
    assert deployed["global_concurrency_limit"]["limit"] == 1
    with subprocess.Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "plimsoll"],
        cwd=ROOT,
        env=environment_of(server, home) | {"PREFECT_WORKER_QUERY_SECONDS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as worker:
        try:
            log = fresh_estate.parent / ".run/logs/2026-11-20.jsonl"
            wait_for(lambda: log.exists() and '"check"' in log.read_text(encoding="utf-8"))  # it is now fitting
            (first,) = runs(server, "RUNNING")
            cancelling = {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": True}
            ask(server, f"flow_runs/{first}/set_state", cancelling)
            wait_for(lambda: state_of(server, first) == "CANCELLED")
            wait_for(lambda: '"killed"' in log.read_text(encoding="utf-8"))
            (second,) = wait_for(lambda: runs(server, "COMPLETED"))
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
    assert night_states(fresh_estate)[:2] == ["killed", "done"]
    with only_one(fresh_estate.parent / ".run/plimsoll.duckdb"):
        pass
    artifacts = ask(server, "artifacts/filter", {"flow_runs": {"id": {"any_": [second]}}})
    assert [artifact["key"] for artifact in artifacts] == ["night"]


def test_a_retry_shows_and_what_prefect_keeps_of_the_failure_holds_no_secret(server, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", RETRIED, str(tmp_path / "marker")],
        cwd=ROOT,
        env=environment_of(server, tmp_path) | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (run,) = ask(server, "flow_runs/filter", {"flows": {"name": {"any_": ["retried"]}}})

    def retried() -> Any:
        (task,) = ask(server, "task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
        return task if task["state_type"] == "COMPLETED" else None  # Prefect stores its events a little later

    task = wait_for(retried)
    assert task["run_count"] == 2
    states = str(ask(server, "task_run_states/", task_run_id=task["id"]))
    assert "AwaitingRetry" in states or "Retrying" in states
    assert "hunter2" not in states
    time.sleep(3)  # logs are sent in batches
    logs = ask(server, "logs/filter", {"logs": {"flow_run_id": {"any_": [run["id"]]}}})
    assert "hunter2" not in str(logs)
