"""One run at a time on a warehouse."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from data.errors import NightRunning


@contextmanager
def only_one(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse against other nights; raises NightRunning where one has it."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(warehouse.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise NightRunning(
            f"{warehouse}: another night is running on this warehouse; wait for it, or stop it"
        ) from error
    try:
        yield
    finally:
        lock.release()
