"""The one runner: bounded, in whatever order, on threads, processes and clusters; a cluster is as wide as it says."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from data.errors import ConfigError
from flows.fan_out import fan_out
from flows.settings import Compute
from tests.flows.clusters import cluster

pytestmark = pytest.mark.xdist_group("prefect")
RUNNERS = ["threads", "processes"]


def work(number: int) -> tuple[int, int]:
    if number < 0:
        raise ValueError(f"{number} is below zero")
    return number * number, os.getpid()


def threads_of_linear_algebra(_: int) -> set[int]:
    np.linalg.inv(np.eye(2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def meet(asked: tuple[str, int]) -> bool:
    """Wait until another worker is at work at the same time: each leaves a file, and looks for the other's."""
    folder, number = Path(asked[0]), asked[1]
    (folder / f"{number}-{os.getpid()}").touch()
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if len({name.name.split("-")[1] for name in folder.iterdir()}) > 1:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("runner", RUNNERS)
def test_every_thing_comes_back_with_its_result_or_its_error(runner):
    found = dict(fan_out(Compute(runner=runner, workers=2), work, [3, -1, 5]))
    assert {number: result[0] for number, result in found.items() if number > 0} == {3: 9, 5: 25}
    assert isinstance(found[-1], ValueError)


@pytest.mark.parametrize("runner", RUNNERS)
def test_only_a_few_are_taken_ahead_of_what_is_asked_for(runner):
    taken: list[int] = []

    def waiting() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    results = fan_out(Compute(runner=runner, workers=2), work, waiting())
    next(results)
    assert len(taken) == 3
    results.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("runner", RUNNERS)
def test_linear_algebra_takes_one_thread_as_calls_share_out_the_cores(runner, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with threadpool_limits(2, user_api="blas"):
        found = dict(fan_out(Compute(runner=runner, workers=2), threads_of_linear_algebra, range(3)))
    assert found == {number: {1} for number in range(3)}


def test_nothing_waiting_is_nothing_done():
    assert list(fan_out(Compute(workers=3), work, [])) == []


@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_two_workers_of_a_cluster_are_busy_at_once_from_a_driver_with_one_processor(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with cluster(kind) as address:
        compute = Compute(runner=kind, address=address)
        found = list(fan_out(compute, meet, [(str(tmp_path), number) for number in range(2)]))
    assert [result for _, result in found] == [True, True]


@pytest.mark.parametrize(
    ("kind", "address"), [("dask", "tcp://127.0.0.1:9"), ("ray", "127.0.0.1:9"), ("ray", "ray://127.0.0.1:9")]
)
def test_a_cluster_that_is_not_there_is_an_error_that_names_its_address_at_once(kind, address):
    with pytest.raises(ConfigError, match=r"compute\.address: .*127.*: no \w+ cluster answers"):
        list(fan_out(Compute(runner=kind, address=address), work, [1]))


def test_processes_that_are_at_work_do_not_hold_up_a_night_that_is_stopped():
    script = (
        "import time\n"
        "from flows.fan_out import fan_out\n"
        "from flows.settings import Compute\n"
        "if __name__ == '__main__':\n"
        "    for _ in fan_out(Compute(runner='processes', workers=2), time.sleep, [0, 3600, 3600, 3600]):\n"
        "        raise SystemExit(7)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], timeout=400, check=False)
    assert ended.returncode == 7
