"""Whether a process may have the memory that a night needs: asked before anything large is imported.

Where address space runs out, libraries do not fail in words: some end the process, OpenBLAS tries again for ever and no
signal reaches it. Where a container's memory runs out, the system kills the night, and the next one says so.
"""

import os
import resource
from contextlib import suppress
from pathlib import Path

from data.errors import TooLittleMemory

GIB = 1 << 30
LEAST_ADDRESSES = 4 * GIB  # threads' stacks and pools, mostly never touched: a small night on two cores maps 2.9 GiB
LEAST_MEMORY = GIB  # a small night touches 0.6 GiB
CGROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))  # of version 2 and 1


def check_addresses() -> None:
    """Raise TooLittleMemory where a limit of this process (`ulimit -v`, LimitAS) is less than a night needs."""
    allowed = addresses()
    if allowed is not None and allowed < LEAST_ADDRESSES:
        raise TooLittleMemory(
            f"this process may map {allowed / GIB:.1f} GiB (ulimit -v, or LimitAS of systemd), and a night needs "
            f"{LEAST_ADDRESSES // GIB} GiB; limit what it touches instead (MemoryMax of systemd, a container's memory)"
        )


def addresses() -> int | None:
    """Return how many bytes this process may map; None: as many as there are."""
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if allowed == resource.RLIM_INFINITY else allowed


def memory(limits: tuple[Path, ...] = CGROUP) -> int:
    """Return how many bytes this machine has, or its container may have."""
    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for file in limits:
        with suppress(OSError, ValueError):  # no such file, or "max"
            most = min(most, int(file.read_text(encoding="ascii")))
    return most
