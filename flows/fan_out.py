"""The only runner: one call over many things, on threads, processes, Dask or Ray, a few ahead of what is asked for.

It needs no Prefect: a night is the same with and without a server. How many run at once is asked of the cluster, where
there is one, not of this machine. This file imports no database: worker processes that only fit start faster without.
"""

from __future__ import annotations

import os
import socket
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from threadpoolctl import threadpool_limits

from data.errors import ConfigError
from data.pool import let_go, processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flows.settings import Compute

    Submit = Callable[[Callable[[Any], Any], Any], Future[Any]]

WORKERS_WAIT_S = 120.0  # for the first worker of a cluster
CONNECT_S = 10.0
T = TypeVar("T")
R = TypeVar("R")


def fan_out(compute: Compute, call: Callable[[T], R], waiting: Iterable[T]) -> Iterator[tuple[T, R | Exception]]:
    """Call `call` with everything that waits; yield each thing with its result, or its error, as it is done.

    Only as many as run at once, and one more, are taken from `waiting` ahead: what waits may be made on the way.
    """
    alone = partial(_on_one_thread, call)
    with threadpool_limits(1, user_api="blas"), _cluster(compute) as (submit, count):  # for what runs in threads here
        running: dict[Future[R], T] = {}
        for thing in waiting:
            running[submit(alone, thing)] = thing
            if len(running) > count:
                yield from _done(running)
        while running:
            yield from _done(running)


def _on_one_thread(call: Callable[[T], R], thing: T) -> R:
    """Call, wherever that is, with linear algebra on one thread: calls are what the cores are shared out by.

    A second thread for the small products of statsmodels' optimiser only waits for the first, at full load: a night of
    fifty series took twice the CPU.
    """
    with threadpool_limits(1, user_api="blas"):
        return call(thing)


def _done(running: dict[Future[R], T]) -> Iterator[tuple[T, R | Exception]]:
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in [one for one in running if one in done]:  # in the order in which they began
        thing = running.pop(future)
        error = future.exception()
        if error is not None and not isinstance(error, Exception):
            raise error
        yield thing, (future.result() if error is None else error)


@contextmanager
def _cluster(compute: Compute) -> Iterator[tuple[Submit, int]]:
    """Open where the calls run; yield how one is submitted, and how many run at once."""
    here = compute.workers or os.cpu_count() or 1
    match compute.runner:
        case "threads":
            with let_go(ThreadPoolExecutor(here)) as pool:
                yield pool.submit, here
        case "processes":
            with processes(here) as pool:
                yield pool.submit, here
        case "dask":
            with _dask(compute, here) as cluster:
                yield cluster
        case "ray":
            with _ray(compute, here) as cluster:
                yield cluster


@contextmanager
def _dask(compute: Compute, here: int) -> Iterator[tuple[Submit, int]]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ConfigError('compute.runner = "dask" needs distributed: pip install plimsoll[dask]') from error
    _check_reachable(compute.address, "Dask")
    local = LocalCluster(n_workers=here, threads_per_worker=1, dashboard_address=None) if not compute.address else None
    try:
        client = Client(compute.address or local, set_as_default=False)
        client.wait_for_workers(1, timeout=WORKERS_WAIT_S)
    except (OSError, TimeoutError) as error:
        raise ConfigError(f"compute.address: {compute.address}: no Dask worker answers; is the cluster up?") from error
    try:
        with let_go(client.get_executor(pure=False)) as pool:
            yield pool.submit, compute.workers or sum(client.nthreads().values())
    finally:
        client.close()
        if local is not None:
            local.close()


@contextmanager
def _ray(compute: Compute, here: int) -> Iterator[tuple[Submit, int]]:
    try:
        import ray
    except ImportError as error:
        raise ConfigError('compute.runner = "ray" needs ray: pip install plimsoll[ray]') from error
    _check_reachable(compute.address, "Ray")
    try:
        if compute.address:
            ray.init(address=compute.address, log_to_driver=False)
        else:
            ray.init(num_cpus=here, include_dashboard=False, log_to_driver=False)
    except (ConnectionError, ValueError) as error:
        raise ConfigError(f"compute.address: {compute.address}: no Ray cluster answers; is it up?") from error
    try:
        remote: Any = ray.remote(_call)

        def submit(call: Callable[[T], R], thing: T) -> Future[R]:
            future: Future[R] = remote.remote(call, thing).future()
            return future

        yield submit, compute.workers or int(ray.cluster_resources().get("CPU", 1))
    finally:
        ray.shutdown()


def _check_reachable(address: str | None, what: str) -> None:
    """Raise ConfigError where nothing listens at an address: Ray would try for minutes. `auto` is Ray's own word."""
    parts = urlsplit(address if address and "://" in address else f"//{address or ''}")
    if parts.hostname is None or parts.port is None:
        return
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=CONNECT_S).close()
    except OSError as error:
        raise ConfigError(f"compute.address: {address}: no {what} cluster answers ({error}); is it up?") from error


def _call(call: Callable[[T], R], thing: T) -> R:
    return call(thing)
