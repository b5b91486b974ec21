"""Room on the disk: what ran out of it says which folder, how much was needed, and how much is free."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.errors import DiskFull

_CODES = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # of the disk, a quota, a limit of the process
_TEXTS = ("No space left on device", "Disk quota exceeded", "File too large", "max_temp_directory_size")
MIB = 1 << 20


@contextmanager
def room(folder: Path, what: str, needed_bytes: int, advice: str) -> Iterator[None]:
    """Raise DiskFull where less than `needed_bytes` is free in `folder` at the start, or none is left on the way."""
    if shutil.disk_usage(_there(folder)).free < needed_bytes:
        raise full(folder, what, needed_bytes, advice)
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if not is_full(error):
            raise
        raise full(folder, what, needed_bytes, advice) from error


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error, or what caused it, is that a disk has no room left."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _CODES:
            return True
        if isinstance(error, duckdb.Error) and any(text in str(error) for text in _TEXTS):
            return True
        error = error.__cause__
    return False


def full(folder: Path, what: str, needed_bytes: int | None, advice: str) -> DiskFull:
    """Return the error that names the folder, what is needed, and what is free."""
    free = shutil.disk_usage(_there(folder)).free
    needed = f"about {needed_bytes / MIB:,.0f} MiB" if needed_bytes else "more than there is"
    limit = ", so a quota or a limit of this process (ulimit -f) is reached" if free > (needed_bytes or free) else ""
    return DiskFull(
        f"{folder}: the disk is full: {what} needs {needed}, {free / MIB:,.0f} MiB are free{limit}; "
        f"make room, or {advice}"
    )


def _there(folder: Path) -> Path:
    return next(parent for parent in (folder, *folder.parents) if parent.exists())
