"""Pools of processes that end with the night, however it ends. This file imports no database: workers start faster."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import Any


@contextmanager
def processes(
    count: int, start: Callable[..., None] | None = None, arguments: Sequence[Any] = ()
) -> Iterator[ProcessPoolExecutor]:
    """Open `count` processes that begin with `start(*arguments)`. Not forked: DuckDB's threads would not be there."""
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(start, tuple(arguments))
    )
    with let_go(pool):
        yield pool


@contextmanager
def let_go(pool: Executor) -> Iterator[Executor]:
    """Close the pool; a night that is stopped does not wait for calls whose results nobody wants."""
    try:
        yield pool
    except BaseException:
        workers = list((getattr(pool, "_processes", None) or {}).values())  # Python 3.14 has kill_workers for it
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:  # else the interpreter's end would wait for what they are at
            worker.kill()
        raise
    pool.shutdown()


def _begin(start: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    _end_with_the_night()
    if start is not None:
        start(*arguments)


def _end_with_the_night() -> None:
    """Let a worker process end when the night's does, even where that was killed: nothing else tells it."""
    night = parent_process()

    def watch() -> None:
        if night is not None:
            night.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
