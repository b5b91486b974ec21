"""What the occurrences of a day that comes again say of it, and when that is more than chance.

A day's effect is the mean of its earlier occurrences. It counts only where they agree: what each of them says is held
against what the others say of it, which is a backtest of the rule, and it has to stand clear of how days vary anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SURE = 4.0  # standard errors that an effect has to be from none
BEYOND_CHANCE = 1.2  # times the largest effect that rules find in the series by which nothing goes
LEAST = 0.1  # log: smaller effects are left to the models
ALIKE = 0.4  # of the mean, with its sign: from where an occurrence agrees
AGREEING = 0.7  # share of the occurrences


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
class Times:
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


def occurrences(log: Floats, table: NDArray[np.intp], newest: int) -> Times:
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
    return Times(values, count, mean, np.nan_to_num(around), gain)


def least_effect(chance: list[Times], spread: Floats, sure: float) -> Floats:
    """How far (series) an effect times the square root of its occurrences has to be from none."""
    by_chance = [np.abs(times.mean) * np.sqrt(times.count) * (times.agree >= AGREEING) for times in chance]
    largest = np.max([np.nan_to_num(one).max(axis=1, initial=0.0) for one in by_chance], axis=0)
    result: Floats = np.maximum(sure * spread, BEYOND_CHANCE * largest)
    return result


def is_clear(times: Times, least: Floats) -> Bools:
    """Keys whose occurrences agree on an effect that is far enough from none."""
    with np.errstate(invalid="ignore"):
        far = least[:, None] / np.sqrt(np.maximum(times.count, 1))
        is_clear: Bools = (np.abs(times.mean) > np.maximum(far, LEAST)) & (times.agree >= AGREEING)
        is_clear &= np.nansum(times.gain, axis=2) > 0
    return is_clear


def near_total(cells: Floats, days: int) -> Floats:
    """Sum (series, day) over so many days to each side of each one."""
    total = np.cumsum(np.pad(cells, ((0, 0), (1, 0))), axis=1)
    first, last = near_edges(cells.shape[1], days)
    result: Floats = total[:, last] - total[:, first]
    return result


def near_edges(count: int, days: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First day, and the one after the last, of so many days to each side of each of `count` days."""
    day = np.arange(count)
    return np.maximum(day - days, 0), np.minimum(day + days + 1, count)


def combined(parts: Sequence[Effects]) -> Effects:
    """Add effects up."""
    log = np.sum([part.log for part in parts], axis=0)
    return Effects(log, np.sqrt(np.sum([part.doubt**2 for part in parts], axis=0)))
