"""Errors relative to seasonal naive on a varied panel, ours beside statsforecast's AutoETS, AutoTheta and MSTL + ETS.

    .venv/bin/python tests/benchmarks/panel.py [--only WORD] [--cached]

Prints a markdown table: per set and horizon the geometric mean over series of MAE relative to seasonal naive (a day of
hours, a week of days), and the pooled WAPE relative to it. `--cached` takes the competitors from the last run.
"""

import argparse
import hashlib
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from panel_sets import STARTS, Set, sets  # noqa: E402 - the path comes first

from forecasting.options import ForecastOptions  # noqa: E402
from forecasting.panel.series import Panel  # noqa: E402
from forecasting.tournament import forecast  # noqa: E402

RUN = ROOT / ".run" / "benchmarks"
PYTHON = ROOT / ".run" / "bench-venv" / "bin" / "python"
MODELS = ("AutoETS", "AutoTheta", "MSTL")
SEASONS = {"h": (24, 168), "d": (7,)}
FLOOR = 0.05  # a series that naive foresees exactly would give an infinite ratio


def competitors(data: Set, *, cached: bool) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """Forecasts (series, step) and seconds by model."""
    history = [y[: -data.horizon] for y in data.series]
    key = hashlib.sha256(b"".join(y.tobytes() for y in history) + str(data.horizon).encode()).hexdigest()[:16]
    source, target = RUN / f"{key}.in.parquet", RUN / f"{key}.out.parquet"
    if not (cached and target.exists()):
        RUN.mkdir(parents=True, exist_ok=True)
        frame = pd.concat(
            pd.DataFrame({"unique_id": k, "ds": np.arange(len(y)), "y": y}) for k, y in enumerate(history)
        )
        frame.to_parquet(source)
        shortest = min(len(y) for y in history)
        seasons = [season for season in SEASONS[data.grain] if shortest > 2 * season]
        arguments = [str(source), str(target), str(data.horizon), ",".join(map(str, seasons)), ",".join(MODELS)]
        subprocess.run([str(PYTHON), str(Path(__file__).with_name("competitors.py")), *arguments], check=True)
    found = pd.read_parquet(target).sort_values(["unique_id", "ds"])
    cells = {name: name.split("|") for name in found.columns if "|" in name}
    forecasts = {m: found[name].to_numpy(dtype=float).reshape(-1, data.horizon) for name, (m, _) in cells.items()}
    return forecasts, {m: float(seconds) for m, seconds in cells.values()}


def ours(data: Set, options: ForecastOptions | None = None):
    """Outcome and seconds."""
    history = [y[: -data.horizon] for y in data.series]
    width = max(len(y) for y in history)
    y = np.full((len(history), width), np.nan)
    for row, values in enumerate(history):
        y[row, width - len(values) :] = values
    ids = pd.DataFrame({"service": [f"s{k:04d}" for k in range(len(y))], "metric": "value"})
    panel = Panel(ids, y, np.datetime64(STARTS[data.grain], "us"), data.grain)
    started = time.perf_counter()
    outcome = forecast(panel, data.horizon, options)
    return outcome, time.perf_counter() - started


def relative(truth: np.ndarray, naive: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """Geometric mean of MAE ratios, and ratio of the mean absolute errors scaled by size; idle series left out."""
    busy = np.abs(truth).mean(axis=1) > 0
    size = np.abs(truth[busy]).mean(axis=1)
    own, base = (np.abs(truth - f)[busy].mean(axis=1) / size for f in (found, naive))
    floor = FLOOR * np.median(base)
    ratio = np.log((own + floor) / (base + floor))
    return float(np.exp(ratio.mean())), float(own.mean() / base.mean())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    parser.add_argument("--cached", action="store_true")
    args = parser.parse_args()
    print(
        "| set | h | n | ours | AutoETS | AutoTheta | MSTL | ours WAPE | best of them | cov80 | cov95 | s | AutoETS s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    for data in sets(ROOT.parent / "shared"):
        if args.only and args.only not in f"{data.name} {data.grain}{data.horizon}":
            continue
        outcome, seconds = ours(data)
        others, times = competitors(data, cached=args.cached)
        truth = np.stack([y[-data.horizon :] for y in data.series])
        season = SEASONS[data.grain][0]
        naive = np.stack([np.resize(y[: -data.horizon][-season:], data.horizon) for y in data.series])
        scores = {name: relative(truth, naive, f) for name, f in {"ours": outcome.bands[2], **others}.items()}
        lo95, lo80, _, hi80, hi95 = outcome.bands
        inside = [float(((truth >= lo) & (truth <= hi)).mean()) for lo, hi in ((lo80, hi80), (lo95, hi95))]
        gmeans = [f"{scores[name][0]:.3f}" for name in ("ours", *MODELS)]
        best = min(MODELS, key=lambda name: scores[name][1])
        lost = " **lost**" if min(scores[m][0] for m in MODELS) < scores["ours"][0] else ""
        print(
            f"| {data.name} | {data.grain}{data.horizon} | {len(truth)} | {' | '.join(gmeans)}{lost} | "
            f"{scores['ours'][1]:.3f} | {scores[best][1]:.3f} {best} | {inside[0]:.2f} | {inside[1]:.2f} | "
            f"{seconds:.1f} | {times['AutoETS']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
