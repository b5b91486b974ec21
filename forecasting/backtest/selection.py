"""Choose and combine: what each candidate has earned on a series, and the weighted middle of the best.

Evidence is the absolute error at backtest origins, as a log against the other candidates at the same origin (of series
that are zero often, the square error). With few origins it is noisy, and how noisy can be seen: so it is shrunk toward
how the candidate did on the other series.
What foresees tomorrow is not what foresees next week, so each stretch of the horizon is combined by its own evidence,
and somewhat less by that of the whole.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import mean, median, ratio

Floats = NDArray[np.float64]
Cells = NDArray[np.float32]

FLOOR = 1e-9  # of the mean size of a series: an error below it is none
SHARPNESS = 0.6  # how fast weight falls with error, in units of how well scores can be told apart
DULLEST, SHARPEST = 4.0, 30.0  # the same a log of error: few origins, or very many series
OF_SQUARES = 5.0  # times: where the noise is most of any error, what candidates differ by is a small share of it
SMALLEST_WEIGHT = 0.02
NEAR = 0.02  # of the median error: candidates closer to the truth than this are equally good
FARTHEST = 3.0  # log: a candidate e^3 times worse than the median one is as bad as any
LONE_SPREAD = 0.05  # variance of log errors between series, where there is only one to tell
STRETCHES = 8  # of the horizon
OF_STRETCH = 0.6  # of the evidence: a stretch's own; the rest is that of the whole horizon
UNIT = 1 << 20  # of weight, the best candidate's being one: whole numbers are added exactly
MIDDLE = (0.25, 0.75)  # of the weight: what is averaged, so that neither an odd candidate nor a switch of ranks counts


def origin_errors(forecasts: Floats | Cells, actual: Floats, averaged: NDArray[np.bool_]) -> Floats:
    """Error (candidate, origin, series) of (candidate, origin, series, step); NaN where unmeasured.

    Mean absolute, or root mean square for the `averaged` series: where most values are zero, so is the median.
    """
    seen = ~np.isnan(actual)
    count = seen.sum(axis=-1)
    truth = np.where(seen, actual, 0.0).astype(forecasts.dtype)
    sizes = np.empty((len(forecasts), *count.shape))
    for error, cells in zip(sizes, forecasts, strict=True):
        gap = np.where(seen, np.abs(cells - truth), 0.0)
        error[:] = ratio(gap.sum(axis=-1, dtype=np.float64), count)
        if averaged.any():
            square = (gap[:, averaged].astype(np.float64) ** 2).sum(axis=-1)
            error[:, averaged] = np.sqrt(ratio(square, count[:, averaged]))
    return sizes


def scores(
    errors: Floats, origins: Sequence[int], independent: float, averaged: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Expect a log error of each candidate, relative to the others: (candidate, series); +inf where never judged.

    The second array (series) is the standard deviation of these expectations.

    Empirical Bayes (Efron & Morris 1975): the mean log error of a candidate on a series is shrunk toward its mean over
    the panel, and that toward none, by how much of its spread the noise between origins explains. `independent` is how
    many of the overlapping origins count as one apart from the others, as a share.
    """
    apart = _apart(errors[:, list(origins)], averaged)
    seen = (~np.isnan(apart)).sum(axis=1)
    own = ratio(np.nansum(apart, axis=1), seen)
    noise = _noise(apart, own, np.maximum(1.0, independent * seen))
    panel = ratio(np.nansum(own, axis=1), (~np.isnan(own)).sum(axis=1))
    series = own.shape[1]
    true_spread = LONE_SPREAD
    if series > 1:
        true_spread = max(0.0, _mean_square(own - panel[:, None]) * series / (series - 1) - float(noise.mean()))
    trust = true_spread / (true_spread + noise)
    differ = _mean_square(panel - np.nansum(panel) / max(1, (~np.isnan(panel)).sum()))
    trust_panel = max(0.0, differ - (float(noise.mean()) + true_spread) / series) / max(differ, 1e-12)
    expected = trust * own + (1 - trust) * trust_panel * panel[:, None]
    doubt = np.sqrt(trust * noise + (1 - trust) ** 2 * _panel_noise(apart, independent))
    # A series without any evidence, as after a break, takes the panel's word for it.
    blank = ~seen.any(axis=0)
    expected[:, blank] = np.nan_to_num(trust_panel * panel)[:, None]
    return np.where((seen > 0) | blank, expected, np.inf), doubt


def _apart(errors: Floats, averaged: NDArray[np.bool_]) -> Floats:
    """How much worse each candidate was than the median one: a log of errors (candidate, origin, series).

    Of the `averaged` series the squares are held against the size that squares have over all origins, which is the same
    to first order. A log at one origin would reward who says nothing at all: among days of mostly zeros, many a stretch
    has none that is not.
    """
    middle = median(errors, axis=0)
    floor = FLOOR + NEAR * np.nan_to_num(middle)
    apart = np.log(errors + floor) - np.log(middle + floor)
    if averaged.any():
        square, usual = errors[:, :, averaged] ** 2, middle[:, averaged] ** 2
        size = mean(usual, axis=0) + FLOOR
        apart[:, :, averaged] = (square - usual) / (2 * size)
    result: Floats = np.clip(apart, -FARTHEST, FARTHEST)
    return result


