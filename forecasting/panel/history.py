"""What every model sees: series scaled to size one, at today's level, holes filled from their own past."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import Break
from forecasting.panel.breaks.view import Regimes, see
from forecasting.panel.outliers import outliers
from forecasting.panel.series import SEASONS, YEAR, Grain, Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SMALLEST_UNIT = 1e-6  # of the largest value: under it, a beginning was too quiet to give the unit
STALE_SEASONS = 3  # a fill that is older tells nothing of the season any more
Found = Sequence[tuple[Break, ...]]


@dataclass(frozen=True)
class History:
    """A block of series on one grid: `y` is what was measured, `x` what models see, both at today's level.

    Today's level is the measured value times `factor` plus `shift`, over `scale`: what lies before a step or a ramp is
    brought to the level after it. In `x` missing and excluded cells are filled from their past; cells before a series
    begins, and holes whose season is no longer fresh, are NaN. Fills feed lags only: a model fits the cells that are
    `seen`, and is judged on `y`, which knows nothing of outages and excursions.
    """

    x: Floats  # (series, time)
    y: Floats  # (series, time), NaN where nothing was measured, and within breaks
    seen: Bools  # (series, time), measured and not excluded
    first: NDArray[np.intp]  # (series,) column of the first measured value
    scale: Floats  # (series,) unit of x in the unit of the metric
    factor: Floats  # (series, time)
    shift: Floats  # (series, time), in units of x
    regime: Regimes  # (series, time): a forecast is judged where the number is that of its origin
    raw: Floats  # (series, time), measured, over scale, as it was then
    allowed: Bools  # (series, time): may train, but for breaks and outliers
    found: Found  # breaks of each series
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
        names = ("x", "y", "seen", "first", "scale", "factor", "shift", "regime", "raw", "allowed")
        cells = {name: getattr(self, name)[rows] for name in names}
        found = [self.found[int(row)] for row in np.arange(len(self.x))[rows]]
        return replace(self, **cells, found=found)

    def then(self, values: Floats, column: int) -> Floats:
        """Bring scaled values (..., series, step) at today's level back to that of `column` and the metric's unit."""
        at = np.s_[:, column, None]
        result: Floats = (values - self.shift[at]) / self.factor[at] * self.scale[:, None]
        return result


def to_history(
    panel: Panel, rows: NDArray[np.intp], until: int, marked: Bools | None = None, found: Found | None = None
) -> History:
    """Scale, level and fill some of the panel's series; a series with no value at all is all NaN.

    The unit is taken from the columns before `until`, the first origin, so that no backtest knows of later sizes.
    Outliers, `marked` cells (series, time), such as holidays, and the breaks `found` do not train.
    """
    values = panel.y[rows]
    seen = np.isfinite(values)
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), values.shape[1])
    with np.errstate(over="ignore", under="ignore"):
        largest = np.max(np.abs(np.where(seen, values, 0.0)), axis=1)
        scale = np.where(largest > 0, largest, 1.0)
        unit = np.where(seen, values / scale[:, None], np.nan)
    base = History(
        x=unit,
        y=unit,
        seen=seen,
        first=first,
        scale=scale,
        factor=np.broadcast_to(1.0, unit.shape),
        shift=np.broadcast_to(0.0, unit.shape),
        regime=np.broadcast_to(np.int16(0), unit.shape),
        raw=unit,
        allowed=seen if marked is None else seen & ~marked,
        found=[()] * len(unit),
        year_phase=panel.year_phase,
        grain=panel.grain,
    )
    return with_breaks(base, base.found if found is None else found, until)


def with_breaks(base: History, found: Found, until: int) -> History:
    """Look at a history again as one who knows the breaks of its series, in the unit of what is before `until`."""
    in_unit = [
        tuple(replace(one, shift=one.shift / scale) for one in breaks)
        for breaks, scale in zip(found, base.scale, strict=True)
    ]
    view = see(in_unit, base.raw.shape[1])
    y = base.raw if view is None else np.where(view.out, np.nan, base.raw * view.factor + view.shift)
    # The mean size, not the largest: one outlier must not decide the unit. Two steps, so that 1e300 cannot overflow.
    sized = ~np.isnan(y) & (np.arange(y.shape[1]) < until)
    mean = np.where(sized, np.abs(y), 0.0).sum(axis=1) / np.maximum(sized.sum(axis=1), 1)
    mean = np.where(mean > SMALLEST_UNIT, mean, 1.0)
    y = y / mean[:, None]
    seen = base.allowed & ~np.isnan(y) & ~outliers(y, base.grain, until)
    begun = np.arange(y.shape[1]) > base.first[:, None]  # the first value stays: a series begins there
    seen |= ~np.isnan(base.raw) & ~begun
    level = base.raw if view is None else base.raw * view.factor + view.shift
    x = fill_from_past(np.where(seen, level / mean[:, None], np.nan), SEASONS[base.grain])
    known = replace(base, x=x, y=y, seen=seen, scale=base.scale * mean, raw=base.raw / mean[:, None], found=found)
    if view is None:
        return known
    return replace(known, factor=view.factor, shift=view.shift / mean[:, None], regime=view.regime)


def current_regime(history: History) -> Regimes:
    """Return the regime (series,) that is forecast from: of an open outage or excursion, the one before it."""
    now = history.regime[:, -1].copy()
    for row, breaks in enumerate(history.found):
        if breaks and breaks[-1].kind == "excursion" and breaks[-1].is_open and breaks[-1].begin:
            now[row] = history.regime[row, breaks[-1].begin - 1]
    return now


def fill_from_past(x: Floats, seasons: tuple[int, ...]) -> Floats:
    """Fill holes with the value one week, else one day, else one step before; only ever from the past.

    A value is passed on for three seasons of its lag at most; a hole that nothing fresh reaches stays a hole.
    """
    filled = x.copy()
    lags = (*sorted(seasons, reverse=True), 1)
    oldest = STALE_SEASONS * max(seasons)
    age = np.zeros(x.shape, dtype=np.int32)  # steps since the filling value was measured
    for column in np.flatnonzero(np.isnan(x).any(axis=0)):
        for lag in lags:
            if lag > column:
                continue
            older = age[:, column - lag] + lag
            hole = np.isnan(filled[:, column]) & (older <= oldest)
            filled[hole, column] = filled[hole, column - lag]
            age[hole, column] = older[hole]
    return filled
