"""Nights that the tests of the flows look at: run once, through the real command line."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from flows.commands.demo import SAMPLES, make_estate
from tests.flows.receiver import Receiver, receiving

PLIMSOLL = [sys.executable, "-c", "from flows.cli import main; main()"]
FIRST_NIGHT = "2026-11-10"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def plimsoll(*arguments: str | Path, timeout: int = 300, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line as a user would, in a process of its own."""
    return subprocess.run(
        [*PLIMSOLL, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default", "COLUMNS": "200", **environment},
    )


def ask(server: str, path: str, body: dict[str, Any] | None = None, *, method: str = "", **parameters: str) -> Any:
    """Return what a Prefect server answers: to a post where there is a body, else to a get.

    While it writes, its SQLite answers others with 503, which Prefect's own client tries again too.
    """
    method = method or ("GET" if body is None else "POST")
    for attempt in stamina.retry_context(on=httpx.HTTPError, attempts=20, timeout=120, wait_max=5):
        with attempt:
            answer = httpx.request(method, f"{server}/{path}", json=body, params=parameters, timeout=30)
            if answer.is_server_error:
                answer.raise_for_status()
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


@pytest.fixture(scope="session", autouse=True)
def hear_interrupts() -> None:
    """Let what tests start hear SIGINT, by which Prefect ends a worker: jobs in the background are born deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def small_estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the configuration of an estate of two services with short forecasts, on which no night has run.

    Statsmodels' models compete on so small a panel and take half of the night: they have tests of their own. Of its
    bills the last three months are left.
    """
    config = make_estate(tmp_path_factory.mktemp("small"), SAMPLES[:2])
    for period in config.parent.glob("billing/exports/**/BILLING_PERIOD=2026-0[78]"):
        shutil.rmtree(period)
    with config.open("a", encoding="utf-8") as file:
        file.write("\n[forecast]\ndaily_days = 30\nhourly_days = 2\n[forecast.engine]\nslow_series = 0\n")
    return config


@pytest.fixture
def server(prefect_server: str) -> Iterator[str]:
    """Return the address of a Prefect server's API; afterwards it forgets the deployments, whose schedules go on."""
    yield prefect_server
    for deployment in ask(prefect_server, "deployments/filter", {}):
        ask(prefect_server, f"deployments/{deployment['id']}", method="DELETE")


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a Prefect server on a free port and return the address of its API."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("prefect")
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    url = f"http://127.0.0.1:{port}/api"
    with subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 120
        while True:
            try:
                if httpx.get(f"{url}/health", timeout=2).is_success:
                    break
            except httpx.HTTPError:
                pass
            assert time.monotonic() < deadline, "the Prefect server did not start"
            time.sleep(0.3)
        yield url
        process.terminate()


@pytest.fixture
def fresh_estate(small_estate: Path, tmp_path: Path) -> Path:
    """Return the configuration of a copy of the small estate that a test may spoil."""
    shutil.copytree(small_estate.parent, tmp_path / "estate", ignore=shutil.ignore_patterns(".run"))
    return tmp_path / "estate" / "plimsoll.toml"


@pytest.fixture(scope="session")
def first_night(small_estate: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the configuration of a copy of the small estate on which the night of FIRST_NIGHT has run."""
    copy = tmp_path_factory.mktemp("first") / "estate"
    shutil.copytree(small_estate.parent, copy, ignore=shutil.ignore_patterns(".run"))
    done = plimsoll("night", "--config", copy / "plimsoll.toml", "--as-of", FIRST_NIGHT)
    assert done.returncode == 0, done.stderr
    return copy / "plimsoll.toml"


@pytest.fixture
def estate_of_a_night(first_night: Path, tmp_path: Path) -> Path:
    """Return the configuration of a copy of the small estate and its first night that a test may spoil."""
    shutil.copytree(first_night.parent, tmp_path / "estate", symlinks=True)
    return tmp_path / "estate" / "plimsoll.toml"


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the configuration of the demo estate, after its night."""
    directory = tmp_path_factory.mktemp("demo")
    done = plimsoll("demo", "--dir", directory)
    assert done.returncode == 0, done.stderr
    return directory / "plimsoll.toml"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Receive notices, heartbeats and questions on a local port."""
    with receiving() as found:
        yield found
