"""Seconds and memory of `plimsoll forecast` on 90 days of hours, 14 days ahead, and how both grow with the series.

    python tests/benchmarks/forecast.py [FOLDER]

The panel is made by make_panel.py, once. Memory is that of all processes together, what they share counted
once. Prints a markdown table; exit 1 where 10,000 series take more than 4 minutes, 4 GiB, or 11 times what 1,000 take.
"""

import resource
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.watching import run_watched

MAKER = Path(__file__).parent / "make_panel.py"
FEW, MANY = 1_000, 10_000
SECONDS_MAX, GIB_MAX, GROWTH_MAX = 240, 4, 11
PROGRAM = (sys.executable, "-c", "from flows.cli import main; main()")


def main(folder: Path) -> int:
    """Make what is missing, forecast, print the table; return the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {series: _measured(folder, series) for series in (FEW, MANY)}
    print("| series | seconds | seconds of CPU | peak GiB |\n|---|---|---|---|")
    for series, (seconds, cpu_seconds, peak_gib) in found.items():
        print(f"| {series:,} | {seconds:.0f} | {cpu_seconds:.0f} | {peak_gib:.1f} |")
    seconds, _, peak_gib = found[MANY]
    growth = seconds / found[FEW][0]
    print(f"\ngrowth: {growth:.1f} times (at most {GROWTH_MAX})")
    return 0 if seconds <= SECONDS_MAX and peak_gib <= GIB_MAX and growth <= GROWTH_MAX else 1


def _measured(folder: Path, series: int) -> tuple[float, float, float]:
    panel = folder / f"panel-{series}.parquet"
    if not panel.exists():
        subprocess.run([sys.executable, MAKER, panel, str(series), "90"], check=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    target = ["--horizon", "336", "--grain", "h", "--out", folder / "forecast.parquet"]
    code, seconds, seen = run_watched([*PROGRAM, "forecast", panel, *target])
    if code:
        raise SystemExit(f"plimsoll forecast of {panel} ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu_seconds, max(gib for _, gib in seen)


if __name__ == "__main__":
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ".run/bench/forecast").resolve()
    sys.exit(main(where))
