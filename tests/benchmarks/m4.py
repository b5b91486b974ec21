"""M4 Hourly: our errors, intervals and seconds beside the competition's and statsforecast's AutoETS in the same run.

    .venv/bin/python tests/benchmarks/m4.py [--no-autoets]

Reads ../shared/real/m4_hourly, prints a markdown table, and ends with 1 where a bar of the project is missed.
Definitions: sMAPE, MASE, OWA (Naive 2: 18.383 and 2.395) and 95 % MSIS as in the competition, with a season of 24.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from panel_sets import m4_hourly  # noqa: E402 - the path comes first

from forecasting import accuracy  # noqa: E402
from forecasting.panel.series import Panel  # noqa: E402
from forecasting.tournament import forecast  # noqa: E402

SHARED = ROOT.parent / "shared"
RUN = ROOT / ".run" / "benchmarks"
PYTHON = ROOT / ".run" / "bench-venv" / "bin" / "python"
HORIZON, SEASON = 48, 24
NAIVE2_SMAPE, NAIVE2_MASE = 18.383, 2.395
START = np.datetime64("2020-01-06", "us")  # the competition gives no dates


def autoets(history: list[np.ndarray]) -> tuple[np.ndarray, float]:
    """AutoETS forecasts (series, step) and its seconds on two processes."""
    RUN.mkdir(parents=True, exist_ok=True)
    source, target = RUN / "m4.in.parquet", RUN / "m4.out.parquet"
    frame = pd.concat(pd.DataFrame({"unique_id": k, "ds": np.arange(len(y)), "y": y}) for k, y in enumerate(history))
    frame.to_parquet(source)
    script = str(Path(__file__).with_name("competitors.py"))
    subprocess.run([str(PYTHON), script, str(source), str(target), str(HORIZON), str(SEASON), "AutoETS"], check=True)
    found = pd.read_parquet(target).sort_values(["unique_id", "ds"])
    column = next(name for name in found.columns if name.startswith("AutoETS|"))
    return found[column].to_numpy(dtype=float).reshape(-1, HORIZON), float(column.split("|")[1])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-autoets", action="store_true", help="leave the slow comparison out")
    args = parser.parse_args()
    values = m4_hourly(SHARED / "real")
    history, truth = [y[:-HORIZON] for y in values], np.stack([y[-HORIZON:] for y in values])
    width = max(len(y) for y in history)
    y = np.stack([np.r_[np.full(width - len(h), np.nan), h] for h in history])
    scale = accuracy.seasonal_scale(y, SEASON)
    ids = pd.DataFrame({"service": [f"H{k + 1}" for k in range(len(y))], "metric": "value"})
    started = time.perf_counter()
    lo95, lo80, mean, hi80, hi95 = forecast(Panel(ids, y, START, "h"), HORIZON).bands
    seconds = time.perf_counter() - started

    def row(f: np.ndarray) -> tuple[float, float, float]:
        smape, mase = accuracy.smape(truth, f).mean(), accuracy.mase(truth, f, scale).mean()
        return smape, mase, float(accuracy.owa(smape, mase, NAIVE2_SMAPE, NAIVE2_MASE))

    smape, mase, owa = row(mean)
    msis = accuracy.msis(truth, lo95, hi95, scale).mean()
    cover80, cover95 = (accuracy.coverage(truth, lo, hi).mean() for lo, hi in ((lo80, hi80), (lo95, hi95)))
    print("| method | sMAPE | MASE | OWA | MSIS 95 % | cover 80 % | cover 95 % | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    print("| best of the 49 M4 entries (#238) | 8.91 | 0.801 | 0.410 | 6.1 | | | |")
    bars = [owa <= 0.400, smape <= 9.2, mase <= 0.73, msis <= 6.1, 0.78 <= cover80 <= 0.82, 0.93 <= cover95 <= 0.97]
    if not args.no_autoets:
        found, slow = autoets(history)
        print("| statsforecast AutoETS | {:.2f} | {:.3f} | {:.3f} | | | | {:.1f} |".format(*row(found), slow))
        bars.append(slow >= 10 * seconds)
    print(
        f"| this project | {smape:.2f} | {mase:.3f} | {owa:.3f} | {msis:.2f} | {cover80:.3f} | {cover95:.3f} | "
        f"{seconds:.1f} |"
    )
    return 0 if all(bars) else 1


if __name__ == "__main__":
    sys.exit(main())
