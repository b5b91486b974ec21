"""Intervals from what the combination really missed by, at the origins of its own series and of its peers.

Split conformal prediction (Vovk et al. 2005; Lei et al. 2018) on rolling-origin residuals: each residual is divided by
the size expected at its series and step, the quantiles of those ratios are taken per series and shrunk toward the
panel's, and multiplied back. Quantiles are taken apart on each side, so asymmetry stays.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.history import Floats, History

LEVELS = (80, 95)
PROBABILITIES = (0.025, 0.1, 0.9, 0.975)  # lo95, lo80, hi80, hi95
PEERS = 9.0  # origins of evidence that the panel's quantiles count as, beside a series' own
WILD = 2.0  # times the tails of the typical series of the panel
FEW = 3  # series, under which a mean would be half of any one of them
SHAPE_PEERS = 3.0  # likewise for the panel's shape over steps
FARTHEST = 30.0  # sizes: a single residual beyond it says no more about the tails
UNKNOWN = (-4.0, -2.0, 2.0, 4.0)  # where nothing was backtested: about twice what is usual
SMOOTH = 2  # steps to each side that share their sizes
LEVEL_STEPS = {"d": 28, "w": 13, "m": 6}  # steps that tell at what level a series stands; two weeks of finer ones
NAIVE_SEASONS = 8  # weeks that tell how far seasonal naive is off
MOST_GROWTH = 3.0  # times that a residual is enlarged, or shrunk, to today's level: a longer reach is a guess


def to_level(residuals: Floats, history: History, origins: Sequence[int], until: int) -> Floats:
    """Bring residuals (origin, series, step) to the size they would have at the level of column `until`.

    What doubles misses by twice as much: residuals of an origin are multiplied by the level at `until` over the level
    at the origin, as in locally weighted conformal prediction (Lei et al. 2018, section 5.2).
    """
    if not len(residuals):
        return residuals
    then, now = np.stack([_level(history, origin) for origin in origins]), _level(history, until)
    growth = np.divide(now, then, out=np.ones(then.shape), where=then > 0)
    scaled: Floats = residuals * np.clip(growth, 1 / MOST_GROWTH, MOST_GROWTH)[:, :, None]
    return scaled


def sizes(residuals: Floats, horizon: int, season: int, spare: Floats | None = None) -> Floats:
    """Size (series, horizon) of the residual to expect, from residuals (origin, series, step), NaN where unmeasured.

    A series' mean size times the panel's shape over steps, blended with the series' own shape. Beyond the backtest's
    horizon the shape of its last season goes on and grows with the square root of the step, as a random walk does.
    A series that has no residual takes its `spare` size (series,), else that of a typical one of its peers.
    """
    gap = np.abs(residuals)
    own = nanstats.mean(gap, axis=0)  # (series, step)
    level = nanstats.mean(own, axis=1)
    level = level if spare is None else np.where(np.isnan(level), spare, level)
    measured = level[~np.isnan(level)]
    level = np.where(np.isnan(level), np.median(measured) if measured.size else np.nan, level)
    unit = np.divide(own, level[:, None], out=np.full(own.shape, np.nan), where=level[:, None] > 0)
    panel = _smooth(_fill(_typical(unit)[None], 1.0))[0]
    shape = _smooth(_fill(unit, 1.0))
    origins = len(residuals)
    weight = origins / (origins + SHAPE_PEERS)
    size = level[:, None] * (weight * shape + (1 - weight) * panel)
    return _extend(size, horizon, season)


def _typical(unit: Floats) -> Floats:
    """Shape (step,) of a panel from those of its series, mean one: of their middle, so that one tail does not show."""
    shape = nanstats.low_median(unit, axis=0) if len(unit) < FEW else nanstats.median(unit, axis=0)
    about = nanstats.mean(shape[None], axis=1)
    return np.divide(shape, about, out=np.ones(shape.shape), where=about > 0)


def naive_sizes(history: History, until: int) -> Floats:
    """Mean change over a season (series,) in the last weeks before a column: what seasonal naive misses by."""
    season, weeks = history.seasons[-1], NAIVE_SEASONS * history.seasons[-1]
    window = slice(max(season, until - weeks), until)
    before = slice(window.start - season, max(window.stop - season, window.start - season))
    known = history.seen[:, window] & history.seen[:, before]
    return nanstats.mean(np.where(known, np.abs(history.x[:, window] - history.x[:, before]), np.nan), axis=1)


def ratios(residuals: Floats, origins: Sequence[int], season: int) -> Floats:
    """Residual / expected size (origin, series, step), the size taken from other origins than the residual's own.

    Were it among them, every residual would be measured by itself and the tails would be cut. Origins whose horizons
    overlap share targets, so they are left out too where enough others remain.
    """
    scores = np.full(residuals.shape, np.nan)
    back = residuals.shape[-1]
    for k, origin in enumerate(origins):
        apart = [j for j, other in enumerate(origins) if abs(other - origin) >= back]
        others = apart or [j for j in range(len(origins)) if j != k] or [k]
        size = sizes(residuals[others], back, season)
        np.divide(residuals[k], size, out=scores[k], where=size > 0)
    clipped: Floats = np.clip(scores, -FARTHEST, FARTHEST)
    return clipped


def ratio_quantiles(ratio: Floats) -> Floats:
    """Quantiles (probability, series) of ratios (origin, series, step), a series' own shrunk toward the panel's."""
    by_series = ratio.transpose(1, 0, 2).reshape(ratio.shape[1], -1)
    own = nanstats.row_quantiles(by_series, PROBABILITIES)
    seen = (~np.isnan(ratio)).any(axis=2).sum(axis=0)
    weight = seen / (seen + PEERS)
    wild = _wild(own)
    quantiles = np.empty(own.shape)
    for part in (wild, ~wild):
        if part.any():
            pool = by_series[part][~np.isnan(by_series[part])]
            panel = np.quantile(pool, PROBABILITIES) if pool.size else np.array(UNKNOWN)
            quantiles[:, part] = weight[part] * np.nan_to_num(own[:, part]) + (1 - weight[part]) * panel[:, None]
    return quantiles


def _wild(own: Floats) -> NDArray[np.bool_]:
    """Series (series,) whose tails are far wider than those of their peers: they are pooled apart.

    Of two series, which one is wild cannot be seen by their middle: it is the one that is far wider than the other.
    """
    tail = np.maximum(np.abs(own[0]), np.abs(own[-1]))
    known = np.sort(tail[~np.isnan(tail)])
    if not len(known):
        return np.zeros(len(tail), dtype=np.bool_)
    usual = known[(len(known) - 1) // 2]
    with np.errstate(invalid="ignore"):
        is_wild: NDArray[np.bool_] = tail > WILD * usual
    return is_wild


def bounds(mean: Floats, size: Floats, quantiles: Floats, floor: Floats) -> Floats:
    """(lo95, lo80, hi80, hi95) x series x step around `mean`: ordered, and never under `floor` (series)."""
    lo95, lo80, hi80, hi95 = (mean + q[:, None] * size for q in quantiles)
    lo80, hi80 = np.minimum(lo80, mean), np.maximum(hi80, mean)
    lo95, hi95 = np.minimum(lo95, lo80), np.maximum(hi95, hi80)
    result: Floats = np.maximum(np.stack([lo95, lo80, hi80, hi95]), floor[:, None])
    return result


def within(edges: Floats, mean: Floats, high: Floats) -> Floats:
    """Keep the upper edges (lo95, lo80, hi80, hi95) under `high` (series): both half-widths shrink alike.

    Cut off one by one, the 80 and the 95 % bound would both stand at the cap and say the same.
    """
    room, reach = np.maximum(high[:, None] - mean, 0.0), edges[3] - mean
    share = np.minimum(1.0, np.divide(room, reach, out=np.ones(reach.shape), where=reach > 0))
    result: Floats = np.stack([edges[0], edges[1], mean + share * (edges[2] - mean), mean + share * reach])
    return result


def _level(history: History, column: int) -> Floats:
    """Mean size (series) of the last weeks before `column`; 0 where a series has not begun."""
    steps = LEVEL_STEPS.get(history.grain, 2 * history.seasons[-1])
    mean = nanstats.mean(np.abs(history.x[:, max(0, column - steps) : column]), axis=1)
    return _fill(mean, 0.0)


def _fill(cells: Floats, value: float) -> Floats:
    return np.where(np.isnan(cells), value, cells)


def _smooth(cells: Floats) -> Floats:
    """Average over neighbouring steps, fewer at the ends."""
    width = min(SMOOTH, (cells.shape[1] - 1) // 2)
    if width == 0:
        return cells
    total = np.cumsum(np.pad(cells, ((0, 0), (1, 0))), axis=1)
    steps = np.arange(cells.shape[1])
    low, high = np.maximum(steps - width, 0), np.minimum(steps + width + 1, cells.shape[1])
    out: Floats = (total[:, high] - total[:, low]) / (high - low)
    return out


def _extend(size: Floats, horizon: int, season: int) -> Floats:
    back = size.shape[1]
    if horizon <= back:
        return size[:, :horizon]
    last = min(season, back)
    steps = np.arange(back, horizon)
    growth = np.sqrt((steps + 1) / back)
    return np.concatenate([size, size[:, back - last + (steps - back) % last] * growth], axis=1)
