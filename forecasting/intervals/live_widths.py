"""Intervals that learn from how earlier nights' intervals held: wider where truths fell outside, narrower where in."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.intervals.adaptive import Widening, widen, widening
from forecasting.outcome import BANDS, Outcome
from forecasting.panel.breaks.kinds import LEFT
from forecasting.panel.grain import MINUTES

Floats = NDArray[np.float64]

LEVELS = {"80": 0.80, "95": 0.95}
DAY = np.timedelta64(1, "D")


def learn_widths(outcome: Outcome, live: pd.DataFrame) -> tuple[Outcome, pd.DataFrame]:
    """Widen or narrow the bands of a forecast by what `live` says, and return what was learnt.

    `live` has the cells of earlier live forecasts that have met their actual: service, metric, made_on, step, actual,
    mean, lo80, hi80, lo95, hi95, each as wide as it was fitted. The second frame, one row a series, has width80,
    width95 (what the half-widths were multiplied by) and live_coverage80, live_coverage95 (ratio as published; NaN
    where nothing was scored). What was measured in an outage or an excursion teaches nothing of normal days.
    """
    ids = outcome.panel.ids
    cells = _in_normal_times(ids.reset_index(names="row").merge(live, on=["service", "metric"]), outcome)
    learnt = {level: _learn(cells, len(ids), level, target) for level, target in LEVELS.items()}
    floor = np.where((outcome.panel.y < 0).any(axis=1), -np.inf, 0.0)[:, None]
    band = {name: outcome.bands[k] for k, name in enumerate(BANDS)}
    for level, width in learnt.items():
        middle = (band[f"lo{level}"], band["mean"], band[f"hi{level}"])
        band[f"lo{level}"], band[f"hi{level}"] = widen(middle, width.multiplier, floor)
    band["lo95"] = np.minimum(band["lo95"], band["lo80"])
    band["hi95"] = np.maximum(band["hi95"], band["hi80"])
    widths = {f"width{level}": width.multiplier for level, width in learnt.items()}
    coverage = {f"live_coverage{level}": width.coverage for level, width in learnt.items()}
    return replace(outcome, bands=np.stack([band[name] for name in BANDS])), pd.DataFrame(widths | coverage)


def _in_normal_times(cells: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """Leave out the cells whose step met an outage or an excursion of its series."""
    if cells.empty or outcome.breaks.empty:
        return cells
    left = outcome.breaks[outcome.breaks["kind"].isin(LEFT)][["service", "metric", "from_utc", "to_utc"]]
    step = pd.Timedelta(minutes=MINUTES[outcome.panel.grain])
    begins = pd.to_datetime(cells["made_on"]) + cells["step"] * step
    met = cells[["service", "metric"]].assign(cell=cells.index, begins=begins).merge(left, on=["service", "metric"])
    ends = met["to_utc"].fillna(pd.Timestamp.max)
    hit = met[(met["from_utc"] < met["begins"] + step) & (ends > met["begins"])]
    return cells[~cells.index.isin(hit["cell"])]


def _learn(cells: pd.DataFrame, series: int, level: str, target: float) -> Widening:
    names = (f"lo{level}", "mean", f"hi{level}")
    if cells.empty:
        nothing = np.full((series, 1, 1), np.nan)
        return widening(nothing, (nothing, nothing, nothing), target)
    made_on = cells["made_on"].to_numpy().astype("datetime64[D]")
    night = ((made_on - made_on.min()) // DAY).astype(np.intp)
    row, step = cells["row"].to_numpy(), cells["step"].to_numpy()
    shape = (series, int(night.max()) + 1, int(step.max()) + 1)

    def laid_out(name: str) -> Floats:
        grid = np.full(shape, np.nan)
        grid[row, night, step] = cells[name].to_numpy(dtype=float)
        return grid

    low, mean, high = (laid_out(name) for name in names)
    return widening(laid_out("actual"), (low, mean, high), target)
