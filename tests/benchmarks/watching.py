"""Run a program and watch the memory of all its processes together, what they share counted once."""

import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

GIB = 1 << 20  # of /proc, which counts KiB


def run_watched(command: Sequence[object]) -> tuple[int, float, list[tuple[float, float]]]:
    """Return its exit code, its seconds, and (time, GiB) twice a second."""
    seen: list[tuple[float, float]] = []
    started = time.time()
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL) as program:
        watcher = threading.Thread(target=_watch, args=(program, seen))
        watcher.start()
        code = program.wait()
        watcher.join()
    return code, time.time() - started, seen


def _watch(program: "subprocess.Popen[bytes]", seen: list[tuple[float, float]]) -> None:
    while program.poll() is None:
        seen.append((time.time(), sum(map(_memory_kib, _family(program.pid))) / GIB))
        time.sleep(0.5)


def _family(root: int) -> list[int]:
    """Return a process and all that it started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(stat.parent.name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def _memory_kib(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
