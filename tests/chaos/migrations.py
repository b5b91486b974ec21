"""Migrations that are killed: the next start brings the warehouse to where it would have come, or leaves it as it was.

python -m tests.chaos.migrations [KILLS] [SEED]
"""

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from data.warehouse import migrate, open_warehouse
from tests.compare_warehouses import differences
from tests.data.older import make_warehouse

PROGRAM = """
import sys
from pathlib import Path
from data.warehouse import migrate, open_warehouse
print("begun", flush=True)
with open_warehouse(Path(sys.argv[1])) as con:
    migrate(con)
"""


def kill_migrations(folder: Path, kills: int, seed: int) -> tuple[int, list[str]]:
    """Return how many migrations were killed while they ran, and what is different after the one that was not."""
    old, whole = folder / "old.duckdb", folder / "whole.duckdb"
    make_warehouse(old, 1)
    shutil.copy(old, whole)
    started = time.monotonic()
    with open_warehouse(whole) as con:
        migrate(con)
    seconds = time.monotonic() - started
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    running, left = 0, []
    for k in range(kills):
        victim = folder / f"victim-{k}.duckdb"
        shutil.copy(old, victim)
        with subprocess.Popen([sys.executable, "-c", PROGRAM, str(victim)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait((k + draw.random()) / kills * seconds)
            running += process.poll() is None
            process.send_signal(signal.SIGKILL)
        with open_warehouse(victim) as con:
            migrate(con)
        left += list(differences(whole, victim))
    return running, left


def main(kills: int, seed: int) -> int:
    """Kill, print, and tell whether nothing was lost."""
    with tempfile.TemporaryDirectory(prefix="plimsoll-migrations-") as folder:
        running, left = kill_migrations(Path(folder), kills, seed)
    print("| migrations killed | while running | tables that differ afterwards |")
    print("|---|---|---|")
    print(f"| {kills} | {running} | {len(left)} |")
    print(*left, sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*[*numbers, *(20, 20261120)[len(numbers) :]]))
