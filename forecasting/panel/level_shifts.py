"""Level shifts near an origin: a migration, a doubling, a service halved. Found on daily levels, then taken out.

Rule: the last days (hourly) or weeks (daily) lie wholly outside what the same days before them ranged over, by more
than SURE robust deviations and by more than LEAST of the level. What lies before the shift is moved to the new level,
so that its season is kept. After four weeks the models have seen enough of the new level, and nothing is moved.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import mean, median
from forecasting.panel.grain import DAY, is_within_day
from forecasting.panel.history import Floats, History

SURE = 6.0  # robust standard deviations
LEAST = 0.05  # of the mean size of the level
BEFORE = 21  # days compared with: three weeks
LONGEST = 28  # days after which a shift has become history: the models have seen enough of the new level
FEWEST = 6  # days before the shift that tell how levels vary


@dataclass(frozen=True)
class Shifts:
    """The newest shift before an origin, for the series that have one."""

    rows: NDArray[np.intp]
    column: NDArray[np.intp]  # of the first cell at the new level
    factor: Floats  # new level / old level; NaN where levels may be negative or zero
    step: Floats  # new level - old level


def find_shifts(history: History, origin: int) -> Shifts:
    """Look at the columns before `origin` only."""
    day = DAY[history.grain]
    days = min(origin // day, BEFORE + LONGEST)
    begin = origin - days * day
    cells = history.y[:, begin:origin].reshape(len(history.y), days, day)
    levels = mean(cells, axis=2, fewest=day // 2 + 1)
    best = np.zeros(len(levels))
    after = np.zeros(len(levels), dtype=np.intp)
    shortest = 1 if is_within_day(history.grain) else 3
    for length in range(shortest, min(LONGEST, days - FEWEST) + 1):
        strength = _strength(levels[:, max(0, days - length - BEFORE) : days - length], levels[:, days - length :])
        better = strength > best
        best, after = np.where(better, strength, best), np.where(better, length, after)
    rows = np.flatnonzero(best > 1)
    old, new = _sides(levels[rows], days - after[rows])
    positive = (
        (old > 0)
        & (new > 0)
        & (history.x[rows, :origin].min(axis=1, initial=np.inf, where=history.seen[rows, :origin]) >= 0)
    )
    factor = np.divide(new, old, out=np.full(len(rows), np.nan), where=positive)
    return Shifts(rows, origin - after[rows] * day, factor, new - old)


def align(history: History, shifts: Shifts) -> History:
    """Move what lies before each shift to the level after it; rows as in `shifts`."""
    part = history.take(shifts.rows)
    before = np.arange(part.x.shape[1]) < shifts.column[:, None]
    scaled = part.x * np.where(np.isnan(shifts.factor), 1.0, shifts.factor)[:, None]
    moved = np.where(np.isnan(shifts.factor)[:, None], part.x + shifts.step[:, None], scaled)
    x = np.where(before, moved, part.x)
    return replace(part, x=x)


def _strength(before: Floats, after: Floats) -> Floats:
    """How sure a shift is, in units of what is needed; 0 where the two sides overlap or too little was measured."""
    enough = ((~np.isnan(before)).sum(axis=1) >= FEWEST) & ~np.isnan(after).all(axis=1)
    low, high = _extreme(before, -1), _extreme(before, 1)
    gap = np.maximum(_extreme(after, -1) - high, low - _extreme(after, 1))  # between the nearest days of both sides
    middle = median(before, axis=1)
    spread = 1.4826 * median(np.abs(before - middle[:, None]), axis=1)
    step = np.abs(median(after, axis=1) - middle)
    size = np.maximum(np.abs(middle), np.abs(median(after, axis=1)))
    need = np.maximum(SURE * np.maximum(spread, (high - low) / 4), LEAST * size)
    strength = np.divide(step, need, out=np.zeros(len(step)), where=need > 0)
    # Half of the step must be empty: a wave that swings as far has days in between.
    clear = enough & (gap > step / 2) & np.isfinite(strength)
    return np.where(clear, strength, 0.0)


def _sides(levels: Floats, split: NDArray[np.intp]) -> tuple[Floats, Floats]:
    days = np.arange(levels.shape[1])
    before = (days < split[:, None]) & (days >= split[:, None] - BEFORE)
    return median(np.where(before, levels, np.nan), axis=1), median(
        np.where(days >= split[:, None], levels, np.nan), axis=1
    )


def _extreme(cells: Floats, sign: int) -> Floats:
    worst: Floats = sign * np.max(np.where(np.isnan(cells), -np.inf, sign * cells), axis=1, initial=-np.inf)
    return worst
