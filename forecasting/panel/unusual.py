"""How far each day lies from what is usual around it: the log of its level against the same weekday near by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats

Floats = NDArray[np.float64]

WEEKS = 6  # to each side, of the same weekday: five weeks are still less than half of what they are held against
FEWEST = 3  # of them that are known
SMALL = 0.1  # of a series' mean size is added before logs, so that a zero is no cliff
SMALLEST_SPREAD = 0.01  # log: of a series without noise
LARGEST = np.log(1000.0)


@dataclass(frozen=True)
class Unusual:
    """One row a series, one column a day; NaN where a day or what is around it is not known."""

    log: Floats  # (series, day)
    spread: Floats  # (series,) robust standard deviation of `log`
    week_spread: Floats  # (series,) the same of its mean over a week
    small: Floats  # (series,) what is added to a level before logs, in the unit of the metric; NaN: has negative levels


def unusual(levels: Floats) -> Unusual:
    """Hold each day's level against the median of the same weekday in the weeks around it."""
    small = SMALL * nanstats.mean(np.abs(levels), axis=1)
    small = np.where((small > 0) & ~np.any(levels < 0, axis=1), small, np.nan)
    apart = against_weekdays(levels, small)
    return Unusual(apart, _spread(apart), _spread(week_mean(apart)), small)


def against_weekdays(levels: Floats, small: Floats) -> Floats:
    """Log (series, day, ...) of each level over the median of the same weekday in the weeks around it."""
    with np.errstate(invalid="ignore"):
        logs = np.log(levels + small.reshape(-1, *[1] * (levels.ndim - 1)))
    around = np.full((2 * WEEKS, *logs.shape), np.nan)
    days = logs.shape[1]
    for k, shift in enumerate(7 * week for week in range(-WEEKS, WEEKS + 1) if week):
        if abs(shift) < days:
            around[k, :, max(0, -shift) : days - max(0, shift)] = logs[:, max(0, shift) : days - max(0, -shift)]
    result: Floats = np.clip(logs - nanstats.median(around, axis=0, fewest=FEWEST), -LARGEST, LARGEST)
    return result


def week_mean(cells: Floats) -> Floats:
    """Mean (series, day) of the seven days about each one; NaN where fewer than four are known."""
    padded = np.pad(cells, ((0, 0), (3, 3)), constant_values=np.nan)
    return nanstats.mean(np.lib.stride_tricks.sliding_window_view(padded, 7, axis=1), axis=2, fewest=4)


def _spread(cells: Floats) -> Floats:
    spread = 1.4826 * nanstats.median(np.abs(cells), axis=1)
    return np.where(np.isnan(spread), np.inf, np.maximum(spread, SMALLEST_SPREAD))
