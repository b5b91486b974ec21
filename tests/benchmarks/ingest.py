"""Seconds and memory to bring 10 million FOCUS lines into cost_day, beside one plain query over the same files.

    .venv/bin/python tests/benchmarks/ingest.py [--lines N] [--runs N]

Makes its input below .run/benchmarks with make_focus.py, once. The reference is that file's query:
one scan of the columns needed, grouped to the day, on two threads, timed between our runs. Every run is a process of
its own with an empty warehouse; two threads. Prints a markdown table; exit 1 where a limit is passed.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from data.billing.allocation import Allocation, build_cost  # noqa: E402 - the path comes first
from data.billing.deliveries import BillReading  # noqa: E402
from data.billing.focus import Focus  # noqa: E402
from data.billing.read.owners import Owners  # noqa: E402 - the same
from data.billing.store import load_bills  # noqa: E402
from data.warehouse import migrate, open_warehouse  # noqa: E402
from tests.benchmarks.make_focus import REFERENCE  # noqa: E402

RUN = ROOT / ".run" / "benchmarks" / "ingest"
MAKER = ROOT / "tests" / "benchmarks" / "make_focus.py"
AS_OF = date(2026, 11, 20)
MONTHS = (date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
THREADS = 2
GIB = 1 << 20  # of ru_maxrss, which counts KiB
LIMITS = {"ratio": 3.0, "memory": 3.0, "again": 1.0, "months": 5.5}


def make_input(lines: int) -> tuple[Path, Path]:
    """Return the folders of an export of one month and of one of five, made where they are not there."""
    one, five = (RUN / f"{lines}-{months}" / "exports" / "focus-big" for months in ("one", "five"))
    if not one.is_dir():
        subprocess.run([sys.executable, str(MAKER), str(one.parents[1]), str(lines)], check=True, stdout=sys.stderr)
    for month in MONTHS:
        if not (five / "metadata" / f"BILLING_PERIOD={month:%Y-%m}").is_dir():
            _copy_month(one, five, month)
    return one, five


def _copy_month(one: Path, five: Path, month: date) -> None:
    """Write the month again with its times moved to another month."""
    (manifest,) = (one / "metadata").glob("*/*-Manifest.json")
    document = json.loads(manifest.read_text(encoding="utf-8"))
    period = f"BILLING_PERIOD={month:%Y-%m}"
    named = []
    with duckdb.connect() as con:
        for file in sorted((one / "data").rglob("*.parquet")):
            target = five / "data" / period / file.parent.name / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            back = (MONTHS[-1].year - month.year) * 12 + MONTHS[-1].month - month.month
            con.execute(
                f"copy (select * replace (BillingPeriodStart - to_months({back}) as BillingPeriodStart, "
                f"ChargePeriodStart - to_months({back}) as ChargePeriodStart) from '{file}') "
                f"to '{target}' (format parquet, compression snappy)"
            )
            named.append(f"s3://big/exports/focus-big/data/{period}/{file.parent.name}/{file.name}")
    folder = five / "metadata" / period
    folder.mkdir(parents=True)
    (folder / manifest.name).write_text(json.dumps(document | {"dataFiles": named}), encoding="utf-8")


def reference(export: Path) -> dict[str, float]:
    """Time the maker's own query over an export of one month."""
    with duckdb.connect() as con:
        con.execute(f"set threads = {THREADS}")
        started = time.perf_counter()
        files = {"files": f"{export}/data/*/*/*.parquet"}
        con.execute(f"create or replace temp table reference as {REFERENCE}", files)
        return {"seconds": time.perf_counter() - started}


def ingest(export: Path) -> dict[str, float]:
    """Time a load and the build of the cost tables, then the same with nothing changed."""
    file = RUN / "warehouse.duckdb"
    for left in RUN.glob("warehouse.duckdb*"):
        left.unlink()
    source = Focus(kind="focus", name="big", uri=str(export))
    reading, keys = BillReading(RUN / "cache", AS_OF), Owners(("user:service", "service"))
    with open_warehouse(file) as con:
        con.execute(f"set threads = {THREADS}")
        migrate(con)
        started = time.perf_counter()
        loaded = load_bills(con, source, keys, datetime.combine(AS_OF, datetime.min.time()), reading)
        read = time.perf_counter()
        build_cost(con, Allocation(tag_keys=keys.tag_keys), (), None, AS_OF)
        built = time.perf_counter()
        load_bills(con, source, keys, datetime.combine(AS_OF, datetime.min.time()), reading)
        looked = time.perf_counter()
        build_cost(con, Allocation(tag_keys=keys.tag_keys), (), None, AS_OF)
        again = time.perf_counter() - built
        ((lines, rows),) = con.execute("select sum(lines), count(*) from cost_day").fetchall()
    assert lines == loaded.lines, f"{loaded.lines} lines loaded, {lines} in cost_day"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    return {
        "load": read - started,
        "build": built - read,
        "look": looked - built,
        "again": again,
        "memory": peak,
        "rows": rows,
        "lines": lines,
    }


def measured(what: str, export: Path) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, __file__, "--child", what, str(export)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def main() -> int:
    """Measure, print, and tell whether the limits hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "EXPORT"))
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps({"reference": reference, "ingest": ingest}[asked.child[0]](Path(asked.child[1]))))
        return 0
    one, five = make_input(asked.lines)
    plain, ours = [], []
    for _ in range(asked.runs):
        plain.append(measured("reference", one)["seconds"])
        ours.append(measured("ingest", one))
    many = measured("ingest", five)
    floor = statistics.median(plain)
    best = sorted(ours, key=lambda run: run["load"] + run["build"])[len(ours) // 2]
    seconds = best["load"] + best["build"]
    found = {
        "ratio": seconds / floor,
        "memory": max(run["memory"] for run in [*ours, many]),
        "again": statistics.median(run["again"] for run in ours),
        "months": (many["load"] + many["build"]) / seconds,
    }
    rows = [
        ("reference query (median)", f"{floor:.2f} s", ""),
        (f"{best['lines']:,.0f} lines into cost_day ({best['rows']:,.0f} rows)", f"{seconds:.2f} s", ""),
        ("of which load, build", f"{best['load']:.2f} s, {best['build']:.2f} s", ""),
        ("against the reference", f"{found['ratio']:.2f}", f"at most {LIMITS['ratio']}"),
        ("nothing changed: looked at", f"{best['look']:.3f} s", ""),
        ("nothing changed: looked at and built again", f"{found['again']:.2f} s", f"under {LIMITS['again']} s"),
        ("5 months", f"{many['load'] + many['build']:.2f} s", ""),
        ("against one month", f"{found['months']:.2f}", f"at most {LIMITS['months']}"),
        ("peak memory, 5 months or one", f"{found['memory']:.2f} GiB", f"at most {LIMITS['memory']} GiB"),
    ]
    print("| what | measured | limit |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    return int(any(found[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
