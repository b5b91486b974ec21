"""Where the fits run: threads, processes, Dask or Ray, by configuration; the numbers are the same on each.

A chunk that fails is fitted again series by series, so that one series at fault costs no other.
"""

import logging
import os
import pickle
from collections.abc import Iterator
from typing import Any

from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from data.errors import ConfigError
from data.warehouse import first_line
from flows.fit import Chunk, Fitted, fit, one_by_one, unfitted
from flows.progress import tell
from flows.settings import Compute


def fit_all(compute: Compute, waiting: Iterator[Chunk]) -> Iterator[Fitted]:
    """Fit every chunk, as each is done; those that fail come last, series by series."""
    failed: list[Chunk] = []
    for chunk, result in _results(compute, waiting):
        if isinstance(result, Fitted):
            yield result
        else:
            tell("fit failed", {"chunk": chunk.name, "error": result}, level=logging.WARNING)
            failed.append(chunk)
    for chunk in failed:
        yield from _fit_apart(compute, list(one_by_one(chunk)))


def task_runner(compute: Compute) -> TaskRunner[Any]:
    """Return the Prefect task runner of the configuration; raises ConfigError where its package is not installed."""
    count = _workers(compute)
    match compute.runner:
        case "threads":
            return ThreadPoolTaskRunner(max_workers=count)
        case "processes":
            return ProcessPoolTaskRunner(max_workers=count)
        case "dask":
            return _dask(compute, count)
        case "ray":
            return _ray(compute, count)


def _dask(compute: Compute, count: int) -> TaskRunner[Any]:
    try:
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise ConfigError('compute.runner = "dask" needs prefect-dask: pip install plimsoll[dask]') from error
    if compute.address:
        return DaskTaskRunner(address=compute.address)
    return DaskTaskRunner(cluster_kwargs={"n_workers": count, "threads_per_worker": 1, "dashboard_address": None})


def _ray(compute: Compute, count: int) -> TaskRunner[Any]:
    try:
        from prefect_ray.task_runners import RayTaskRunner
    except ImportError as error:
        raise ConfigError('compute.runner = "ray" needs prefect-ray: pip install plimsoll[ray]') from error
    local = {"num_cpus": count, "include_dashboard": False}
    runner: TaskRunner[Any] = RayTaskRunner(address=compute.address, init_kwargs=None if compute.address else local)
    return runner


def _workers(compute: Compute) -> int:
    """Return how many chunks are fitted at once."""
    return compute.workers or os.cpu_count() or 1


def _results(compute: Compute, waiting: Iterator[Chunk]) -> Iterator[tuple[Chunk, Fitted | Exception]]:
    """Submit chunks, only a few ahead so that memory is bounded."""
    running: dict[PrefectFuture[Any], Chunk] = {}
    with task_runner(compute) as runner:
        for chunk in waiting:
            running[runner.submit(fit, {"packed": pickle.dumps(chunk)})] = chunk
            if len(running) > _workers(compute):
                yield _next_done(running)
        while running:
            yield _next_done(running)


def _next_done(running: dict[PrefectFuture[Any], Chunk]) -> tuple[Chunk, Fitted | Exception]:
    done = next(iter(as_completed(list(running))))
    chunk = running.pop(done)
    try:
        return chunk, done.result()
    except Exception as error:  # noqa: BLE001 - whatever it was, the other chunks go on
        return chunk, error


def _fit_apart(compute: Compute, waiting: list[Chunk]) -> Iterator[Fitted]:
    """Fit single series one after the other; one that fails takes its runner with it, in case its worker died."""
    while waiting:
        with task_runner(compute) as runner:
            while waiting:
                chunk = waiting.pop(0)
                try:
                    yield runner.submit(fit, {"packed": pickle.dumps(chunk)}).result()
                except Exception as error:  # noqa: BLE001 - whatever it was, it is this series' own
                    tell("fit failed", {"series": chunk.name, "error": error}, level=logging.WARNING)
                    yield unfitted(chunk, first_line(error))
                    break