def _panel_noise(apart: Floats, independent: float) -> float:
    """Variance of a candidate's mean over the panel, from its spread over origins: series of one panel err together."""
    by_origin = ratio(np.nansum(apart, axis=2), (~np.isnan(apart)).sum(axis=2))
    seen = (~np.isnan(by_origin)).sum(axis=1)
    own = ratio(np.nansum(by_origin, axis=1), seen)
    each = ratio(np.nansum((by_origin - own[:, None]) ** 2, axis=1), np.where(seen > 1, seen - 1, 0))
    if np.isnan(each).all():
        return LONE_SPREAD
    return float(np.nanmean(each)) / max(1.0, independent * float(seen.mean()))


def _noise(apart: Floats, own: Floats, count: Floats) -> Floats:
    """Variance (series) of a candidate's mean, from its spread over origins; the panel's where there is one origin."""
    seen = (~np.isnan(apart)).sum(axis=1)
    square = np.nansum((apart - own[:, None]) ** 2, axis=1)
    each = ratio(square, np.where(seen > 1, seen - 1, 0))
    many = ratio(np.nansum(count * (seen > 0), axis=0), (seen > 0).sum(axis=0))
    by_series = ratio(np.nansum(each, axis=0), (~np.isnan(each)).sum(axis=0)) / many
    known = by_series[~np.isnan(by_series)]
    return np.where(np.isnan(by_series), np.median(known) if known.size else LONE_SPREAD, by_series) + 1e-6


def _mean_square(cells: Floats) -> float:
    """Mean square of what is not NaN; 0 where nothing is."""
    return float(np.nansum(cells**2) / max(1, (~np.isnan(cells)).sum()))


def weights(score: Floats, doubt: Floats, available: NDArray[np.bool_], averaged: NDArray[np.bool_]) -> Floats:
    """Weight (candidate, series) of each candidate, the best one's being 1; 0 where it is unavailable or far worse.

    Exponential weights (Cesa-Bianchi & Lugosi 2006, section 2.2), the steeper the less `doubt` (series) there is.
    """
    ranked = np.where(available, score, np.inf)
    best = np.min(ranked, axis=0)
    gap = np.subtract(ranked, best, out=np.full(ranked.shape, np.inf), where=np.isfinite(best) & np.isfinite(ranked))
    sharpness = np.clip(SHARPNESS / doubt, DULLEST, SHARPEST) * np.where(averaged, OF_SQUARES, 1.0)
    weight: Floats = np.exp(-sharpness * gap)
    return np.where(weight >= SMALLEST_WEIGHT, weight, 0.0)


def stretches(horizon: int) -> list[slice]:
    """Cut a horizon into parts of about equal length."""
    edges = np.unique(np.round(horizon * np.arange(STRETCHES + 1) / STRETCHES).astype(int)).tolist()
    return [slice(begin, end) for begin, end in pairwise(edges)]


def heaviest(weight: Floats, keep: int) -> NDArray[np.intp]:
    """Pick the `keep` heaviest candidates of each series, best first: (keep, series)."""
    order: NDArray[np.intp] = np.argsort(-weight, axis=0, kind="stable")[:keep]
    return order


def combine(forecasts: Floats | Cells, weight: Floats, keep: int, averaged: NDArray[np.bool_]) -> Floats:
    """Weighted middle (series, step) of (candidate, series, step) over the `keep` heaviest candidates.

    The middle is the mean of the middle half of the weight, between the median and the mean. NaN where there is no
    candidate. The `averaged` series take the mean.
    """
    order = heaviest(weight, keep)
    heavy = np.take_along_axis(weight, order, axis=0)
    picked = forecasts[order, np.arange(forecasts.shape[1])]
    picked[heavy == 0] = np.inf
    values, parts = _sorted(
        np.moveaxis(picked, 0, -1), np.round(heavy / np.maximum(heavy.max(axis=0), 1e-300) * UNIT).T
    )
    above = np.cumsum(parts, axis=-1)
    low, high = (np.where(averaged, whole, part)[:, None] for whole, part in zip((0.0, 1.0), MIDDLE, strict=True))
    total = above[..., -1]
    low, high = (low * total)[..., None], (high * total)[..., None]
    inside = np.minimum(above, high) - np.maximum(above - parts, low)
    np.maximum(inside, 0.0, out=inside)
    middle = np.einsum("shc,shc->sh", inside, np.where(np.isfinite(values), values, 0.0)) / np.maximum(
        inside.sum(-1), 1
    )
    return np.where(np.isfinite(values[..., 0]), middle, np.nan)


def _sorted(values: Floats | Cells, weight: Floats) -> tuple[Cells, NDArray[np.int64]]:
    """Sort values (series, step, candidate) and bring each one's whole weight (series, candidate) along.

    Both go into one integer, the value's bits on top: it sorts in half the time that places would take, and equal
    values come in one order on every machine.
    """
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.int32)
    keys = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).astype(np.int64) << 32  # as integers, floats below zero run backwards
    keys |= weight.astype(np.int64)[:, None, :]
    keys.sort(axis=-1)
    parts = keys & 0xFFFFFFFF
    ordered = (keys >> 32).astype(np.int32)
    ordered ^= (ordered >> 31) & 0x7FFFFFFF
    return ordered.view(np.float32), parts
