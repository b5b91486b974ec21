"""Days and periods of the year that lie apart from their neighbours each time.

Among several rules for one day (the 29th of November, the day after the fourth Thursday) the one counts whose days,
over the week around it, foresee each other best.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.alignment import NAMED, NO_YEAR, YEARLY, Alignment
from forecasting.panel.occurrences import (
    LEAST,
    SURE,
    Effects,
    is_clear,
    least_effect,
    near_edges,
    near_total,
    occurrences,
)
from forecasting.panel.unusual import Unusual, week_mean

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

SURE_IN_WEEK = 2.0  # of a day whose week stands clear
SURE_OF_WEEK = 5.0  # of that week
FEWEST_YEARS = 2
YEAR_DAYS = 366
FAR = 1e6  # days: of a rule that says nothing of what is to come
NEAR = 7  # days to each side, over which rules are told apart
TIED = 0.02  # of the gain: rules that bear out as well; the first one counts


@dataclass(frozen=True)
class _Said:
    """What one rule says of the days of a year."""

    gain: Floats  # (series, day known) square error that the other occurrences take from a day
    log: Floats  # (series, day)
    doubt: Floats
    before: NDArray[np.intp]  # (day,) newest known occurrence of each day; -1: none
    apart: (
        Floats  # (series, day known) days that its next occurrence lies from the mean time of year of the earlier ones
    )


def yearly(days_apart: Unusual, dates: Dates) -> Effects:
    """Days and periods of the year that lie apart, by the rule that the days about them bear out."""
    series, known = days_apart.log.shape
    log, doubt = np.zeros((series, len(dates))), np.zeros((series, len(dates)))
    usable = np.isfinite(days_apart.spread) & ~np.isnan(days_apart.small)
    if known < YEAR_DAYS or not usable.any():
        return Effects(log, doubt)
    rows = np.flatnonzero(usable & _has_far_days(days_apart))
    if not len(rows):
        return Effects(log, doubt)
    evidence = Unusual(
        days_apart.log[rows], days_apart.spread[rows], days_apart.week_spread[rows], days_apart.small[rows]
    )
    chance = [occurrences(evidence.log, rule.table(dates), len(dates)) for rule in NO_YEAR]
    day = least_effect(chance, evidence.spread, SURE)
    weeks = [
        replace(times, mean=week_mean(times.mean)) for times in chance
    ]  # keys of theirs are days of a year in turn
    week = least_effect(weeks, evidence.week_spread, SURE_OF_WEEK)
    said = [_said_by(evidence, dates, rule, (day, week)) for rule in YEARLY]
    near = [near_total(one.gain, NEAR) for one in said]
    claimed = _claimed(near, [one.apart for one in said])
    best = np.zeros((len(rows), len(dates)))
    for k, one in enumerate(said):
        # A day goes by the rule that its newest occurrence is best told by, so that one event does not come twice.
        of = np.where(np.arange(len(dates)) < known, np.arange(len(dates)), one.before)
        borne = (claimed[:, np.maximum(of, 0)] == k) & (of >= 0) & (one.log != 0)
        gain = near[k][:, np.maximum(of, 0)]
        better = borne & (gain > best)
        best = np.where(better, gain, best)
        log[rows] = np.where(better, one.log, log[rows])
        doubt[rows] = np.where(better, one.doubt, doubt[rows])
    return Effects(log, doubt)


def _has_far_days(days_apart: Unusual) -> Bools:
    """Series with a day or a week that is clear at all: most have none, and cost nothing more."""
    with np.errstate(invalid="ignore"):
        day = np.abs(days_apart.log) > SURE / np.sqrt(FEWEST_YEARS) * days_apart.spread[:, None]
        far: Bools = (day & (np.abs(days_apart.log) > LEAST)).sum(axis=1) >= FEWEST_YEARS
    return far


def _said_by(days_apart: Unusual, dates: Dates, rule: Alignment, least: tuple[Floats, Floats]) -> _Said:
    """Effect of each day by one rule, 0 where it is not clear, and what the rule gains on the days known.

    `least` is how far a day and a week have to be from none, times the square root of their occurrences.
    """
    table, days, known = rule.table(dates), len(dates), days_apart.log.shape[1]
    times = occurrences(days_apart.log, table, table.shape[1])
    mean = _laid_out(times.mean, table, days)
    first, last = near_edges(days, 3)
    week = near_total(mean, 3) / (last - first)
    count = _laid_out(times.count.astype(float), table, days)
    with np.errstate(invalid="ignore"):
        in_week = np.abs(week) * np.sqrt(count) > least[1][:, None]
        in_week &= np.sign(week) == np.sign(mean)
    likely = is_clear(times, SURE_IN_WEEK * days_apart.spread)
    clear = _laid_out(is_clear(times, least[0]).astype(float), table, days) > 0
    clear |= (_laid_out(likely.astype(float), table, days) > 0) & in_week
    clear &= count >= FEWEST_YEARS
    around = np.nan_to_num(nanstats.mean(np.where(likely, times.around, np.nan), axis=1))
    gain = np.zeros((len(days_apart.log), days))
    gain[:, table[table >= 0]] = np.nan_to_num(times.gain[:, table >= 0])
    newest = np.where(table < known, table, -1).max(axis=1)
    before = np.full(days, -1, dtype=np.intp)
    before[table[table >= 0]] = np.broadcast_to(newest[:, None], table.shape)[table >= 0]
    error = np.sqrt(around)[:, None] / np.sqrt(np.maximum(count, 1.0))
    apart = _apart(rule, dates, table, before, clear[:, :known])
    return _Said(gain[:, :known], np.where(clear, mean, 0.0), np.where(clear, error, 0.0), before, apart)


def _apart(rule: Alignment, dates: Dates, table: NDArray[np.intp], before: NDArray[np.intp], clear: Bools) -> Floats:
    """Days (series, day known) that the next occurrence lies from the usual time, a year more where it is far-fetched.

    Far-fetched is to count weeks by a weekday that is not among the days that lie apart. Below zero where the rule has
    a name, and where it has seen the day come again since: then it needs no guess.
    """
    known = clear.shape[1]
    apart = np.full(clear.shape, FAR)
    happened = np.where(table < known, table, -1)
    apart[:, happened[(happened >= 0) & (happened < happened.max(axis=1, keepdims=True))]] = -YEAR_DAYS
    ahead = np.flatnonzero((before >= 0) & (np.arange(len(dates)) >= known))
    apart[:, before[ahead]] = -1.0 if rule in YEARLY[:NAMED] else rule.apart(dates, table, known)[ahead]
    if rule.counted is not None:
        counted = np.arange(known) + rule.counted(dates[:known])
        is_clear = clear[:, np.clip(counted, 0, known - 1)] & (counted >= 0) & (counted < known)
        apart += np.where(is_clear, 0.0, YEAR_DAYS)
    return apart


def _claimed(near: list[Floats], apart: list[Floats]) -> NDArray[np.intp]:
    """Rule (series, day known) that bears out each day best; of those that do so alike, the least far-fetched."""
    most = (1 - TIED) * np.maximum.reduce(near)
    claimed, least = np.zeros(most.shape, dtype=np.intp), np.full(most.shape, np.inf)
    for k, (gain, away) in enumerate(zip(near, apart, strict=True)):
        better = (gain >= most) & (away < least)
        claimed[better], least[better] = k, away[better]
    return claimed


def _laid_out(cells: Floats, table: NDArray[np.intp], days: int) -> Floats:
    """Values (series, key) on every day (series, day) of each key, 0 on days without one."""
    values = np.zeros((len(cells), days))
    spread = np.broadcast_to(cells[..., None], (*cells.shape, table.shape[1]))
    values[:, table[table >= 0]] = spread[:, table >= 0]
    return values
