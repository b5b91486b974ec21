"""A change of variance: since when a series varies about its level by another measure than before.

What counts is the mean size of what is left of a day once level and week are taken off. The one split that parts it
best is a change where its log moves by more than SURE deviations and by LEAST times, in proportion to the level and by
itself: noise that grows with the level, or like a count with its root, is no news where the level moved. Hours tell it
within days; of days, which say one thing each, it takes about two months, and less is believed later than more.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.breaks.kinds import Break
from forecasting.panel.breaks.levels import Levels

Floats = NDArray[np.float64]

SURE = 4.5  # deviations
LEAST = 1.8  # times
BEFORE_DAYS, AFTER_DAYS, AFTER_DAYS_OF_HOURS = 28, 10, 4  # days on each side of a split
QUIET_DAYS = 28  # of a daily series that varies less: a lucky week makes nobody certain
NEAR = 7  # days, whose middle level a day of a daily series is held against
LOUD = 0.2  # of a day's usual size: hours of less are left aside
FARTHEST = 4.0  # times the middle size: a larger one counts as that
OF_SIZES = 0.76  # deviation of the size of a normal deviate, over its mean
WEEK = 7


def find_spreads(y: Floats, levels: Levels, breaks: Sequence[Sequence[Break]]) -> dict[int, Break]:
    """Find by row the change of variance of y (series, time), with its levels and what else broke in it."""
    day = levels.day
    x = y[:, levels.begin :].copy()
    for row, of_row in enumerate(breaks):
        for one in of_row:  # whole days: those that it begins and ends in are of two kinds
            begin, last = (one.begin - levels.begin) // day, (max(one.end, one.begin + 1) - 1 - levels.begin) // day
            x[row, max(begin, 0) * day : max(last + 1, 0) * day] = np.nan
    away, share = _away(x, levels)
    fewest = AFTER_DAYS if day == 1 else AFTER_DAYS_OF_HOURS
    if away.shape[1] < BEFORE_DAYS + fewest:
        return {}
    first, surety = _best_split(_tame(share), day, fewest)
    spreads = {}
    for row in np.flatnonzero(surety >= SURE).tolist():
        at = int(first[row])
        ratios = _ratio(share[row], at), _ratio(away[row], at)
        is_long = day > 1 or share.shape[1] - at >= QUIET_DAYS
        if not (min(ratios) >= LEAST or (is_long and max(ratios) <= 1 / LEAST)):
            continue
        column = levels.begin + at * day
        sure = float(surety[row])
        spreads[row] = Break("variance", column, column, is_open=False, factor=ratios[0], shift=0.0, evidence=sure)
    return spreads


def _tame(size: Floats) -> Floats:
    """Sizes (series, day), none larger than what counts."""
    return np.minimum(size, FARTHEST * nanstats.median(size, axis=1)[:, None])


def _away(x: Floats, levels: Levels) -> tuple[Floats, Floats]:
    """Mean size of what a day is off its usual (series, day): in the unit of x, and as a share of what is usual."""
    daily = levels.daily
    if levels.day == 1:
        padded = np.pad(np.where(np.isnan(x), np.nan, daily), ((0, 0), (NEAR // 2, NEAR // 2)), constant_values=np.nan)
        daily = nanstats.median(np.lib.stride_tricks.sliding_window_view(padded, NEAR, axis=1), axis=2, fewest=3)
    usual = levels.cells(daily)
    gap = np.abs(x - usual)
    loud = np.abs(usual) > LOUD * np.repeat(np.abs(daily), levels.day, axis=1)
    cells = np.where(loud | ~levels.is_ratio[:, None], gap, np.nan).reshape(len(x), -1, levels.day)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_usual = np.where(np.abs(usual) > 0, gap / np.abs(usual), np.nan)
    shares = np.where(loud, of_usual, np.nan).reshape(len(x), -1, levels.day)
    own, share = (nanstats.mean(part, axis=2, fewest=levels.day / 4) for part in (cells, shares))
    return own, np.where(levels.is_ratio[:, None], share, own)


def _best_split(size: Floats, day: int, fewest: int) -> tuple[NDArray[np.intp], Floats]:
    """First day (series,) of the second part, and how sure it is that its mean size is another than the first's."""
    seen = ~np.isnan(size)
    count, total = np.cumsum(seen, axis=1), np.cumsum(np.where(seen, size, 0.0), axis=1)
    splits = np.arange(BEFORE_DAYS, size.shape[1] - fewest + 1)
    before, after = count[:, splits - 1], count[:, -1:] - count[:, splits - 1]
    old = nanstats.ratio(total[:, splits - 1], before)
    new = nanstats.ratio(total[:, -1:] - total[:, splits - 1], after)
    known = (old > 0) & (new > 0) & (before >= BEFORE_DAYS / 2) & (after >= fewest)
    moved = np.where(known, np.log(np.where(known, new, 1.0) / np.where(known, old, 1.0)), 0.0)
    noise = np.sqrt(1 / np.maximum(before, 1) + 1 / np.maximum(after, 1))
    surety = np.abs(moved) / (_unit(size, day)[:, None] * noise)
    best = surety.argmax(axis=1)
    return splits[best], surety[np.arange(len(size)), best]


def _unit(size: Floats, day: int) -> Floats:
    """Deviation (series,) of the log of the mean size of a day, by nature: from day to day and week to week."""
    theory = OF_SIZES / np.sqrt(day)
    weeks = size.shape[1] // WEEK
    by_week = nanstats.mean(size[:, size.shape[1] - weeks * WEEK :].reshape(len(size), weeks, WEEK), axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.diff(np.log(np.where(by_week > 0, by_week, np.nan)), axis=1)
    by_nature = 1.4826 * nanstats.median(np.abs(steps), axis=1) / np.sqrt(2) * np.sqrt(WEEK)
    units: Floats = np.fmax(theory, by_nature)
    return units


def _ratio(size: Floats, at: int) -> float:
    """Middle size from day `at` on over that before it; 1 where either cannot be told."""
    old, new = (float(nanstats.median(part[None], axis=1)[0]) for part in (size[:at], size[at:]))
    return new / old if old > 0 and new > 0 else 1.0
