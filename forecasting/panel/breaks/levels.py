"""Levels of days: what a series stands at once its day and week are taken off, so that one day compares with another.

A cell is the level of its day times its share of the week (or plus its offset, where values may be below zero). Days
are counted back from the last column, so that the newest one is whole.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.grain import DAY, SEASONS, Grain, is_within_day

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SHAPE_WEEKS, SHAPE_WEEKS_OF_DAYS = 12, 26  # the share of the week is their median
FEWEST_WEEKS = 3  # seasons that tell a share of one
FEWEST_DAYS = 7  # of history, before which nothing can be said to have changed
LEAST_SHARE = 0.1  # of a day's usual size: what is nearly nothing by itself tells no level
BEFORE_WEEKS, AFTER_WEEKS = 6, 2  # what a day is compared with: six weeks outlast an outage of three


@dataclass(frozen=True)
class Levels:
    """Of a block of series; `begin` is the column of the first whole day, what lies before it is not looked at."""

    day: int  # columns
    begin: int
    shape: Floats  # (series, column from begin): share of the level, mean one; or offset from it, mean zero
    daily: Floats  # (series, day); NaN where less than half of a usual day was measured
    is_ratio: Bools  # (series,): no value is below zero
    is_young: Bools  # (series,): three weeks are not known yet, and a day's share of the week with them

    def take(self, rows: NDArray[np.intp]) -> "Levels":
        """Keep some of the series."""
        shape, daily = self.shape[rows], self.daily[rows]
        return Levels(self.day, self.begin, shape, daily, self.is_ratio[rows], self.is_young[rows])

    def cells(self, level: Floats) -> Floats:
        """Say what the cells (series, column from begin) are to be at levels (series, day)."""
        wide = np.repeat(level, self.day, axis=1)
        return np.where(self.is_ratio[:, None], wide * self.shape, wide + self.shape)


def measure_levels(y: Floats, grain: Grain) -> Levels | None:
    """Measure the levels of y (series, time), NaN where not measured; None where the days are too few."""
    day, week = DAY[grain], SEASONS[grain][-1]
    weeks = min(y.shape[1] // week, SHAPE_WEEKS if is_within_day(grain) else SHAPE_WEEKS_OF_DAYS)
    if y.shape[1] < FEWEST_DAYS * day:
        return None
    is_ratio = ~np.any(y < 0, axis=1)
    pattern = _pattern(y, is_ratio, week, weeks)
    young = np.asarray(np.isnan(pattern).all(axis=1))
    if young.any():  # no three weeks yet: a day's share, or none
        daily = _pattern(y[young], is_ratio[young], day, min(y.shape[1] // day, 7 * SHAPE_WEEKS)) if day > 1 else None
        flat = np.where(is_ratio[young], 1.0, 0.0)[:, None]
        pattern[young] = np.tile(flat if daily is None else daily, week // day if daily is not None else week)
    days = y.shape[1] // day
    begin = y.shape[1] - days * day
    shape = np.tile(pattern, days * day // week + 1)[:, -days * day :]
    return Levels(day, begin, shape, day_levels(y[:, begin:], shape, is_ratio, day), is_ratio, young)


def _pattern(y: Floats, is_ratio: Bools, season: int, count: int) -> Floats:
    """Share of the level (or offset from it) by step of a season (series, step): the median of the newest seasons."""
    if count < FEWEST_WEEKS:
        return np.full((len(y), season), np.nan)
    cells = y[:, y.shape[1] - count * season :].reshape(len(y), count, season)
    about = nanstats.mean(cells, axis=2, fewest=season / 2)[:, :, None]
    share = np.divide(cells, about, out=np.full(cells.shape, np.nan), where=about > 0)
    wanted = np.where(is_ratio[:, None, None], share, cells - about)
    return nanstats.median(wanted, axis=1, fewest=FEWEST_WEEKS)


def day_levels(y: Floats, shape: Floats, is_ratio: Bools, day: int) -> Floats:
    """Level (series, day) of y (series, whole days of columns) by its share of the week."""
    cells, shares = (part.reshape(len(y), -1, day) for part in (y, shape))
    seen = ~np.isnan(cells) & ~np.isnan(shares)
    count = seen.sum(axis=2)
    usual, known = np.nansum(shares, axis=2), np.where(seen, shares, 0.0).sum(axis=2)
    enough = np.where(is_ratio[:, None], known >= np.maximum(usual / 2, LEAST_SHARE * day / 2), 2 * count > day)
    by_share = nanstats.ratio(np.where(seen, cells, 0.0).sum(axis=2), np.where(enough, known, 0.0))
    by_offset = nanstats.ratio(np.where(seen, cells - shares, 0.0).sum(axis=2), np.where(enough, count, 0))
    return np.where(is_ratio[:, None], by_share, by_offset)


def around(daily: Floats) -> tuple[Floats, Floats]:
    """Usual level (series, day) of the six weeks before each day's week, and of the two after it; NaN where unknown.

    Medians of medians of weeks: seven times cheaper than a window that moves by the day, and as robust.
    """
    weeks = daily.shape[1] // 7
    lead = daily.shape[1] - weeks * 7
    medians = nanstats.median(daily[:, lead:].reshape(len(daily), weeks, 7), axis=2, fewest=2)
    before = _usual(medians, range(1, BEFORE_WEEKS + 1), fewest=2)
    after = _usual(medians, range(-1, -AFTER_WEEKS - 1, -1), fewest=1)
    padding = ((0, 0), (lead, 0))
    return (
        np.pad(np.repeat(before, 7, axis=1), padding, constant_values=np.nan),
        np.pad(np.repeat(after, 7, axis=1), padding, constant_values=np.nan),
    )


def own_week(daily: Floats) -> Floats:
    """How far each day is (series, day) from the median of its week."""
    weeks = daily.shape[1] // 7
    cells = daily[:, daily.shape[1] - weeks * 7 :].reshape(len(daily), weeks, 7)
    result: Floats = np.abs(cells - nanstats.median(cells, axis=2)[:, :, None]).reshape(len(daily), -1)
    return result


def _usual(medians: Floats, lags: range, fewest: int) -> Floats:
    shifted = np.full((len(lags), *medians.shape), np.nan)
    weeks = medians.shape[1]
    for k, lag in enumerate(lags):
        if abs(lag) >= weeks:
            continue
        if lag > 0:
            shifted[k, :, lag:] = medians[:, :-lag]
        else:
            shifted[k, :, :lag] = medians[:, -lag:]
    return nanstats.low_median(shifted, axis=0, fewest=fewest)
