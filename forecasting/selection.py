"""Choose and combine: which candidates have earned a place on a series, and their median.

Evidence is the absolute error at backtest origins relative to the reference (seasonal naive) at the same origins. With
few origins a series' own evidence is noisy, so it is shrunk toward how the candidate did on its peers in the panel.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FLOOR = 1e-9  # of the mean size of a series: an error below it is none
WORST = 20.0  # a candidate that is this many times worse than the reference is as bad as any


def origin_errors(forecasts: Floats, actual: Floats) -> Floats:
    """Mean absolute error (candidate, origin, series) of (candidate, origin, series, step); NaN where unmeasured."""
    gap = np.abs(forecasts - actual)
    seen = ~np.isnan(actual)
    count = seen.sum(axis=-1)
    total = np.where(seen, gap, 0.0).sum(axis=-1)
    found: Floats = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return found


def scores(errors: Floats, origins: Sequence[int], reference: int, peers: float) -> Floats:
    """Log of the error relative to the reference candidate: (candidate, series); +inf where it cannot be judged.

    `peers` counts as that many origins of evidence from the other series of the panel.
    """
    chosen = errors[:, list(origins)]
    base = chosen[reference]
    both = ~np.isnan(chosen) & ~np.isnan(base)
    own = np.where(both, chosen, 0.0).sum(axis=1) + FLOOR
    ref = np.where(both, base, 0.0).sum(axis=1) + FLOOR
    seen = both.sum(axis=1)
    log = np.log(np.clip(own / ref, 1 / WORST, WORST))
    judged = seen > 0
    pooled = np.where(judged, log, 0.0).sum(axis=1) / np.maximum(judged.sum(axis=1), 1)
    shrunk = (seen * log + peers * pooled[:, None]) / np.maximum(seen + peers, 1e-12)
    return np.where(judged, shrunk, np.inf)


def choose(score: Floats, available: NDArray[np.bool_], count: int) -> NDArray[np.intp]:
    """Indexes (count, series) of the best available candidates, best first; -1 where there are fewer."""
    ranked = np.where(available, score, np.inf)
    order = np.argsort(ranked, axis=0, kind="stable")[:count]
    best = np.take_along_axis(ranked, order, axis=0)
    return np.where(np.isfinite(best), order, -1)


def combine(forecasts: Floats, chosen: NDArray[np.intp]) -> Floats:
    """Median (series, step) over the chosen candidates of (candidate, series, step)."""
    rows = np.arange(forecasts.shape[1])
    picked = forecasts[np.maximum(chosen, 0), rows]
    picked[chosen < 0] = np.nan
    ordered = np.sort(picked, axis=0)
    seen = (~np.isnan(picked)).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum((seen - 1) // 2, 0)[None], axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(seen // 2, len(ordered) - 1)[None], axis=0)[0]
    return np.where(seen > 0, (low + high) / 2, np.nan)
