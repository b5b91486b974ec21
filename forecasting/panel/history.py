"""What every model sees: series scaled to size one, holes filled from their own past, and which cells were measured."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.outliers import outliers
from forecasting.panel.series import SEASONS, YEAR, Grain, Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALLEST_UNIT = 1e-6  # of the largest value: under it, a beginning was too quiet to give the unit


@dataclass(frozen=True)
class History:
    """A block of series on one grid: `y` is what was measured, `x` what models see, both divided by `scale`.

    In `x` missing and excluded cells are filled from their past, and only cells before a series begins are NaN. Fills
    feed lags only: a model fits the cells that are `seen`, and is judged on `y`.
    """

    x: Floats  # (series, time)
    y: Floats  # (series, time), NaN where nothing was measured
    seen: Bools  # (series, time), measured and not excluded
    first: NDArray[np.intp]  # (series,) column of the first measured value
    scale: Floats  # (series,) unit of x in the unit of the metric
    year_phase: float  # share of the year gone by at column 0
    grain: Grain

    @property
    def seasons(self) -> tuple[int, ...]:
        """Steps of the grain's seasons, the shortest first."""
        return SEASONS[self.grain]

    @property
    def year(self) -> float:
        """Steps in a year."""
        return YEAR[self.grain]

    def take(self, rows: NDArray[np.intp] | slice) -> "History":
        """Keep the grid and some of the series."""
        cells = {name: getattr(self, name)[rows] for name in ("x", "y", "seen", "first", "scale")}
        return replace(self, **cells)


def to_history(panel: Panel, rows: NDArray[np.intp], until: int, marked: Bools | None = None) -> History:
    """Scale and fill some of the panel's series; a series with no value at all is all NaN.

    The unit is taken from the columns before `until`, the first origin, so that no backtest knows of later sizes.
    Outliers and `marked` cells (series, time), such as holidays, are excluded from training.
    """
    values = panel.y[rows]
    seen = np.isfinite(values)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), values.shape[1])
    with np.errstate(over="ignore", under="ignore"):
        largest = np.max(np.abs(np.where(seen, values, 0.0)), axis=1)
        scale = np.where(largest > 0, largest, 1.0)
        unit = np.where(seen, values, 0.0) / scale[:, None]
    # The mean size, not the largest: one outlier must not decide the unit. Two steps, so that 1e300 cannot overflow.
    sized = seen & (np.arange(values.shape[1]) < until)
    mean = np.where(sized, np.abs(unit), 0.0).sum(axis=1) / np.maximum(sized.sum(axis=1), 1)
    mean = np.where(mean > SMALLEST_UNIT, mean, 1.0)
    scale, unit = scale * mean, unit / mean[:, None]
    y = np.where(seen, unit, np.nan)
    seen = seen & ~outliers(y, panel.grain, until)
    if marked is not None:
        seen &= ~marked
    begun = np.arange(y.shape[1]) > first[:, None]  # the first value stays, so that a series begins where it begins
    seen |= ~np.isnan(y) & ~begun
    x = fill_from_past(np.where(seen, y, np.nan), SEASONS[panel.grain])
    return History(x, y, seen, first, scale, panel.year_phase, panel.grain)


def fill_from_past(x: Floats, seasons: tuple[int, ...]) -> Floats:
    """Fill holes with the value one week, else one day, else one step before; only ever from the past."""
    filled = x.copy()
    lags = (*sorted(seasons, reverse=True), 1)
    for column in np.flatnonzero(np.isnan(x).any(axis=0)):
        for lag in lags:
            if lag <= column:
                hole = np.isnan(filled[:, column])
                filled[hole, column] = filled[hole, column - lag]
    return filled
