"""Growth that began and goes on: moves one after the other that a line since then explains as well are none of level.

A staircase, or a ramp over the longest time that one may take, is what is found of a slow line. To bring what lies
before it to today's level would hide the growth from the models, which foresee it as it is.
"""

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import MOVED, Kind
from forecasting.panel.breaks.moves import Move
from forecasting.panel.breaks.segments import BEFORE, FARTHEST, LEAST_NOISE, PENALTY, day_noise
from forecasting.panel.breaks.slopes import LEAD, RAMP_LONGEST

Floats = NDArray[np.float64]

FREE: dict[Kind, int] = {"step": 2, "ramp": 3}  # numbers that each is told by: when, how long, how far
FREE_OF_A_LINE = 2
LATE = 3  # days after the first move, up to which a line may begin


def without_trends(moves: list[Move], level: Floats, *, is_ratio: bool) -> list[Move]:
    """Leave out the newest moves of the daily levels `level` that are growth, or decline, since they began."""
    moved = [one for one in moves if one.kind in MOVED]
    first = len(moved)
    while first > 0 and (moved[first - 1].new > moved[first - 1].old) == (moved[-1].new > moved[-1].old):
        first -= 1
    for k in range(first, len(moved)):
        is_gradual = len(moved) - k > 1 or moved[k].kind == "ramp"  # one step is no staircase
        if is_gradual and _is_trend(moved[k:], level, is_ratio=is_ratio):
            return [one for one in moves if one not in moved[k:]]
    return moves


def _is_trend(chain: list[Move], level: Floats, *, is_ratio: bool) -> bool:
    """Tell whether a line since about the first of these moves explains all days since as well as they do."""
    begin, days = chain[0].begin, len(level)
    starts = range(max(begin - LEAD, 1), min(begin + LATE, days - RAMP_LONGEST))
    old = chain[0].old
    if not starts or (is_ratio and not (old > 0 and (level > 0).all())):
        return False
    window = slice(max(0, begin - LEAD - BEFORE), days)
    place, values = np.arange(days)[window], level[window]
    known = np.log(values) if is_ratio else values
    noise = max(day_noise(known), LEAST_NOISE * (1.0 if is_ratio else float(np.mean(np.abs(values)))))

    def misfit(told: Floats) -> float:
        away = (known - (np.log(np.maximum(told, values.min() / FARTHEST)) if is_ratio else told)) / noise
        return float(np.minimum(away**2, FARTHEST**2).sum())

    free = sum(FREE[one.kind] for one in chain) - FREE_OF_A_LINE
    most = misfit(_stairs(chain, level)[window]) + free * PENALTY * float(np.log(days))
    for start in starts:
        since = np.clip(place - start, 0, None).astype(np.float64)
        lines = [old + since * float((values - old) @ since / (since @ since))]
        if is_ratio:
            lines.append(old * np.exp(since * float((known - np.log(old)) @ since / (since @ since))))
        if any(misfit(line) <= most for line in lines):
            return True
    return False


def _stairs(chain: list[Move], level: Floats) -> Floats:
    """Levels (day,) as the moves say: one before them, one after each, and on the way in a ramp."""
    told = np.full(len(level), chain[0].old)
    for one, until in zip(chain, [*(later.begin for later in chain[1:]), len(level)], strict=True):
        if one.kind == "ramp":
            told[one.begin : one.end] = np.linspace(one.old, one.new, one.end - one.begin + 2)[1:-1]
        if until > one.end:
            told[one.end : until] = float(np.median(level[one.end : until]))
    return told
