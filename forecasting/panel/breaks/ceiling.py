"""Saturation: measurements pressed against a ceiling, above which nobody can tell what was wanted.

A ceiling is the highest value of the last weeks, to a thousandth, where it is reached on many days and far more often
than the values just below it: a load that is free thins out toward its highest values. What has few distinct values,
such as a count of machines, has no ceiling in this sense.
"""

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import Break
from forecasting.panel.grain import DAY, SEASONS, Grain

Floats = NDArray[np.float64]

RECENT_WEEKS = 4  # in which it has to be reached
TIE = 1e-3  # of the ceiling: what is nearer to it is at it
EQUAL = 1e-9  # of the ceiling: the same number, but for how it was written
BELOW = 2e-2  # of the ceiling: what is free there is compared with
SHARE, DAYS = 0.04, 5  # of the recent measurements, and days of them, that are at it
PILED = 3.0  # times as many at the ceiling as in the band under it
DISTINCT = 30  # values under it that a free load has had
TOUCHED = 0.15  # of the days of four weeks: it is at its ceiling since that is so


def find_ceilings(y: Floats, grain: Grain) -> dict[int, Break]:
    """Find by row the saturation that is on now, in y (series, time), NaN where not measured."""
    day, recent = DAY[grain], RECENT_WEEKS * SEASONS[grain][-1]
    if grain in ("w", "m") or y.shape[1] <= 2 * recent:
        return {}
    known = np.where(np.isnan(y), -np.inf, y)
    late = known[:, -recent:]
    top = late.max(axis=1)
    with np.errstate(invalid="ignore"):
        at = (late >= (top * (1 - TIE))[:, None]) & (top > 0)[:, None]
        under = (late >= (top * (1 - BELOW))[:, None]) & ~at
    measured = np.isfinite(late).sum(axis=1)
    piled = at.sum(axis=1) >= PILED * under.sum(axis=1)
    equal = (late >= (top * (1 - EQUAL))[:, None]).sum(axis=1) >= SHARE * measured  # no free load repeats its highest
    often = (at.sum(axis=1) >= SHARE * measured) & (piled | equal) & (measured > 0) & (top > 0)
    ceilings = {}
    for row in np.flatnonzero(often).tolist():
        one = _ceiling(y[row], float(top[row]), day)
        if one is not None:
            ceilings[row] = one
    return ceilings


def _ceiling(y: Floats, top: float, day: int) -> Break | None:
    at: NDArray[np.bool_] = np.less_equal(np.abs(y - top), top * TIE)
    free = y[~np.isnan(y) & ~at]
    if len(np.unique(free)) < DISTINCT:
        return None
    days = len(y) // day
    touched = np.asarray(at[len(y) - days * day :].reshape(days, day).any(axis=1))
    window = RECENT_WEEKS * 7
    if touched[-window:].sum() < DAYS or not touched[-14:].any():
        return None
    # Back from the newest day for as long as the four weeks around were at it often enough.
    share = np.convolve(touched, np.ones(window), mode="full")[window - 1 :][:days] / np.minimum(
        window, days - np.arange(days)
    )
    enough: NDArray[np.bool_] = np.greater_equal(share, TOUCHED)
    enough[-14:] = True  # it has been reached in the newest two weeks, not on each of their days
    first = days - int(np.argmin(enough[::-1])) if not enough.all() else 0
    passed = np.asarray(np.greater(y[len(y) - days * day :], top * (1 + TIE)).reshape(days, day).any(axis=1))
    first = max(first, days - int(np.argmax(passed[::-1])) if passed.any() else 0)  # it was no ceiling yet
    since = first + int(np.argmax(touched[first:]))
    begin = len(y) - days * day + since * day + int(np.argmax(at[len(y) - days * day + since * day :]))
    late = at[begin:][~np.isnan(y[begin:])]
    return Break("saturation", begin, len(y), is_open=True, factor=np.nan, shift=top, evidence=float(late.mean()))
