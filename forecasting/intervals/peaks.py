"""By how much the highest value of a horizon passes the highest that was forecast: what limits are planned with.

The interval of a step says nothing of the largest of ninety: errors are neither independent nor equal, and a tail that
is right for a step is far too long for a maximum. So the miss of the peak is measured itself at the backtest's origins,
divided by the size of error to expect, and its quantiles are taken per series and shrunk toward the panel's (split
conformal, as in forecasting/intervals/conformal.py).
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, ndtri

from forecasting.intervals.conformal import PEERS, to_level
from forecasting.nanstats import mean as nanmean
from forecasting.panel.history import Floats, History

PEAK_SCORES = ndtri(np.array([0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99]))
UPWARD = 1.2  # times that quantiles over the median are moved away from it: few origins have seen no worst day
MIDDLE = 4  # place of the median
FEWEST, MOST = 0.2, 5.0  # times that a future may be scaled to have its peak


def peak_quantiles(actual: Floats, residuals: Floats, size: Floats, history: History, origins: Sequence[int]) -> Floats:
    """Quantiles (series, score) at PEAK_SCORES of peak - peak of the forecast, scaled; NaN where nothing is measured.

    `actual`, `residuals`: (origin, series, step), scaled; `size`: (series, horizon), the error to expect at each step.
    """
    missed = _peak_missed(actual, residuals)
    level = to_level(missed[:, :, None], history, origins, history.x.shape[1])[:, :, 0]
    back = nanmean(size[:, : residuals.shape[2]], axis=1)
    ratio = np.divide(level, back, out=np.full(level.shape, np.nan), where=back > 0).T  # (series, origin)
    pool = ratio[~np.isnan(ratio)]
    if not pool.size:
        return np.full((len(ratio), len(PEAK_SCORES)), np.nan)
    whole = _quantiles(pool)
    quantiles = np.empty((len(ratio), len(PEAK_SCORES)))
    for row, own in enumerate(ratio):
        known = own[~np.isnan(own)]
        weight = len(known) / (len(known) + PEERS)
        quantiles[row] = weight * _quantiles(known) + (1 - weight) * whole if len(known) else whole
    quantiles = np.maximum.accumulate(quantiles, axis=1)
    middle = quantiles[:, [MIDDLE]]
    wide = np.where(quantiles > middle, middle + UPWARD * (quantiles - middle), quantiles)
    scaled: Floats = wide * nanmean(size, axis=1)[:, None]
    return scaled


def with_peaks(paths: Floats, mean: Floats, errors: Floats) -> Floats:
    """Scale futures (series, path, step), in place, so that their peaks are spread as peaks were; not where NaN.

    The future of the k-th highest peak gets the k-th highest of the peaks to expect: which future is high, and when,
    stays as it was simulated.
    """
    count = paths.shape[1]
    highest = paths.max(axis=2)
    ranks = np.argsort(np.argsort(highest, axis=1, kind="stable"), axis=1, kind="stable")
    scores = ndtri((np.arange(count) + 0.5) / count)
    for row in np.flatnonzero(np.isfinite(errors).all(axis=1)):
        wanted = mean[row].max() + _at_scores(scores, errors[row])[ranks[row]]
        factor = np.divide(wanted, highest[row], out=np.ones(count), where=(highest[row] > 0) & (wanted > 0))
        paths[row] *= np.clip(factor, FEWEST, MOST)[:, None]
    return paths


def _at_scores(scores: Floats, quantiles: Floats) -> Floats:
    """Quantiles at any scores: linear between PEAK_SCORES, the outer pieces going on."""
    slopes = np.diff(quantiles)[[0, -1]] / np.diff(PEAK_SCORES)[[0, -1]]
    below, above = np.minimum(scores - PEAK_SCORES[0], 0.0), np.maximum(scores - PEAK_SCORES[-1], 0.0)
    result: Floats = np.interp(scores, PEAK_SCORES, quantiles) + slopes[0] * below + slopes[1] * above
    return result


def _peak_missed(actual: Floats, residuals: Floats) -> Floats:
    """Peak less the peak of the forecast (origin, series), over the steps that are measured."""
    known = ~np.isnan(actual) & ~np.isnan(residuals)
    top = np.where(known, actual, -np.inf).max(axis=2, initial=-np.inf)
    foreseen = np.where(known, actual - residuals, -np.inf).max(axis=2, initial=-np.inf)
    missed = np.full(top.shape, np.nan)
    np.subtract(top, foreseen, out=missed, where=known.any(axis=2))
    return missed


def _quantiles(sample: Floats) -> Floats:
    """Quantiles at PEAK_SCORES; where a sample is too small to have one, what its spread says."""
    plain = np.quantile(sample, ndtr(PEAK_SCORES))
    middle, spread = np.median(sample), np.std(sample)
    beyond = middle + PEAK_SCORES * spread
    too_few = np.minimum(ndtr(PEAK_SCORES), 1 - ndtr(PEAK_SCORES)) * (len(sample) + 1) < 1
    upper, lower = np.maximum(plain, beyond), np.minimum(plain, beyond)
    result: Floats = np.where(too_few, np.where(PEAK_SCORES > 0, upper, lower), plain)
    return result
