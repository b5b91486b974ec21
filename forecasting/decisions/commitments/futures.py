"""Futures of the hourly demand that a commitment would cover: where its level may go over a term, hour by hour.

The level of the last two weeks goes on with the trend of the last year (Theil 1950, Sen 1968, of weekly means), as far
as a trend can be trusted, and wanders from it as it did from week to week; the hours within a week keep the shape of
the last eight. What serves one product in one region may also be retired: then its demand ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WEEK_HOURS, YEAR_WEEKS = 168, 52
LEAST_WEEKS = 12  # of history: under a quarter a trend is a guess
TREND_WEEKS = 52
LEVEL_WEEKS = 2
SHAPE_WEEKS = 8
WANDER = 1.2  # of the usual weekly change: changes do not cancel out from week to week
DOUBT = 0.5  # of the trend: it may be half as steep again, or half
MOST_TREND = np.log(2.0)  # over a term: demand neither doubles nor halves for having done so
ODD_CHANGE = 0.2  # a week's change counts as no more
SHARES = (np.arange(20) + 0.5) / 20  # quantiles that stand for the hours of a week
EVERY = 4  # one week of so many stands for them
FUTURES = 200


@dataclass(frozen=True)
class Demand:
    """Futures of demand, on-demand price an hour: level (future, one week of EVERY) times `shape`, hours of a week."""

    level: Floats
    shape: Floats
    trend: float  # a year, ratio

    @property
    def hours(self) -> Floats:
        """Return demand by future (future, hour that stands for others)."""
        return (self.level[:, :, None] * self.shape).reshape(len(self.level), -1)


def foresee(demand: Floats, term_years: int, retires_a_year: float = 0.0, seed: int = 0) -> Demand | None:
    """Futures over a term from hourly demand, oldest first; None under LEAST_WEEKS, or where nothing is used now."""
    weeks = demand[len(demand) % WEEK_HOURS :].reshape(-1, WEEK_HOURS)
    means = weeks.mean(axis=1)
    since = int((means > 0).argmax())  # demand begins
    means, weeks = means[since:], weeks[since:]
    if len(means) < LEAST_WEEKS or means[-LEVEL_WEEKS:].mean() <= 0:
        return None
    ahead = np.arange(1, term_years * YEAR_WEEKS + 1)
    logs = np.log(np.maximum(means[-TREND_WEEKS:], 1e-3 * means.max()))
    slope = _theil_sen(logs)
    slope = float(np.clip(slope, -MOST_TREND / YEAR_WEEKS, MOST_TREND / YEAR_WEEKS))
    step = WANDER * _spread(np.diff(logs) - slope)
    rng = np.random.Generator(np.random.Philox(seed))
    doubt = DOUBT * abs(slope) * rng.standard_normal((FUTURES, 1))
    walk = np.cumsum(step * rng.standard_normal((FUTURES, len(ahead))), axis=1)
    drift = np.clip((slope + doubt) * ahead, -MOST_TREND, MOST_TREND)
    level = means[-LEVEL_WEEKS:].mean() * np.exp(drift + walk - walk.mean(axis=0))
    if retires_a_year > 0:
        ends = rng.exponential(YEAR_WEEKS / retires_a_year, FUTURES)
        level = np.where(ahead[None, :] > ends[:, None], 0.0, level)
    recent = weeks[-SHAPE_WEEKS:]
    shape = np.quantile(recent / np.maximum(recent.mean(axis=1, keepdims=True), 1e-12), SHARES)
    return Demand(level[:, EVERY // 2 :: EVERY], shape, float(np.expm1(slope * YEAR_WEEKS)))


def _theil_sen(values: Floats) -> float:
    later, earlier = np.tril_indices(len(values), -1)
    return float(np.median((values[later] - values[earlier]) / (later - earlier)))


def _spread(changes: Floats) -> float:
    return float(np.sqrt(np.mean(np.clip(changes, -ODD_CHANGE, ODD_CHANGE) ** 2)))
