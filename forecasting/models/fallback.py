"""Stand-ins for series that no model can forecast: never measured, flat, stopped, or too short to judge."""

from dataclasses import dataclass

import numpy as np

from forecasting.models.short_history import widening
from forecasting.panel.history import Floats, History
from forecasting.panel.series_class import went_to_zero

Z80, Z95 = 1.2816, 1.96
NEW_WIDTH = 2.0  # how much wider than its own spread the interval of a series too short to backtest is


@dataclass(frozen=True)
class Rescue:
    """A stand-in in scaled units and why it was needed."""

    bands: Floats  # (band, step)
    model: str
    reason: str


def rescue(history: History, row: int, series_class: str, horizon: int) -> Rescue | None:
    """Forecast as plainly as a series allows; None where it was never measured."""
    if series_class == "empty":
        return None
    seen = history.x[row][history.seen[row]]
    if series_class == "flat":
        reason = None if len(seen) > 1 else "one value was measured: repeats it"
        return Rescue(np.full((5, horizon), seen[-1]), "constant", reason or "every value is the same: repeats it")
    if series_class == "stopped" and went_to_zero(history.take(slice(row, row + 1)))[0]:
        return Rescue(np.zeros((5, horizon)), "stopped", "zero since a declared step: taken as stopped")
    # Zero is measured, silence is not: what went to zero stays there, what fell silent is not said to be zero.
    if series_class == "stopped" and not np.any(history.raw[row, -history.seasons[-1] :] != 0):
        return Rescue(np.zeros((5, horizon)), "stopped", "zero for four weeks: taken as stopped")
    season = next((s for s in reversed(history.seasons) if len(seen) >= s and _whole(history, row, s)), 1)
    ends = history.x.shape[1] - int(np.isfinite(history.x[row, ::-1]).argmax())  # what came later is no longer fresh
    tail = history.x[row, max(0, ends - season) : ends]
    mean = tail[(history.x.shape[1] - ends + np.arange(horizon)) % len(tail)]
    spread = NEW_WIDTH * float(np.std(seen)) * widening(horizon, len(seen))
    edges = [mean - Z95 * spread, mean - Z80 * spread, mean, mean + Z80 * spread, mean + Z95 * spread]
    reason = f"only {len(seen)} values: too short for a backtest"
    if series_class == "stopped":
        reason = "silent for four weeks: repeats the last week that was measured"
    return Rescue(np.stack(edges), f"seasonal_naive_{season}", reason)


def _whole(history: History, row: int, season: int) -> bool:
    return bool(history.x.shape[1] - history.first[row] >= season)
