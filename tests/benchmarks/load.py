"""21.6 million hourly rows into `utilization_hour`, against DuckDB's own `create table as select ... group by`.

    python tests/benchmarks/load.py [FOLDER]

The panel is made by make_panel.py, once; FOLDER (default .run/bench/load) keeps it. Each step runs in a
process of its own, so that its peak memory is its own. Fails where loading takes more than 4 times the reference or
more than 3 GiB, or the next night more than 3 s.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.utilization.store import load_utilization
from data.warehouse import migrate, open_warehouse
from data.window import Window

MAKER = Path(__file__).parent / "make_panel.py"
FACTOR_MAX, PEAK_GIB_MAX, NEXT_NIGHT_S_MAX = 4, 3, 3
KNOWN = datetime(2026, 11, 20)
GROUPED = """create table grouped as
select service, metric, date_trunc('hour', timestamp) as hour_utc, avg(value) as value_avg, max(value) as value_max,
    sum(value) as value_sum, count(*) as samples
from '{panel}'
group by all"""


def main(folder: Path) -> int:
    """Make what is missing, run each step, print the table; return the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "files").mkdir(exist_ok=True)
    panel = folder / "files" / "panel.parquet"
    if not panel.exists():
        subprocess.run([sys.executable, MAKER, panel], check=True)
    (folder / "files" / "next.parquet").unlink(missing_ok=True)
    found = {step: _measured(step, folder) for step in ("reference", "load", "same night", "next night")}
    again = _measured("reference", folder)
    reference_s = min(found["reference"]["seconds"], again["seconds"])
    print("| step | seconds | peak GiB | rows |\n|---|---|---|---|")
    for step, row in [*found.items(), ("reference again", again)]:
        print(f"| {step} | {row['seconds']:.2f} | {row['peak_gib']:.2f} | {row['rows']:,} |")
    factor = found["load"]["seconds"] / reference_s
    peak = max(found[step]["peak_gib"] for step in ("load", "next night"))
    print(f"\nload / reference = {factor:.2f} (at most {FACTOR_MAX})")
    is_good = factor <= FACTOR_MAX and peak <= PEAK_GIB_MAX and found["next night"]["seconds"] <= NEXT_NIGHT_S_MAX
    return 0 if is_good else 1


def _measured(step: str, folder: Path) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--step", step, folder], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _step(step: str, folder: Path) -> None:
    started = time.perf_counter()
    if step == "reference":
        rows = _reference(folder)
    else:
        if step == "next night":
            _make_next_day(folder)
            started = time.perf_counter()
        rows = _load(folder, KNOWN + timedelta(days=step == "next night"), is_new=step == "load")
    seconds = time.perf_counter() - started
    peak_gib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "peak_gib": peak_gib, "rows": rows}))


def _reference(folder: Path) -> int:
    file = folder / "reference.duckdb"
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute(GROUPED.format(panel=folder / "files" / "panel.parquet"))
        return con.execute("select count(*) from grouped").fetchall()[0][0]


def _load(folder: Path, known_until: datetime, *, is_new: bool) -> int:
    file = folder / "warehouse.duckdb"
    if is_new:
        file.unlink(missing_ok=True)
    with open_warehouse(file) as con:
        migrate(con)
        source = Files(kind="files", name="bench", path=folder / "files")
        reading = LoadReading(Window(datetime(1970, 1, 1), known_until), folder / "cache")
        return load_utilization(con, source, reading, lambda _event, _keys: None).rows_read


def _make_next_day(folder: Path) -> None:
    """Write the day after the panel: its last day, a day later."""
    with duckdb.connect() as con:
        con.execute(
            f"""copy (
                select service, metric, timestamp + interval 1 day as timestamp, value * 1.01 as value
                from '{folder}/files/panel.parquet' where timestamp >= timestamp '{KNOWN - timedelta(days=1)}'
            ) to '{folder}/files/next.parquet'"""
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        _step(sys.argv[2], Path(sys.argv[3]))
    else:
        sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".run/bench/load").resolve()))
