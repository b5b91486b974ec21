"""A history as today sees it: what lies before a step or a ramp at today's level, outages and excursions left out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import LEFT, MOVED, Break
from forecasting.panel.grain import SEASONS, Grain

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Regimes = NDArray[np.int16]
Found = Sequence[tuple[Break, ...]]

LIKELY, SURELY = 0.10, 0.025  # outside of the 80 and the 95 % interval, on one side
NEXT_TO_NOTHING = 1e-12  # times: what a level before a move to nothing becomes
SHORT_STAY_DAYS = 1.0  # in which half of what comes back at all is back


@dataclass(frozen=True)
class View:
    """Arrays (series, time). A value of today's level is the measured one times `factor` plus `shift`."""

    factor: Floats
    shift: Floats
    out: Bools  # does not train and is not judged
    regime: Regimes  # forecasts from one column are judged at another where both have the same number


def see(found: Found, columns: int) -> View | None:
    """Lay the breaks of each series over its columns; None where there are none."""
    if not any(found):
        return None
    shape = (len(found), columns)
    view = View(np.ones(shape), np.zeros(shape), np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int16))
    for row, breaks in enumerate(found):
        for number, one in enumerate(breaks, start=1):
            if one.kind in MOVED:
                _relevel(view, row, one)
                view.regime[row, one.begin : one.end] = -number
                view.regime[row, one.end :] = number
            if one.kind in LEFT or one.kind == "ramp":
                view.out[row, one.begin : one.end] = True
        for number, one in enumerate(breaks, start=1):
            if one.kind == "excursion":
                view.regime[row, one.begin : one.end] = -number
    return view


def relevel(values: Floats, one: Break) -> Floats:
    """Bring values (time,) from column 0 to the level after a step or a ramp; what lies after it is already there."""
    factor, shift = _way(one)
    out = values.copy()
    out[: one.end] = values[: one.end] * factor + shift
    return out


def ahead(found: Found, horizon: int, columns: int) -> Floats | None:
    """Factors (bound, series, step) of the forecasts of series that still move: lowest, expected, highest.

    How long it goes on is not known: as a rule as long again as it has lasted, at least not at all and at most
    twice as long (Gott 1993: what has lasted so long is as likely in its first half as in its second). What may only
    be moving is expected to have settled. None where nothing moves.
    """
    out = np.ones((3, len(found), horizon))
    steps = np.arange(1, horizon + 1)
    for row, breaks in enumerate(found):
        newest = breaks[-1] if breaks else None
        if newest is None or newest.kind not in MOVED:
            continue
        if newest.is_open and newest.end == columns and np.isfinite(newest.factor) and newest.factor > 0:
            lasted = newest.end - newest.begin
            ways = ways_on((1 - 1 / newest.factor) / lasted, lasted, steps)
            out[1, row] = ways[1]
        elif newest.going is not None:
            ways = ways_on(newest.going.pace, columns - newest.going.since, steps)
            ways = [np.ones(horizon), *(newest.going.factor * way for way in ways)]
        else:
            continue
        out[0, row], out[2, row] = np.minimum.reduce(ways), np.maximum.reduce(ways)
    return None if (out == 1).all() else out


def ways_on(pace: float, lasted: int, steps: NDArray[np.intp]) -> list[Floats]:
    """Factors (step,) if it goes on no longer, as long again as it lasted, and twice as long."""
    gone = [pace * np.minimum(steps, share * lasted) for share in (0.0, 1.0, 2.0)]
    # Down, each step is that share of what is left: it cannot pass zero, and few move on to nothing.
    return [1 + part if pace > 0 else np.exp(part) for part in gone]


def still_steps(one: Break, grain: Grain) -> tuple[int, int]:
    """Count the steps for which what is open may go on, so likely that 80 and 95 % intervals have to reach it.

    It lasts t longer with probability T / (T + t) where it has lasted T (Gott 1993, "Implications of the Copernican
    principle for our future prospects"): no knowledge of its cause is pretended.
    """
    lasted = min(one.end - one.begin, SEASONS[grain][-1])
    return int(lasted * (1 / LIKELY - 1)), int(lasted * (1 / SURELY - 1))


def chance_back(one: Break, columns: int, day: int, horizon: int) -> Floats:
    """Chance (step,) that a step is none, and its level back where it was before it.

    Half of what leaves a level comes back, as likely after as many days again as it has been away so far, and a day
    more (Lomax 1954: what lasts without a scale of its own); the longer it stays, the surer it is a level.
    """
    away, ahead_days = (columns - one.begin) / day, (1 + np.arange(horizon)) / day
    still = SHORT_STAY_DAYS / (SHORT_STAY_DAYS + away)  # of what will come back, that has not yet
    chance: Floats = still / (1 + still) * ahead_days / (SHORT_STAY_DAYS + away + ahead_days)
    return chance


def _relevel(view: View, row: int, one: Break) -> None:
    """Chain a move onto those before it: what they brought to the level before it goes to the level after it."""
    factor, shift = _way(one)
    before = slice(0, one.end)
    view.shift[row, before] = view.shift[row, before] * factor + shift
    view.factor[row, before] *= factor


def _way(one: Break) -> tuple[Floats, Floats]:
    """Factor and shift (column before the end) that bring a step or a ramp to the level after it."""
    columns = np.arange(one.end)
    days = max(one.end - one.begin, 1)
    share = np.where(columns < one.begin, 0.0, np.clip((columns - one.begin + 0.5) / days, 0.0, 1.0))
    if np.isfinite(one.factor) and one.factor >= 0:
        factor = max(one.factor, NEXT_TO_NOTHING)
        return factor / (1 + share * (factor - 1)), np.zeros(one.end)
    return np.ones(one.end), one.shift * (1 - share)
