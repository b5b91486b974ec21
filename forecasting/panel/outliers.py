"""Which measured cells do not train a model: short outages, spikes, and days with an effect of their own.

Rule: a cell is left out where it differs from the median of the same step in the four weeks before it by more than SURE
robust deviations of the series and by more than LEAST of its level, for at most SHORT steps in a row (six hours, one
day). Longer is a new level, not an outlier. Where more than MOST of a series would go, spikes are its nature and all of
it stays. Only the past decides, so that a backtest excludes what would have been excluded then. Excluded cells still
count when forecasts are judged.
"""

import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import low_median, median
from forecasting.panel.series import SEASONS, Grain

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SURE = 8.0  # robust standard deviations
LEAST = 0.5  # of the typical size of the series
SHORT: dict[Grain, int] = {"5min": 72, "15min": 24, "30min": 12, "h": 6, "d": 1, "w": 1, "m": 1}
MOST = 0.02  # of the measured cells
WEEKS = 4
FEWEST = 3  # earlier weeks that a median needs


def outliers(y: Floats, grain: Grain, until: int) -> Bools:
    """Cells (series, time) to leave out of training; the series' own spread is taken from before `until`."""
    week = SEASONS[grain][-1]
    if y.shape[1] <= FEWEST * week:
        return np.zeros(y.shape, dtype=np.bool_)
    usual = _usual(y, week)
    far = np.abs(y - usual)
    known = ~np.isnan(far) & (np.arange(y.shape[1]) < until)
    spread = 1.4826 * _known_median(far, known)
    size = _known_median(np.abs(y), known)
    size = np.where(size > 0, size, np.inf)  # where zero is usual, what is not zero is what matters
    out = far > np.maximum(SURE * spread, LEAST * size)[:, None]  # false where unknown
    out &= _run_length(out) <= SHORT[grain]
    measured = ~np.isnan(y[:, :until])
    spiky = out[:, :until].sum(axis=1) > MOST * measured.sum(axis=1)
    out[spiky] = False
    return out


def _usual(y: Floats, week: int) -> Floats:
    """Median of the same step in the weeks before; NaN where fewer than FEWEST were measured."""
    earlier = np.full((WEEKS, *y.shape), np.nan)
    for k in range(WEEKS):
        shift = (k + 1) * week
        earlier[k, :, shift:] = y[:, :-shift] if shift < y.shape[1] else np.nan
    return median(earlier, axis=0, fewest=FEWEST)


def _run_length(out: Bools) -> NDArray[np.intp]:
    """How many cells in a row, up to and with this one, are out."""
    steps = np.arange(out.shape[1])
    last_in = np.maximum.accumulate(np.where(out, -1, steps), axis=1)
    return steps - last_in


def _known_median(cells: Floats, known: Bools) -> Floats:
    """Lower median by series; infinite where nothing is known, so that nothing is far from it."""
    middle = low_median(np.where(known, cells, np.nan), axis=1)
    return np.where(np.isnan(middle), np.inf, middle)
