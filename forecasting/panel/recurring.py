"""Days that come again and do it again: which days of a month or a year lie apart from their neighbours each time.

A day's effect is the mean of its earlier occurrences. It counts only where they agree: what each of them says is held
against what the others say of it, which is a backtest of the rule, and it has to stand clear of how days vary anyway.
Among several rules for one day (the 29th, the last Friday) the one counts whose days, over the week around it, foresee
each other best.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from forecasting import nanstats
from forecasting.panel.alignment import MONTHLY, NAMED, NO_MONTH, NO_YEAR, QUARTERLY, YEARLY, Alignment
from forecasting.panel.unusual import Unusual, week_mean

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

SURE = 4.0  # standard errors that an effect has to be from none
SURE_IN_WEEK = 2.0  # of a day whose week stands clear
SURE_OF_WEEK = 5.0  # of that week
BEYOND_CHANCE = 1.2  # times the largest effect that rules find in the series by which nothing goes
LEAST = 0.1  # log: smaller effects are left to the models
ALIKE = 0.4  # of the mean, with its sign: from where an occurrence agrees
AGREEING = 0.7  # share of the occurrences
MONTHS, FEWEST_MONTHS = 6, 3  # newest occurrences of a day of the month that count; that are needed
QUARTERS = 4  # newest ones of a day of the quarter: fewer, so that what each month does is told by months
FEWEST_YEARS = 2
LUCK = 0.05  # days of the month that may be expected to agree so by chance
ROUNDS = 8  # days of the month that can have effects of their own
YEAR_DAYS = 366
FAR = 1e6  # days: of a rule that says nothing of what is to come
NEAR = 7  # days to each side, over which rules are told apart
BESIDE = 2  # likewise of days of the month
TIED = 0.02  # of the gain: rules that bear out as well; the first one counts


@dataclass(frozen=True)
class Effects:
    """Log effect (series, day) on days known and to come, 0 on ordinary ones, and its standard error."""

    log: Floats
    doubt: Floats

    @property
    def rows(self) -> NDArray[np.intp]:
        """Series that have any."""
        return np.flatnonzero(self.log.any(axis=1))


@dataclass(frozen=True)
class _Times:
    """What the occurrences of one rule's keys say: (series, key) where nothing else is said."""

    values: Floats  # (series, key, occurrence), NaN unknown
    count: NDArray[np.intp]
    mean: Floats
    around: Floats  # mean square of the occurrences about their mean, one degree of freedom less
    gain: Floats  # (series, key, occurrence) square error that the others' mean takes from an occurrence

    @property
    def agree(self) -> Floats:
        """Share of the occurrences that are alike."""
        alike = self.values * np.sign(self.mean)[..., None] > ALIKE * np.abs(self.mean)[..., None]
        return np.nan_to_num(nanstats.ratio(alike.sum(axis=2).astype(float), self.count))

    @property
    def is_new(self) -> Bools:
        """Whether one of the newest two occurrences is alike: what has ended does not come again."""
        alike = self.values * np.sign(self.mean)[..., None] > ALIKE * np.abs(self.mean)[..., None]
        known = ~np.isnan(self.values)
        newest = np.cumsum(known[..., ::-1], axis=2)[..., ::-1] <= 2  # noqa: PLR2004 - the newest two
        return np.asarray((alike & newest & known).any(axis=2), dtype=np.bool_)


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


def monthly(days_apart: Unusual, dates: Dates) -> Effects:
    """Days of the month, working days and nth weekdays that lie apart: one after the other, the clearest first."""
    days = len(dates)
    log, doubt = np.zeros((len(days_apart.log), days)), np.zeros((len(days_apart.log), days))
    if days_apart.log.shape[1] < (FEWEST_MONTHS - 1) * 28:
        return Effects(log, doubt)
    rest = days_apart.log.copy()
    rows = np.flatnonzero(np.isfinite(days_apart.spread) & ~np.isnan(days_apart.small))
    tables = [rule.table(dates) for rule in MONTHLY + QUARTERLY]
    newest = [MONTHS] * len(MONTHLY) + [QUARTERS] * len(QUARTERLY)
    chance = [_times(rest[rows], rule.table(dates), MONTHS) for rule in NO_MONTH]
    least = _least(chance, days_apart.spread[rows], SURE)
    for _ in range(ROUNDS):
        best, chosen = np.zeros(len(rows)), np.full((len(rows), 2), -1)
        seen = []
        for k, table in enumerate(tables):
            times = _times(rest[rows], table, newest[k])
            seen.append(times)
            clear = _is_clear(times, least) & (times.count >= FEWEST_MONTHS) & times.is_new
            score = np.where(clear, np.nansum(times.gain, axis=2), 0.0)
            key = score.argmax(axis=1)
            # Of rules that say a day alike, the one that says the days beside it too.
            total = np.where(
                score.max(axis=1, initial=0.0) > 0, _near_total(score, BESIDE)[np.arange(len(key)), key], 0
            )
            better = total > best
            best = np.where(better, total, best)
            chosen[better] = np.stack([np.full(len(key), k), key], axis=1)[better]
        for row in np.flatnonzero(best > 0).tolist():
            rule, key = chosen[row].tolist()
            times = seen[rule]
            places = tables[rule][key]
            places = places[places >= 0]
            mean, around = times.mean[row, key], times.around[row, key]
            if _by_luck(rest[rows[row]], places, times.values[row, key], mean) * sum(map(len, tables)) > LUCK:
                best[row] = 0.0
                continue
            log[rows[row], places] += mean
            doubt[rows[row], places] = np.hypot(doubt[rows[row], places], np.sqrt(around / times.count[row, key]))
            known = places[places < rest.shape[1]]
            rest[rows[row], known] -= mean
        kept = np.flatnonzero(best > 0)
        if not len(kept):
            break
        rows, least = rows[kept], least[kept]
    return Effects(log, doubt)


