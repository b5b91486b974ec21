"""Where the fits run: threads, processes, Dask or Ray, by configuration; the numbers are the same on each."""

import os
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from data.errors import ConfigError
from flows.settings import Compute


def workers(compute: Compute) -> int:
    """Return how many chunks are fitted at once."""
    return compute.workers or os.cpu_count() or 1


def task_runner(compute: Compute) -> TaskRunner[Any]:
    """Return the Prefect task runner of the configuration; raises ConfigError where its package is not installed."""
    count = workers(compute)
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
