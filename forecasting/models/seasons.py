"""Additive seasons of a block of series: robust ones that stay as they are, and a local one that changes as it goes.

A robust season is the median of what each step of it was about its own mean, over the last seasons. The local one is
the day and then the week of an STL decomposition with a constant fit (Cleveland et al. 1990; two periods in turn, as
in Bandara, Hyndman & Bergmeir 2021, "MSTL"): the mean of the neighbouring days or weeks, the nearer the more.
"""

import numpy as np

from forecasting.nanstats import mean, median
from forecasting.panel.grain import Grain
from forecasting.panel.history import Floats, History

DAY_DEPTH, WEEKS = 28, 8  # seasons that a robust one is the median of
LONG_DEPTH: dict[Grain, int] = {"d": 12, "w": 5, "m": 8}  # likewise, where it is not WEEKS
NEAR_DAYS, NEAR_WEEKS = 11, 15  # neighbours of a local season: the defaults of mstl in R's forecast
PASSES = 2  # day and week in turn


def robust_season(x: Floats, kind: str, history: History) -> tuple[Floats, Floats]:
    """Season of the day, of the week or year, or of the day plus a level for each day of the week."""
    day, week = history.seasons[0], history.seasons[-1]
    depth = LONG_DEPTH.get(history.grain, WEEKS)
    is_long = kind in {"week", "year"}
    pattern = seasonal_pattern(x, week, depth) if is_long else seasonal_pattern(x, day, DAY_DEPTH)
    if kind == "both":
        rest = (x - np.tile(pattern, x.shape[1] // day)).reshape(len(x), -1, day)
        levels = mean(rest, axis=2, fewest=day // 2 + 1)
        weekly = seasonal_pattern(levels, week // day, depth)
        pattern = np.tile(pattern, week // day) + np.repeat(weekly, day, axis=1)
    return np.tile(pattern, x.shape[1] // pattern.shape[1]), pattern


def local_season(x: Floats, day: int, week: int) -> tuple[Floats, Floats]:
    """Season (series, time) of x (series, time) in whole weeks, NaN where not seen; and the one to come (series, week).

    Both add up to about zero over a day and a week; where nothing was seen near by there is no season.
    """
    free = x - _week_mean(x, week)
    weekly = np.zeros(x.shape)
    near_days, near_weeks = _nearness(x.shape[1] // day, NEAR_DAYS), _nearness(x.shape[1] // week, NEAR_WEEKS)
    for _ in range(PASSES):
        daily = _near_mean(free - weekly, day, near_days)
        weekly = _near_mean(free - daily, week, near_weeks)
    return daily + weekly, np.tile(daily[:, -day:], week // day) + weekly[:, -week:]


def seasonal_pattern(x: Floats, season: int, depth: int) -> Floats:
    """Robust additive season (series, season) from the last `depth` seasons, each about its own mean; sums to zero."""
    whole = min(depth, x.shape[1] // season)
    cells = x[:, x.shape[1] - whole * season :].reshape(len(x), whole, season)
    about = mean(cells, axis=2, fewest=season // 2 + 1)
    pattern = median(cells - about[:, :, None], axis=1)
    pattern = np.where(np.isnan(pattern), 0.0, pattern)
    centred: Floats = pattern - pattern.mean(axis=1, keepdims=True)
    return centred


def _week_mean(x: Floats, week: int) -> Floats:
    """Mean (series, time) of the week around each step, at the ends that of the first or last week; 0 if unseen."""
    seen = ~np.isnan(x)
    total = np.cumsum(np.pad(np.where(seen, x, 0.0), ((0, 0), (1, 0))), axis=1)
    count = np.cumsum(np.pad(seen, ((0, 0), (1, 0))), axis=1)
    begin = np.clip(np.arange(x.shape[1]) - week // 2, 0, x.shape[1] - week)
    result: Floats = (total[:, begin + week] - total[:, begin]) / np.maximum(
        count[:, begin + week] - count[:, begin], 1
    )
    return result


def _nearness(cycles: int, near: int) -> Floats:
    """Tricube weights (cycle, cycle) of the `near` closest cycles to each: Cleveland 1979."""
    place = np.arange(cycles)
    away = np.abs(place[:, None] - place[None, :]).astype(float)
    farthest = np.sort(away, axis=1)[:, [min(near, cycles) - 1]]
    result: Floats = np.clip(1 - (away / np.maximum(farthest, 1.0)) ** 3, 0.0, None) ** 3
    return result


def _near_mean(x: Floats, season: int, nearness: Floats) -> Floats:
    """Weighted mean (series, time) of the same step in near cycles, about the mean of each cycle."""
    cells = x.reshape(len(x), -1, season)
    seen = ~np.isnan(cells)
    total = np.matmul(nearness, np.where(seen, cells, 0.0))
    weight = np.matmul(nearness, seen.astype(float))
    near = np.divide(total, weight, out=np.zeros(total.shape), where=weight > 0)
    result: Floats = (near - near.mean(axis=2, keepdims=True)).reshape(x.shape)
    return result
