"""How good decisions are: budgets, month-end forecasts of spend, and limits against the rules of today's tools.

    python tests/benchmarks/decisions.py [budgets] [spend] [limits]

Reads ../shared, prints markdown tables, and ends with 1 where a bar is missed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from panel_sets import STARTS, Set, sets  # noqa: E402 - the path first

from forecasting.cost.forecast import forecast_cost  # noqa: E402
from forecasting.decisions.headroom import first_steps, peak  # noqa: E402
from forecasting.intervals.peaks import with_peaks  # noqa: E402
from forecasting.options import ForecastOptions  # noqa: E402
from forecasting.outcome import MEAN, Outcome  # noqa: E402
from forecasting.panel.series import Panel, to_panel  # noqa: E402
from forecasting.paths.calendar_sums import calendar_sums  # noqa: E402
from forecasting.tournament import forecast  # noqa: E402

SHARED = ROOT.parent / "shared"
FAST = ForecastOptions(slow_models=())
MONTHS = 18  # of spend that are forecast, the newest
TIERS = (0.90, 0.95, 0.99)
REAL_SETS = 10
LIMITS = np.array([0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2])  # of the highest value of the last four weeks


def budgets() -> bool:
    """November of the incidents: said on the 20th, against what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        estate = Path(folder) / "incidents"
        shutil.copytree(SHARED / "incidents", estate, ignore=shutil.ignore_patterns(".run"))
        subprocess.run(
            [sys.executable, "-c", "from flows.cli import main; main()", "night", "--config", estate / "plimsoll.toml"],
            check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        truth = json.loads((estate / "truth.json").read_text())["november"]
        with duckdb.connect(str(estate / ".run/published/snapshot.duckdb"), read_only=True) as con:
            rows = con.execute(
                "select name, forecast, probability_over from current_budget_status "
                "where scope = 'service' and period = 'm' and period_start = '2026-11-01' order by name"
            ).fetchall()
    said = {name: (value, chance) for name, value, chance in rows}
    brier = float(np.mean([(said[name][1] - of["is_overrun"]) ** 2 for name, of in truth.items()]))
    error = sum(abs(said[name][0] - of["actual_usd"]) for name, of in truth.items())
    off = error / sum(of["actual_usd"] for of in truth.values())
    print("| budgets of November | services | Brier | month off by |")
    print("|---|---|---|---|")
    print(f"| incidents, said on 20 November | {len(truth)} | {brier:.3f} | {off:.2%} |\n")
    return brier <= 0.05 and off <= 0.02


def spend() -> bool:
    """Hourly demand as daily spend: the month's sum at its 5th and 20th day, and how often it is inside the bands."""
    panel = demand()
    months = pd.period_range(end=pd.Timestamp(panel.end).to_period("M") - 1, periods=MONTHS, freq="M")
    print("| month forecast on day | sum of absolute errors | inside 80 % | inside 95 % | months x series |")
    print("|---|---|---|---|---|")
    is_good = True
    for day, bar in ((5, 0.035), (20, 0.014)):
        found = pd.concat([month_end(panel, month, day) for month in months], ignore_index=True)
        total = found[found["service"] == "(total)"]
        off = (total["mean"] - total["actual"]).abs().sum() / total["actual"].sum()
        inside80, inside95 = (
            float(((found["actual"] >= found[f"lo{level}"]) & (found["actual"] <= found[f"hi{level}"])).mean())
            for level in (80, 95)
        )
        print(f"| {day} | {off:.2%} | {inside80:.3f} | {inside95:.3f} | {len(found)} |")
        is_good &= off <= bar and abs(inside80 - 0.80) <= 0.03 and abs(inside95 - 0.95) <= 0.03
    print()
    return is_good


def demand() -> Panel:
    """Daily demand of every region and type that runs throughout, and of everything together."""
    folder = SHARED / "real" / "shavedice"
    (file,) = folder.glob("*.parquet")
    daily = duckdb.sql(
        f"select region_num::varchar || ' ' || instance_type as service, usage_hour::date::timestamp as timestamp, "
        f"sum(norm_usage) as value from '{file}' group by all"
    ).df()
    whole = daily.groupby("timestamp", as_index=False)["value"].sum().assign(service="(total)")
    frame = pd.concat([daily, whole], ignore_index=True).assign(metric="cost_usd")
    return to_panel(frame, grain="d")


def month_end(panel: Panel, month: pd.Period, day: int) -> pd.DataFrame:
    """What the month comes to, forecast once `day` days of it are known: one row a series that ran before."""
    start = int((month.start_time.to_datetime64() - panel.times[0]) // np.timedelta64(1, "D"))
    known, days = start + day, month.days_in_month
    rows = np.flatnonzero(np.isfinite(panel.y[:, known - 120 : known]).mean(axis=1) > 0.9)
    past = Panel(panel.ids.iloc[rows].reset_index(drop=True), panel.y[rows, :known], panel.start, panel.grain)
    none = Panel(past.ids, np.full(past.y.shape, np.nan), past.start, past.grain)
    outcome = forecast_cost(past, none, days - day, FAST)
    so_far = pd.DataFrame({"row": np.arange(len(rows)), "period_start": month.start_time,
                           "value": np.nansum(past.y[:, start:], axis=1)})  # fmt: skip
    sums = calendar_sums(outcome.paths(1000), past.targets(days - day), "month", so_far)
    actual = np.nansum(panel.y[rows, start : start + days], axis=1)
    return sums.assign(service=past.ids["service"].to_numpy()[sums["row"]], actual=actual[sums["row"]])


def limits() -> bool:
    """Quantiles of the peak ahead against rules, by pinball loss; how often limits are passed against what is said."""
    print("| set | ahead | plimsoll | mean + 3 sigma | p95 of the last week | krr, 2 weeks' peak + 15 % |")
    print("|---|---|---|---|---|---|")
    best, wins, said, happened = 0, np.zeros(3, dtype=int), [], []
    for one in real_sets():
        losses, chances, passed = judged(one)
        said.append(chances)
        happened.append(passed)
        mine, *others = losses
        wins += mine < np.array(others)
        best += mine < min(others)
        cells = " | ".join(f"{loss:.4f}" for loss in losses)
        print(f"| {one.name} | {one.horizon} {one.grain} | {cells} |")
    chance, truth = np.concatenate(said), np.concatenate(happened)
    gap = float(chance.mean() - truth.mean())
    counts = " and ".join(str(count) for count in wins)
    print(f"\nlower than each rule on {counts} of {REAL_SETS} sets, than all three on {best}")
    print(f"limits passed: said {chance.mean():.1%}, happened {truth.mean():.1%}\n")
    print("| said | limits | mean said | happened |")
    print("|---|---|---|---|")
    for low in np.arange(0, 1, 0.2):
        inside = (chance >= low) & (chance < low + 0.2) | ((low > 0.7) & (chance == 1))
        if inside.any():
            said, was = chance[inside].mean(), truth[inside].mean()
            print(f"| {low:.0%} to {low + 0.2:.0%} | {inside.sum()} | {said:.2f} | {was:.2f} |")
    return bool((wins >= REAL_SETS - 1).all()) and abs(gap) <= 0.03


def real_sets() -> Iterator[Set]:
    """The sets that are real: the first ten."""
    for number, one in enumerate(sets(SHARED)):
        if number == REAL_SETS:
            return
        yield one


def judged(one: Set) -> tuple[list[float], np.ndarray, np.ndarray]:
    """Mean pinball loss of the peak over tiers and series, in means of the series, for each method; and the limits."""
    outcome, truth, history = fitted(one)
    errors = np.stack([outcome.missed[row].peaks for row in range(len(truth))])
    paths = with_peaks(outcome.paths(1000), outcome.bands[MEAN], errors)
    actual, scale = truth.max(axis=1), np.array([max(float(np.mean(np.abs(y))), 1e-9) for y in history])
    week = 168 if one.grain == "h" else 7
    rules = [
        np.array([y[-2 * week :].mean() + 3 * y[-2 * week :].std() for y in history]),
        np.array([np.quantile(y[-week:], 0.95) for y in history]),
        np.array([y[-2 * week :].max() * 1.15 for y in history]),
    ]
    losses = [np.mean([pinball(actual, peak(paths, tier), tier) / scale for tier in TIERS])]
    losses += [np.mean([pinball(actual, rule, tier) / scale for tier in TIERS]) for rule in rules]
    top = np.array([y[-4 * week :].max() for y in history])
    chance, passed = [], []
    for share in LIMITS:
        limit = top * share
        chance.append((first_steps(paths, limit[:, None]) < paths.shape[2]).mean(axis=1))
        passed.append((actual > limit).astype(float))
    return [float(loss) for loss in losses], np.concatenate(chance), np.concatenate(passed)


def pinball(actual: np.ndarray, said: np.ndarray, quantile: float) -> np.ndarray:
    """Quantile loss, by series."""
    return np.maximum(quantile * (actual - said), (quantile - 1) * (actual - said))


def fitted(one: Set) -> tuple[Outcome, np.ndarray, list[np.ndarray]]:
    """Forecast a set without its truth, laid so that every series ends at the same moment."""
    longest = max(len(y) for y in one.series)
    y = np.stack([np.concatenate([np.full(longest - len(series), np.nan), series]) for series in one.series])
    ids = pd.DataFrame({"service": [f"s{k:03}" for k in range(len(y))], "metric": "load"})
    start = np.datetime64(STARTS[one.grain], "us")
    past = Panel(ids, y[:, : -one.horizon], start, "h" if one.grain == "h" else "d")
    outcome = forecast(past, one.horizon, FAST)
    return outcome, y[:, -one.horizon :], [series[: -one.horizon] for series in one.series]


def main(wanted: list[str]) -> int:
    """Print the tables that are wanted, all without a name."""
    every = {"budgets": budgets, "spend": spend, "limits": limits}
    found = [every[name]() for name in wanted or every]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
