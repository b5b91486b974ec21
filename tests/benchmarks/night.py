"""Seconds and memory of whole nights: services with hourly requests for 90 days and a bill of 60, two nights in a row.

    python tests/benchmarks/night.py [SERVICES] [FOLDER]

The load is made by make_panel.py, once. The nights run as a user runs them, fits on two processes;
memory is that of all processes together, what they share counted once. Prints a markdown table.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from data.warehouse import SQL
from tests.benchmarks.capacity_model import MB, needs
from tests.benchmarks.watching import run_watched

MAKER = Path(__file__).parent / "make_panel.py"
END = date(2026, 11, 20)  # of the panel
NIGHTS = (END - timedelta(days=1), END)
LOAD_DAYS, BILL_DAYS = 91, 60
CONFIG = """\
[warehouse]
path = ".run/plimsoll.duckdb"
[publish]
dir = ".run/published"
[catalog]
file = "services.toml"
[[utilization]]
kind = "files"
name = "load"
path = "load.parquet"
[[billing]]
kind = "focus"
name = "bill"
uri = "bill.parquet"
[allocation]
tag_keys = ["service"]
[compute]
runner = "processes"
workers = 2
"""
BILL = """copy (
    select date_trunc('month', day) as BillingPeriodStart, day as ChargePeriodStart, cost as BilledCost,
        cost as EffectiveCost, 'USD' as BillingCurrency, 'Usage' as ChargeCategory, 'AWS' as ProviderName,
        '999999999999' as BillingAccountId, 'Compute' as ServiceCategory, 'Product ' || product as ServiceName,
        map {'service': 'svc-' || lpad(svc::varchar, 5, '0')} as Tags
    from (
        select svc, product, timestamp '2026-11-18' - to_days(ago::integer) as day,
            ((3 + svc % 7) * (0.8 + hash(svc, product, ago) % 1000 / 2500))::decimal(38, 10) as cost
        from range($services) a(svc), range(3) b(product), range($days) c(ago)
    )
) to $file (format parquet)"""


def main(services: int, folder: Path) -> None:
    """Make the estate, run the nights on it, and print what each step took."""
    shutil.rmtree(folder / ".run", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "load.parquet").exists():
        subprocess.run([sys.executable, MAKER, folder / "load.parquet", str(services), str(LOAD_DAYS)], check=True)
    with duckdb.connect() as con:
        con.execute(BILL, {"services": services, "days": BILL_DAYS, "file": str(folder / "bill.parquet")})
    (folder / "plimsoll.toml").write_text(CONFIG, encoding="utf-8")
    catalog = [
        f'[svc-{number:05d}]\ntier = {number % 3}\nteam = "team-{number % 50}"\nrequest_metric = "requests"\n'
        + (f"[svc-{number:05d}.capacity.requests]\nlimit = 1000000\n" if number % 10 == 0 else "")
        for number in range(services)
    ]
    (folder / "services.toml").write_text("".join(catalog), encoding="utf-8")
    nights = [_night(folder, as_of) for as_of in NIGHTS]
    names = (f"{number} night, s | CPU s | peak GiB" for number in ("first", "second"))
    print(f"\n| {services:,} services | {' | '.join(names)} |\n|{'---|' * 7}")
    for step in nights[0]:
        print(f"| {step} | " + " | ".join("{:.0f} | {:.0f} | {:.1f}".format(*night[step]) for night in nights) + " |")
    _compare(services, nights, (folder / ".run/plimsoll.duckdb").stat().st_size / MB)
    _ask(folder / ".run/published/snapshot.duckdb")


def _compare(services: int, nights: list[dict[str, tuple[float, float, float]]], warehouse_mb: float) -> None:
    """Print what tests/benchmarks/capacity_model.py says beside what was measured."""
    said = needs(services, LOAD_DAYS, BILL_DAYS, len(nights))
    _, cpu_s, peak_gib = nights[-1]["the whole night"]
    print(f"\n| {services:,} services, {len(nights)} nights | model | measured |\n|---|---|---|")
    print(f"| CPU s of the last | {said.cpu_s:.0f} | {cpu_s:.0f} |")
    print(f"| peak GiB | {said.peak_gib:.1f} | {peak_gib:.1f} |")
    print(f"| warehouse, MB | {said.warehouse_mb:.0f} | {warehouse_mb:.0f} |")


def _ask(snapshot: Path) -> None:
    """Print how long the questions of the cookbook take, the slowest first."""
    found = []
    with duckdb.connect(str(snapshot), read_only=True) as con:
        for file in sorted((SQL / "cookbook").glob("*.sql")):
            query = file.read_text(encoding="utf-8")
            con.execute(query).fetchall()
            started = time.perf_counter()
            con.execute(query).fetchall()
            found.append((time.perf_counter() - started, file.stem))
    print(f"\n| {len(found)} questions of the cookbook, the slowest | ms |\n|---|---|")
    for seconds, name in sorted(found, reverse=True)[:5]:
        print(f"| {name} | {seconds * 1000:.0f} |")


def _night(folder: Path, as_of: date) -> dict[str, tuple[float, float, float]]:
    """Run a night; return the seconds, those of CPU, and the peak memory of its steps, in GiB.

    Sources are read side by side: each one's CPU seconds are those of both.
    """
    program = [sys.executable, "-c", "from flows.cli import main; main()"]
    config = ["--config", folder / "plimsoll.toml", "--as-of", str(as_of)]
    worked = _worked_s()
    code, seconds, seen = run_watched([*program, "night", *config])
    if code:
        raise SystemExit(f"the night of {as_of} failed, see {folder}/.run/logs")
    steps = {"the whole night": (seconds, _worked_s() - worked, max(gib for _, gib in seen))}
    for line in (folder / ".run/logs" / f"{as_of}.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if "seconds" in event:
            until = datetime.fromisoformat(event["time"]).timestamp()
            name = " ".join(filter(None, (event["event"], event.get("source"))))
            peak = max((gib for at, gib in seen if until - event["seconds"] <= at <= until), default=0.0)
            before = steps.get(name, (0.0, 0.0, 0.0))  # scoring says so twice
            steps[name] = (before[0] + event["seconds"], before[1] + event["cpu_s"], max(before[2], peak))
    return steps


def _worked_s() -> float:
    """Return the CPU seconds of all that this program started and that has ended."""
    return sum(os.times()[2:4])


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    where = Path(sys.argv[2] if len(sys.argv) > 2 else f".run/bench/night-{count}").resolve()
    main(count, where)
