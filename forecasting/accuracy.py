"""Measures of forecast error, over the last axis; a cell that is missing in any input is left out.

Definitions: Hyndman & Koehler 2006 (MASE), Makridakis et al. 2020, "The M4 Competition", section 2 (sMAPE, OWA, MSIS).
Each returns NaN where nothing can be measured: no common cell, or a denominator of zero.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def wape(actual: ArrayLike, forecast: ArrayLike) -> Floats:
    """Sum of absolute errors over the sum of absolute actuals: a ratio, 0.1 is ten percent."""
    y, f = _pair(actual, forecast)
    return _ratio(np.nansum(np.abs(y - f), axis=-1), np.nansum(np.abs(y), axis=-1))


def bias(actual: ArrayLike, forecast: ArrayLike) -> Floats:
    """Sum of (forecast - actual) over the sum of absolute actuals; positive is too high."""
    y, f = _pair(actual, forecast)
    return _ratio(np.nansum(f - y, axis=-1), np.nansum(np.abs(y), axis=-1))


def smape(actual: ArrayLike, forecast: ArrayLike) -> Floats:
    """M4's symmetric error in percent, 0 to 200; a cell where both are zero has no error."""
    y, f = _pair(actual, forecast)
    size = np.abs(y) + np.abs(f)
    return _mean(200 * np.abs(y - f) / np.where(size == 0, 1, size))


def mase(actual: ArrayLike, forecast: ArrayLike, scale: ArrayLike) -> Floats:
    """Mean absolute error over `scale`, the in-sample error of seasonal naive (see `seasonal_scale`)."""
    y, f = _pair(actual, forecast)
    return _ratio(_mean(np.abs(y - f)), np.asarray(scale, dtype=float))


def seasonal_scale(history: ArrayLike, season: int) -> Floats:
    """Mean absolute change over one season, in-sample: what MASE and MSIS divide by."""
    y = np.asarray(history, dtype=float)
    return _mean(np.abs(y[..., season:] - y[..., :-season]))


def owa(smape_: ArrayLike, mase_: ArrayLike, smape_naive2: ArrayLike, mase_naive2: ArrayLike) -> Floats:
    """M4's overall weighted average: the mean of both errors, each relative to Naive 2."""
    left = _ratio(np.asarray(smape_, dtype=float), np.asarray(smape_naive2, dtype=float))
    right = _ratio(np.asarray(mase_, dtype=float), np.asarray(mase_naive2, dtype=float))
    return (left + right) / 2


def pinball(actual: ArrayLike, quantile: ArrayLike, probability: float) -> Floats:
    """Mean pinball loss of a forecast of the given quantile, in the unit of the series."""
    y, q = _pair(actual, quantile)
    return _mean(np.maximum(probability * (y - q), (probability - 1) * (y - q)))


def coverage(actual: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """Share of actuals inside [low, high]."""
    y, lo, hi = _triple(actual, low, high)
    inside = np.where(np.isnan(y), np.nan, ((y >= lo) & (y <= hi)).astype(float))
    return _mean(inside)


def msis(actual: ArrayLike, low: ArrayLike, high: ArrayLike, scale: ArrayLike, level: float = 0.95) -> Floats:
    """Mean scaled interval score: width plus 2/(1-level) times each miss, over `scale` (M4, section 2.2)."""
    y, lo, hi = _triple(actual, low, high)
    miss = np.maximum(lo - y, 0) + np.maximum(y - hi, 0)
    return _ratio(_mean(hi - lo + 2 / (1 - level) * miss), np.asarray(scale, dtype=float))


def _pair(left: ArrayLike, right: ArrayLike) -> tuple[Floats, Floats]:
    a, b = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    hole = np.isnan(a) | np.isnan(b)
    return np.where(hole, np.nan, a), np.where(hole, np.nan, b)


def _triple(first: ArrayLike, second: ArrayLike, third: ArrayLike) -> tuple[Floats, Floats, Floats]:
    a, b, c = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (first, second, third)))
    hole = np.isnan(a) | np.isnan(b) | np.isnan(c)
    return np.where(hole, np.nan, a), np.where(hole, np.nan, b), np.where(hole, np.nan, c)


def _mean(cells: Floats) -> Floats:
    seen = np.sum(~np.isnan(cells), axis=-1)
    return _ratio(np.nansum(cells, axis=-1), np.asarray(seen, dtype=float))


def _ratio(top: Floats, bottom: Floats) -> Floats:
    top, bottom = np.broadcast_arrays(top, bottom)
    result: Floats = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=~np.isnan(bottom) & (bottom != 0))
    return result
