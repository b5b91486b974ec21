"""How much to commit to: the level where P(demand >= level) = 1 - discount, and what each level would cost.

An hour of commitment costs level x (1 - discount) whether it is used or not, and replaces on-demand use up to level:
the last unit pays where it is used in at least 1 - discount of the hours (the newsvendor's critical ratio).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forecasting.decisions.commitments.futures import Demand

Floats = NDArray[np.float64]
Risk = Literal["cautious", "neutral", "bold"]

RISKS: tuple[Risk, ...] = ("cautious", "neutral", "bold")
LOW, HIGH = 0.25, 0.75  # of the futures' own best levels: what is cautious, what is bold
WORST = 0.05
GRID = 24
MONTH_HOURS = 730.0


@dataclass(frozen=True)
class Value:
    """What a level is worth against what is owned alone, a month."""

    saving: float
    worst_saving: float
    coverage: float
    utilisation: float


def levels(demand: Demand, discount: float, *, is_safe: bool = False) -> dict[Risk, float]:
    """Return the level to cover by appetite, on-demand price an hour; a bolder one is never lower.

    `is_safe`: no higher than where even one future in twenty loses nothing, for what may be retired.
    """
    hours = demand.hours
    neutral = float(np.quantile(hours, discount))
    own = np.quantile(hours, discount, axis=1)  # what would have been best in each future
    low, high = (float(np.quantile(own, share)) for share in (LOW, HIGH))
    levels: dict[Risk, float] = {"cautious": min(low, neutral), "neutral": neutral, "bold": max(high, neutral)}
    if is_safe:
        most = _safe_level(hours, discount, levels["bold"])
        levels = {risk: min(level, most) for risk, level in levels.items()}
    return levels


def cost(hours: Floats, level: float, discount: float) -> Floats:
    """Mean cost of an hour by future (future, hour) at a level."""
    committed: Floats = level * (1 - discount) + np.maximum(hours - level, 0.0).mean(axis=1)
    return committed


def value(demand: Demand, level: float, owned: float, discount: float) -> Value:
    """Value a level against what is `owned` already, both on-demand price an hour."""
    hours = demand.hours
    whole = max(level, owned)
    saved = (cost(hours, owned, discount) - cost(hours, whole, discount)) * MONTH_HOURS
    used = np.minimum(hours, whole).mean()
    return Value(
        saving=float(saved.mean()),
        worst_saving=float(np.quantile(saved, WORST)),
        coverage=float(used / hours.mean()) if hours.mean() > 0 else 0.0,
        utilisation=float(used / whole) if whole > 0 else 1.0,
    )


def regrets(demand: Demand, discount: float, marked: list[float]) -> list[tuple[float, float, float, float]]:
    """Return (level, cost, regret, regret in one future of twenty) a month over levels, the `marked` among them."""
    hours = demand.hours
    best = cost_at(hours, np.quantile(hours, discount, axis=1), discount)
    top = max(float(np.quantile(hours, 1 - WORST)), *marked)
    points = []
    for level in sorted({*np.round(np.linspace(0.0, top, GRID), 6), *np.round(marked, 6)}):
        spent = cost(hours, float(level), discount)
        regret = (spent - best) * MONTH_HOURS
        points.append(
            (
                float(level),
                float(spent.mean() * MONTH_HOURS),
                float(regret.mean()),
                float(np.quantile(regret, 1 - WORST)),
            )
        )
    return points


def cost_at(hours: Floats, level: Floats, discount: float) -> Floats:
    """Mean cost of an hour by future at a level of its own."""
    committed: Floats = level * (1 - discount) + np.maximum(hours - level[:, None], 0.0).mean(axis=1)
    return committed


def _safe_level(hours: Floats, discount: float, most: float) -> float:
    """Return the highest level up to `most` at which one future in twenty loses nothing against buying nothing."""
    nothing = cost(hours, 0.0, discount)
    for level in np.linspace(most, 0.0, GRID):
        if np.quantile(nothing - cost(hours, float(level), discount), WORST) >= 0:
            return float(level)
    return 0.0
