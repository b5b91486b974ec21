"""Anomalies: a made-up company with planted episodes, and labelled metrics of AWS (NAB) and Microsoft.

    .venv/bin/python tests/benchmarks/anomalies.py

Reads ../shared/incidents and ../shared/real, prints a markdown table, and ends with 1 where a bar is missed. The
settings are the ones of every night: forecasting/decisions.
"""

import json
import shutil
import sys
import tempfile
from datetime import datetime, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from anomaly_sets import Counted, Verdict, alerts, count, judge_company, microsoft, nab  # noqa: E402 - the path first

from data.warehouse import migrate, open_warehouse  # noqa: E402
from flows import decide, steps  # noqa: E402
from flows.settings import Settings, read_settings  # noqa: E402
from forecasting.decisions.anomaly import Anomaly  # noqa: E402
from forecasting.decisions.night import Night  # noqa: E402

SHARED = ROOT.parent / "shared"


def build_company(folder: Path, run: Path) -> Settings:
    """Read a company of the make of ../shared/incidents into a warehouse below `run`; without its forecasts."""
    shutil.copytree(folder, run, dirs_exist_ok=True)
    settings = read_settings(run / "plimsoll.toml")
    as_of = settings.as_of
    assert as_of is not None
    now = datetime.combine(as_of, time())
    with open_warehouse(settings.warehouse.path) as con:
        migrate(con)
    steps.prepare(settings, as_of)
    for source in settings.utilization:
        steps.ingest_utilization(settings, source, as_of, now)
    for bill in settings.billing:
        steps.ingest_bills(settings, bill, as_of, now)
    steps.build(settings, as_of)
    return settings


def company(folder: Path, settings: Settings) -> Verdict:
    """Look for what was planted in the company of `folder`."""
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    as_of = settings.as_of
    assert as_of is not None
    with open_warehouse(settings.warehouse.path) as con:
        decide.decide_one(con, Anomaly(), Night(as_of))
        found = con.execute("from anomaly").df()
        parts = con.execute("from anomaly_part").df()
        ((settled,),) = con.execute("select max(date) from cost_service_day where is_settled").fetchall()
    return judge_company(truth, found, parts, (as_of - settled).days)


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as run:
        incidents = SHARED / "incidents"
        verdict = company(incidents, build_company(incidents, Path(run)))
    minimum = Anomaly().minimum_load_days
    aws, ms = nab(SHARED / "real" / "nab_cloudwatch"), microsoft(SHARED / "real" / "ms_cloud")
    of_aws, of_ms = (count(sets, [alerts(series, minimum) for series in sets]) for sets in (aws, ms))
    print("| data | found | of alerts right | alerts |\n|---|---|---|---|")
    print(
        f"| incidents, cost | {verdict.cost} of {verdict.planted_cost} ({verdict.cost_named} with product and region; "
        f"{verdict.cost_first_day} of {verdict.planted_steps} steps on the first settled day) | "
        f"{verdict.unexplained} unexplained | {verdict.quiet} in quiet services |"
    )
    print(f"| incidents, load | {verdict.load} of {verdict.planted_load} | | |")
    for name, found in (("NAB CloudWatch, 17 series", of_aws), ("Microsoft, 31 series", of_ms)):
        print(f"| {name} | {found.recall:.2f} | {found.precision:.2f} | {found.alerts_a_month:.1f} a series-month |")
    return 0 if _is_good(verdict, of_aws, of_ms) else 1


def _is_good(verdict: Verdict, aws: Counted, ms: Counted) -> bool:
    return (
        verdict.cost >= 7
        and verdict.load == verdict.planted_load
        and verdict.quiet <= 1
        and verdict.unexplained <= 4
        and aws.recall >= 0.80
        and aws.precision >= 0.55
        and aws.alerts_a_month <= 7
        and min(ms.recall, ms.precision) >= 0.50
    )


if __name__ == "__main__":
    sys.exit(main())
