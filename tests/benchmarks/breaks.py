"""Load that broke: what the forecast is worth after each kind of break, on the cases of ../shared/cases/load.

    .venv/bin/python tests/benchmarks/breaks.py

Prints a markdown table: error, share of the truth inside both intervals, class and status of each case. Exit 1 where an
outage, a rollback or a move misses its bar.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from forecasting.panel.series import Grain, to_panel  # noqa: E402 - the path comes first
from forecasting.tournament import forecast  # noqa: E402

CASES = ROOT.parent / "shared" / "cases" / "load"
# WAPE at most, share inside 95 % at least.
BARS = {
    "outage_now": (0.08, 0.85),
    "outage_30h": (0.06, 0.85),
    "rollback": (0.08, 0.85),
    "migration_ramp": (0.12, 0.70),
    "xmas_during": (0.10, 0.85),
    "xmas_before": (0.15, 0.70),
    "dst_before": (0.08, 0.90),
    "monthly_batch": (0.10, 0.85),
}


def read(file: Path) -> pd.DataFrame:
    frame = pd.read_csv(file)
    return frame.assign(timestamp=pd.to_datetime(frame["timestamp"], utc=True).dt.tz_localize(None))


def main() -> int:
    """Forecast every case, print the table; return the exit code."""
    print(
        "| case | series | WAPE | inside 80 % | inside 95 % | class | status | bar |\n|---|---|---|---|---|---|---|---|"
    )
    failed = 0
    for folder in sorted(CASES.iterdir()):
        history, truth = read(folder / "in.csv.gz"), read(folder / "truth.csv.gz")
        grain: Grain = "h" if (history["timestamp"].dt.hour != 0).any() else "d"
        panel = to_panel(history, grain=grain)
        last = truth["timestamp"].max()
        horizon = panel.column(np.datetime64(last, "us")) + 1 - panel.y.shape[1]
        outcome = forecast(panel, horizon)
        made = outcome.forecast.rename(columns={"target_time": "timestamp"})
        both = truth.merge(made, on=["service", "metric", "timestamp"], how="left").dropna(subset="mean")
        for service, part in both.groupby("service"):
            y = part["value"]
            wape = float((y - part["mean"]).abs().sum() / y.abs().sum())
            inside = [float(((y >= part[f"lo{k}"]) & (y <= part[f"hi{k}"])).mean()) for k in (80, 95)]
            fit = outcome.fit[outcome.fit["service"] == service].iloc[0]
            most, least = BARS.get(folder.name, (np.inf, 0.0))
            met = wape <= most and inside[1] >= least
            failed += not met
            bar = f"{most:.0%}, {least:.0%}: {'met' if met else 'missed'}" if np.isfinite(most) else ""
            print(
                f"| {folder.name} | {service} | {wape:.1%} | {inside[0]:.0%} | {inside[1]:.0%} | "
                f"{fit['series_class']} | {fit['status'] or ''} | {bar} |",
                flush=True,
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
