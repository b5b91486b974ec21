"""List prices that changed for several services at once: one finding, not one a service."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BEFORE_DAYS = 14
LEAST_RATIO = 0.02
STEADY = 0.005  # a price that moves more than this from day to day is a mix of prices, and tells nothing
AGREE = 0.8  # of the cells
LEAST_SERVICES = 2
ADOPTED_DAYS = 28  # for so long it is news


@dataclass(frozen=True)
class PriceChange:
    """From day `start` on; impact in the currency over the days until it is no news, by cell."""

    start: int
    end: int
    ratio: float
    impact: Floats
    by_day: Floats  # the same impact by day from `start` on


def price_changes(list_cost: Floats, quantity: Floats) -> list[PriceChange]:
    """Find changes of the list price of one product in one region from its cells (service, day)."""
    if len(list_cost) < LEAST_SERVICES:
        return []
    price = np.divide(list_cost, quantity, out=np.full(list_cost.shape, np.nan), where=quantity > 0)
    changes: list[PriceChange] = []
    count = price.shape[1]
    news = 0  # what changes within BEFORE_DAYS of a change is the same
    for day in _moved(price):
        ratio = _agreed(price, day) if day >= news else None
        if ratio is None:
            continue
        old = price[:, day - 1][:, None]
        span = slice(day, min(day + ADOPTED_DAYS, count))
        moved = np.nan_to_num(quantity[:, span] * (price[:, span] - old))
        changes.append(PriceChange(day, span.stop - 1, ratio, moved.sum(axis=1), moved.sum(axis=0)))
        news = day + BEFORE_DAYS
    return changes


def _moved(price: Floats) -> list[int]:
    """Return the days on which at least two cells' prices moved by enough: few, and only they are looked at closely."""
    ratio = np.abs(price[:, 1:] / price[:, :-1] - 1)
    days = np.flatnonzero((ratio >= LEAST_RATIO / 2).sum(axis=0) >= LEAST_SERVICES) + 1
    return [int(day) for day in days if day >= BEFORE_DAYS]


def _agreed(price: Floats, day: int) -> float | None:
    """Return by how much the price moved on a day where steady cells agree that it did; else None."""
    before = price[:, day - BEFORE_DAYS : day]
    known = np.isfinite(before).all(axis=1) & np.isfinite(price[:, day])
    if known.sum() < LEAST_SERVICES:
        return None
    before, today = before[known], price[known, day]
    steady = before.max(axis=1) <= (1 + STEADY) * before.min(axis=1)
    if steady.sum() < LEAST_SERVICES:
        return None
    moved = today[steady] / before[steady, -1] - 1
    middle = float(np.median(moved))
    agree = np.abs(moved - middle) <= STEADY
    return middle if abs(middle) >= LEAST_RATIO and agree.mean() >= AGREE else None
