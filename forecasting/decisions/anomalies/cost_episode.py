"""Episodes of cost by service, from the judged days of its cells: what kind, how much, why, and which cells."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.decisions.anomalies.cost import ADOPTED_DAYS, JudgedCost

Floats = NDArray[np.float64]

KEYS = ["provider", "account", "product", "region", "usage_type"]
APART_DAYS = 1  # days without an alert inside an episode
SPIKE_DAYS, DROP_DAYS = 2, 14  # at most
GROWS = 1.8  # the last third of an episode over its first
LEAK_SHARE = 0.03  # of what the service costs a day, gained each day; slower is a creep
EXPLAINS = 0.8  # of an episode's impact: the cells that are named
MOST = 0.5  # of the impact, for a cause


@dataclass(frozen=True)
class CostDays:
    """Settled days of one service: a row a cell, then a row of the whole (cell, day); in the currency."""

    cost: Floats
    price_part: Floats  # of the cost: what the list price has changed against the days before, at today's quantity
    discount_part: Floats  # of the cost: what is taken off the list price, changed against the days before
    judged: JudgedCost
    usual: Floats  # (day): what the service costs a day


@dataclass(frozen=True)
class CostEpisode:
    """Days [start, end] of a service; amounts in the currency over the episode. `cells` by impact, most first."""

    start: int
    end: int
    seen: int  # first day on which it was both an alert and worth `minimum`; the last day where it never was
    is_open: bool
    kind: str
    cause: str
    expected: float
    actual: float
    impact: float
    score: float
    cells: list[tuple[int, float]]


def cost_episodes(days: CostDays, minimum: float) -> list[CostEpisode]:
    """Return the episodes of a service, oldest first; `minimum` is in the currency."""
    is_part = days.judged.is_part.any(axis=0)
    on = np.flatnonzero(is_part)
    if not len(on):
        return []
    whole = np.where(days.judged.is_part[-1], np.sign(days.cost[-1] - days.judged.expected[-1]), 0.0)[on]
    apart = (np.diff(on) > APART_DAYS + 1) | (whole[1:] * whole[:-1] < 0)  # dearer, then cheaper, is two things
    parts = np.split(on, np.flatnonzero(apart) + 1)
    return [_episode(days, int(part[0]), int(part[-1]), minimum) for part in parts]


def _episode(days: CostDays, start: int, end: int, minimum: float) -> CostEpisode:
    span = slice(start, end + 1)
    excess = np.where(days.judged.is_part, days.cost - days.judged.expected, 0.0)[:, span]
    whole_alerts = days.judged.is_part[-1, span]
    by_day = np.where(whole_alerts, excess[-1], excess[:-1].sum(axis=0))
    impact = float(by_day.sum())
    actual = float(days.cost[-1, span].sum())
    score = np.abs(days.judged.score[:, span])
    alerts = (score > 1).any(axis=0) & (np.abs(np.cumsum(by_day)) >= minimum)
    cells = _cells(days, span, impact)
    return CostEpisode(
        start=start,
        end=end,
        seen=start + int(alerts.argmax()) if alerts.any() else end,
        is_open=end == days.cost.shape[1] - 1,
        kind=_kind(days, span, by_day, cells),
        cause=_cause(days, span, impact, cells),
        expected=actual - impact,
        actual=actual,
        impact=impact,
        score=float(score.max()),
        cells=cells,
    )


def _cells(days: CostDays, span: slice, impact: float) -> list[tuple[int, float]]:
    """Return the fewest cells that explain most of the impact, with their own."""
    own = (days.cost[:-1, span] - days.judged.expected[:-1, span]).sum(axis=1) * np.sign(impact)
    order = np.argsort(-own, kind="stable")
    named: list[tuple[int, float]] = []
    total = 0.0
    for cell in order:
        if own[cell] <= 0 or total >= EXPLAINS * abs(impact):
            break
        named.append((int(cell), float(own[cell] * np.sign(impact))))
        total += own[cell]
    return named


def _kind(days: CostDays, span: slice, by_day: Floats, cells: list[tuple[int, float]]) -> str:
    special = _special(days, span, cells)
    if special:
        return special
    if by_day.sum() < 0:
        return "drop" if len(by_day) <= DROP_DAYS else "step"
    if _is_slow(days, span):
        return "creep"
    if len(by_day) <= SPIKE_DAYS:
        return "spike"
    third = max(1, len(by_day) // 3)
    first, last = by_day[:third].mean(), by_day[-third:].mean()
    if last > GROWS * first and np.corrcoef(np.arange(len(by_day)), by_day)[0, 1] > GROWS / 2:
        gained = (last - first) / (len(by_day) - third)
        return "leak" if gained > LEAK_SHARE * days.usual[span].mean() else "creep"
    return "step"


def _is_slow(days: CostDays, span: slice) -> bool:
    """Tell whether most of the days that alerted stood out from four weeks before alone."""
    alerts, slow = np.abs(days.judged.score[:, span]) > 1, days.judged.is_slow[:, span]
    alone = (alerts & slow).any(axis=0) & ~(alerts & ~slow).any(axis=0)
    return bool(2 * alone.sum() > alerts.any(axis=0).sum())


def _special(days: CostDays, span: slice, cells: list[tuple[int, float]]) -> str | None:
    """Return new where most of it is of cells without cost before; vanished where such cells cost nothing."""
    total = sum(abs(impact) for _, impact in cells)
    new = sum(abs(impact) for cell, impact in cells if days.judged.is_new[cell, span].any())
    gone = sum(abs(impact) for cell, impact in cells if not days.cost[cell, span].any())
    if total and new > MOST * total:
        return "new product"
    return "vanished product" if total and gone > MOST * total else None


def _cause(days: CostDays, span: slice, impact: float, cells: list[tuple[int, float]]) -> str:
    special = _special(days, span, cells)
    if special:
        return special
    for cause, part in (("price", days.price_part), ("discount", days.discount_part)):
        of_cells = sum(float(part[cell, span].sum()) for cell, _ in cells)
        if impact and of_cells / impact > MOST:
            return cause
    return "use"


def price_parts(cost: Floats, quantity: Floats) -> Floats:
    """Return what of each day's cost (cell, day) comes of a price unlike that of ADOPTED_DAYS before."""
    price = np.divide(cost, quantity, out=np.full(cost.shape, np.nan), where=quantity > 0)
    filled = pd.DataFrame(price.T).ffill().to_numpy().T
    before = np.full(price.shape, np.nan)
    before[:, ADOPTED_DAYS:] = filled[:, :-ADOPTED_DAYS]
    change: Floats = np.nan_to_num((price - before) * quantity)
    return change