def _by_luck(log: Floats, places: NDArray[np.intp], values: Floats, mean: float) -> float:
    """Tell how likely so many days (occurrence,) would lie as far apart as these do, were they any days of the series.

    What is zero most days has no spread to be held against, and a third of its days are far from the others.
    """
    others = np.delete(log, places[places < len(log)])
    far, alike = (np.asarray(cells[~np.isnan(cells)] * np.sign(mean) > ALIKE * abs(mean)) for cells in (others, values))
    return float(bdtrc(alike.sum() - 1, len(alike), far.mean() if len(far) else 1.0))


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
    chance = [_times(evidence.log, rule.table(dates), len(dates)) for rule in NO_YEAR]
    day = _least(chance, evidence.spread, SURE)
    weeks = [
        replace(times, mean=week_mean(times.mean)) for times in chance
    ]  # keys of theirs are days of a year in turn
    week = _least(weeks, evidence.week_spread, SURE_OF_WEEK)
    said = [_said_by(evidence, dates, rule, (day, week)) for rule in YEARLY]
    near = [_near_total(one.gain, NEAR) for one in said]
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
    times = _times(days_apart.log, table, table.shape[1])
    mean = _laid_out(times.mean, table, days)
    first, last = _near_edges(days, 3)
    week = _near_total(mean, 3) / (last - first)
    count = _laid_out(times.count.astype(float), table, days)
    with np.errstate(invalid="ignore"):
        in_week = np.abs(week) * np.sqrt(count) > least[1][:, None]
        in_week &= np.sign(week) == np.sign(mean)
    likely = _is_clear(times, SURE_IN_WEEK * days_apart.spread)
    clear = _laid_out(_is_clear(times, least[0]).astype(float), table, days) > 0
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


def _near_total(cells: Floats, days: int) -> Floats:
    """Sum (series, day) over so many days to each side of each one."""
    total = np.cumsum(np.pad(cells, ((0, 0), (1, 0))), axis=1)
    first, last = _near_edges(cells.shape[1], days)
    result: Floats = total[:, last] - total[:, first]
    return result


def _near_edges(count: int, days: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    day = np.arange(count)
    return np.maximum(day - days, 0), np.minimum(day + days + 1, count)


def _times(log: Floats, table: NDArray[np.intp], newest: int) -> _Times:
    """Gather the occurrences of each key that are known, the `newest` of them."""
    known_days = log.shape[1]
    places = np.where(table < known_days, table, -1)
    columns = np.flatnonzero((places >= 0).any(axis=0))[-newest:]
    happened = places[:, columns]
    values = np.where(happened >= 0, log[:, np.maximum(happened, 0)], np.nan)
    count = (~np.isnan(values)).sum(axis=2)
    mean = np.nan_to_num(nanstats.mean(values, axis=2))
    total = np.nansum(values, axis=2)[..., None]
    others = nanstats.ratio(total - values, np.broadcast_to(count[..., None] - 1, values.shape))
    gain = np.full((*count.shape, table.shape[1]), np.nan)
    gain[..., columns] = values**2 - (values - others) ** 2
    around = nanstats.ratio(np.nansum((values - mean[..., None]) ** 2, axis=2), count - 1)
    return _Times(values, count, mean, np.nan_to_num(around), gain)


def _least(chance: list[_Times], spread: Floats, sure: float) -> Floats:
    """How far (series) an effect times the square root of its occurrences has to be from none."""
    by_chance = [np.abs(times.mean) * np.sqrt(times.count) * (times.agree >= AGREEING) for times in chance]
    largest = np.max([np.nan_to_num(one).max(axis=1, initial=0.0) for one in by_chance], axis=0)
    result: Floats = np.maximum(sure * spread, BEYOND_CHANCE * largest)
    return result


def _is_clear(times: _Times, least: Floats) -> Bools:
    """Keys whose occurrences agree on an effect that is far enough from none."""
    with np.errstate(invalid="ignore"):
        far = least[:, None] / np.sqrt(np.maximum(times.count, 1))
        is_clear: Bools = (np.abs(times.mean) > np.maximum(far, LEAST)) & (times.agree >= AGREEING)
        is_clear &= np.nansum(times.gain, axis=2) > 0
    return is_clear


def _laid_out(cells: Floats, table: NDArray[np.intp], days: int) -> Floats:
    """Values (series, key) on every day (series, day) of each key, 0 on days without one."""
    values = np.zeros((len(cells), days))
    spread = np.broadcast_to(cells[..., None], (*cells.shape, table.shape[1]))
    values[:, table[table >= 0]] = spread[:, table >= 0]
    return values


def combined(parts: Sequence[Effects]) -> Effects:
    """Add effects up."""
    log = np.sum([part.log for part in parts], axis=0)
    return Effects(log, np.sqrt(np.sum([part.doubt**2 for part in parts], axis=0)))
