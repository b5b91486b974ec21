"""One pass over a panel: which series may have broken, in one batch, and then what happened to each of them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.breaks.ceiling import find_ceilings
from forecasting.panel.breaks.edges import place
from forecasting.panel.breaks.kinds import LEFT, MOVED, Break
from forecasting.panel.breaks.levels import Levels, around, day_levels, measure_levels, own_week
from forecasting.panel.breaks.moves import DEEP, Move, find_moves
from forecasting.panel.breaks.runs import LEAST, MOST, QUIET, SURE, find_runs
from forecasting.panel.breaks.spreads import find_spreads
from forecasting.panel.breaks.trends import without_trends
from forecasting.panel.breaks.view import relevel
from forecasting.panel.grain import DAY, Grain, is_within_day

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Found = tuple[Break, ...]

# What broke before that has become history. Weeks and months are levels already: they have no days to compare.
LOOK_DAYS: dict[Grain, int] = {"5min": 60, "15min": 90, "30min": 120, "h": 182, "d": 730}
SUSPECT = 4.0  # robust deviations of a day that make a series worth a second look
SUSPECT_LEAST = 0.05  # of its level
SHORTEST_HOURLY, SHORTEST_DAILY = 2, 4  # days at another level before it may be called one
SHORT_DAYS, FEW = 2, 3  # excursions so short are outliers while they are few
WORKING_DAYS = 5  # in a row, the longest that a week stands apart by itself
PASSES = 2  # an outage after a step shows once the step is known


def find_breaks(y: Floats, grain: Grain) -> list[Found]:
    """Find the breaks of each series of y (series, time), NaN where not measured, in the order of time.

    Nothing after the last column is known: what a backtest may know at a column, it finds in the columns before it.
    """
    if grain not in LOOK_DAYS:
        return [()] * len(y)
    skip = max(0, y.shape[1] - LOOK_DAYS[grain] * DAY[grain])
    recent, size = _sized(y[:, skip:])
    levels = measure_levels(recent, grain)
    if levels is None:
        return [()] * len(y)
    breaks: list[Found] = [()] * len(y)
    for row in np.flatnonzero(_suspects(recent, levels)).tolist():
        breaks[row] = tuple(_breaks_of(recent[row], levels.take(np.array([row])), grain))
    for row, one in find_spreads(recent, levels, breaks).items():
        breaks[row] = (*breaks[row], one)
    for row, one in find_ceilings(recent, grain).items():
        breaks[row] = (*(each for each in breaks[row] if not _is_of_ceiling(each, one, levels.day)), one)
    return [
        tuple(
            replace(one, begin=one.begin + skip, end=one.end + skip, shift=one.shift * size[row])
            for one in sorted(of_row, key=lambda each: (each.begin, each.end))
        )
        for row, of_row in enumerate(breaks)
    ]


def _is_of_ceiling(one: Break, ceiling: Break, day: int) -> bool:
    """Tell whether a break says no more than a ceiling does: what is cut is lower from then on, and varies less."""
    return one.kind == "variance" or (one.kind == "step" and abs(one.begin - ceiling.begin) <= 7 * day)


def _sized(y: Floats) -> tuple[Floats, Floats]:
    """Divide each series by its largest value, so that squares neither overflow nor vanish; and that value."""
    largest = np.max(np.where(np.isnan(y), 0.0, np.abs(y)), axis=1)
    size = np.where(largest > 0, largest, 1.0)
    with np.errstate(under="ignore"):
        return y / size[:, None], size


def _suspects(y: Floats, levels: Levels) -> Bools:
    """Series (series,) with a day far from the weeks before it, or with a cell that is."""
    before, _ = around(levels.daily)
    away = np.abs(levels.daily - before)
    # Their noise is that about their own week: about the weeks before, a step would hide in the noise that it makes.
    spread, size = (nanstats.low_median(part, axis=1) for part in (own_week(levels.daily), np.abs(before)))
    need = np.maximum(SUSPECT * 1.4826 * spread, SUSPECT_LEAST * size)
    with np.errstate(invalid="ignore"):
        is_suspect: Bools = np.asarray((away > need[:, None]).any(axis=1))
    is_suspect[np.isnan(before[:, -7:]).all(axis=1)] = True  # too young for weeks to compare with: looked at one by one
    rest = np.flatnonzero(~is_suspect)
    if levels.day == 1 or not len(rest):
        return is_suspect
    cells, usual = y[rest, levels.begin :], levels.take(rest).cells(before[rest])
    gap = np.abs(cells - usual)
    own = np.abs(cells - levels.take(rest).cells(levels.daily[rest]))
    spread, size = (1.4826 * nanstats.low_median(own, axis=1), nanstats.low_median(np.abs(usual), axis=1))
    with np.errstate(invalid="ignore"):
        far = gap > np.maximum(SURE * spread, LEAST * size)[:, None]
        deep = (cells < DEEP * usual) & (usual > QUIET * size[:, None]) & levels.is_ratio[rest, None]
    is_suspect[rest] = (far | deep).any(axis=1)
    return is_suspect


def _breaks_of(y: Floats, levels: Levels, grain: Grain) -> list[Break]:
    """Find the breaks of one series, with `levels` of it alone."""
    x, together = y.copy(), list[Break]()
    shortest = SHORTEST_HOURLY if is_within_day(grain) else SHORTEST_DAILY
    for _ in range(PASSES):
        runs, spikes = find_runs(x, levels)
        for one in runs:
            x[one.begin : one.end] = np.nan
        x[spikes] = np.nan
        together += runs
        daily = day_levels(x[None, levels.begin :], levels.shape, levels.is_ratio, levels.day)
        known = np.flatnonzero(~np.isnan(daily[0]))
        moves = find_moves(daily[0, known], shortest, is_ratio=bool(levels.is_ratio[0]))
        if levels.is_young[0]:
            moves = [one for one in moves if _is_no_weekend(one, len(known))]
        moves = without_trends(moves, daily[0, known], is_ratio=bool(levels.is_ratio[0]))
        steps = place(_rare(moves, len(known)), known, x, levels)
        together += steps
        for one in steps:
            if one.kind in LEFT:
                x[one.begin : one.end] = np.nan
        if not any(one.kind in MOVED for one in steps) or any(_is_to_nothing(one, levels) for one in steps):
            break
        for one in steps:
            if one.kind in MOVED:
                x = relevel(x, one)
                x[one.begin : one.end] = np.nan
        daily = day_levels(x[None, levels.begin :], levels.shape, levels.is_ratio, levels.day)
        levels = replace(levels, daily=daily)
    return sorted(together, key=lambda one: (one.begin, one.end))


def _is_to_nothing(one: Break, levels: Levels) -> bool:
    """Tell a move since which, or before which, no times can be told: what is brought to its level shows no more."""
    return one.kind in MOVED and bool(levels.is_ratio[0]) and not one.factor > 0


def _is_no_weekend(move: Move, days: int) -> bool:
    """Tell whether a move is none that a week makes by itself: longer than its working days, or down to nothing now."""
    end = move.end if move.kind in LEFT else days
    return end - move.begin > WORKING_DAYS or (move.kind == "outage" and move.is_open)


def _rare(moves: list[Move], days: int) -> list[Move]:
    """Leave out excursions of a day or two where they are so many that they are the series' nature."""
    short = [one for one in moves if one.kind == "excursion" and one.end - one.begin <= SHORT_DAYS]
    if len(short) <= max(FEW, MOST * days):
        return moves
    return [one for one in moves if one not in short]
