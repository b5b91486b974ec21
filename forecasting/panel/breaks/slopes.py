"""Slopes among pieces of one level: a gradual move that explains a staircase of them better than the stairs do."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.segments import BEFORE, FARTHEST, Pieces

Floats = NDArray[np.float64]

RAMP_DAYS = 3  # shorter is a step
RAMP_LONGEST = 35  # days: what takes longer is a trend
LEAD = 12  # days before a move that tell where a slope begins
SETTLED = 14  # days that tell the level after it
AS_GOOD = 6.0  # squared deviations more: a twentieth as likely
FLAT_DAYS = 2  # after it, that can tell that it has ended


@dataclass(frozen=True)
class Slope:
    """A line from one level to another: in values, without the drift."""

    begin: int  # first day of it
    end: int  # first day after it
    old: float
    new: float
    evidence: float  # deviations


def same_way(pieces: Pieces, k: int) -> int:
    """Last piece of a staircase that begins with piece k, and takes no longer than a slope may."""
    first = pieces.bounds(k)[0]
    before, here = (pieces.level(slice(*pieces.bounds(piece))) for piece in (k - 1, k))
    side = here - before
    while k < len(pieces.edges) and pieces.bounds(k + 1)[0] - first <= RAMP_LONGEST:
        after = pieces.level(slice(*pieces.bounds(k + 1)))
        if (after - here) * side <= 0:
            break
        k, here = k + 1, after
    return k


def best_slope(
    pieces: Pieces, k: int, last: int, base: NDArray[np.intp]
) -> tuple[Slope | None, tuple[int, float] | None]:
    """Find the slope from the level of the days `base` that explains pieces k to last; None where stairs do better.

    Also the first day and today's level of one that still goes on, where that explains them nearly as well.
    """
    near, finish = pieces.bounds(k)[0], pieces.bounds(last)[1]
    stop = min(finish, near + RAMP_LONGEST)
    lead = max(int(base[0]), near - LEAD)
    place = np.arange(lead, stop)
    counts = np.isin(place, base) | (place >= near)
    before = pieces.level(base[-BEFORE:])
    stairs = np.where(place < near, before, 0.0)
    for piece in range(k, last + 1):
        begin, end = pieces.bounds(piece)
        stairs[max(begin - lead, 0) : end - lead] = pieces.level(slice(begin, end))
    cells = pieces.u[lead:stop]
    stair = _misfit(pieces, cells - stairs, counts)
    need = stair + (last - k + 1) * pieces.penalty
    old, values = pieces.value(before), pieces.values(cells)
    best: tuple[float, int, int, float] | None = None
    still: tuple[float, int, float] | None = None
    settled = {q: pieces.value(pieces.level(slice(q, min(q + SETTLED, finish)))) for q in range(lead + RAMP_DAYS, stop)}
    for p in range(max(lead, near - LEAD), min(stop - RAMP_DAYS, near + 2)):
        ends = np.array([*range(p + RAMP_DAYS, stop - FLAT_DAYS + 1), stop])  # it has settled, or goes on
        share = np.clip((place - p + 1) / (ends - p + 1)[:, None], 0.0, 1.0)  # of the way, by end and day
        way = share[-1, p - lead :]
        going = old + float((values[p - lead :] - old) @ way / (way @ way))
        reached = np.array([*(settled[q] for q in ends[:-1].tolist()), going])
        fits = pieces.log(old + share * (reached - old)[:, None])
        errors = _misfit(pieces, cells - fits, counts)
        first = int(errors.argmin())
        if best is None or errors[first] < best[0]:
            best = (float(errors[first]), p, int(ends[first]), float(reached[first]))
        if still is None or errors[-1] < still[0]:
            still = (float(errors[-1]), p, going)
    if best is None or still is None:
        return None, None
    is_slope = best[0] + 2 * pieces.penalty < need
    may_go_on = stop == len(pieces.u) and still[0] <= (best[0] if is_slope else stair) + AS_GOOD
    _, p, q, new = best
    slope = Slope(p, q, old, new, abs(pieces.of_value(new) - before) / pieces.noise) if is_slope else None
    return slope, still[1:] if may_go_on else None


def _misfit(pieces: Pieces, gaps: Floats, counts: NDArray[np.bool_]) -> Floats:
    """Sum of squared deviations of gaps (..., day), each no larger than what counts."""
    square = np.minimum((gaps / pieces.noise) ** 2, FARTHEST**2)
    result: Floats = np.where(counts, square, 0.0).sum(axis=-1)
    return result
