"""Moves of level, found on the levels of days: steps, ramps, and excursions of days to weeks that came back.

Rule: a day is out where it lies off the median of the three weeks before it by more than SURE robust deviations and by
more than LEAST of the level, and clear of all that they ranged over by half of that. The weeks may end up to two weeks
before the day, so that a move of some days is seen as one. A run of such days that came back within four weeks is an
excursion; one that did not is a step, or a ramp where a slope explains it better.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats

Floats = NDArray[np.float64]

SURE = 6.0  # robust standard deviations
LEAST = 0.05  # of the level
BEFORE = 21  # days compared with: three weeks
FEWEST = 6  # of them that tell how levels vary
LAGS = (0, 3, 7, 14)  # days between them and the day: a ramp of two weeks must not hide in its own range
LONGEST = 28  # days that an excursion may last: longer is a level
BACK = 0.35  # of the run's own distance: nearer to what was before is back
WEEKS_EACH = 3.0  # more moves than one in so many weeks, and the level wanders by nature
RAMP_DAYS = 3  # shorter is a step
RAMP_LONGEST = 60  # days
RAMP_BETTER = 0.5  # squared error of a slope against that of a step, from which it is a slope
FLAT_DAYS = 2  # after a slope, that show it has ended


@dataclass(frozen=True)
class Move:
    """Places are of the known days that were given; a run that has not come back ends where they end."""

    kind: str  # step, ramp, excursion
    begin: int
    end: int  # step: as begin
    is_open: bool
    old: float
    new: float  # level in an excursion, after a step or a ramp; where a ramp still moves, today's
    evidence: float


def find_moves(level: Floats, shortest: int, *, is_ratio: bool) -> list[Move]:
    """Find moves in the known daily levels of a series, oldest first; an open run under `shortest` is an excursion."""
    most = 2 + len(level) / 7 / WEEKS_EACH
    v, place = level.copy(), np.arange(len(level))
    found: list[Move] = []
    since = 0
    while (run := _first_run(v, since)) is not None:
        begin, end, old, evidence = run
        is_open = end == len(v)
        inside = v[begin:end]
        if (not is_open and end - begin <= LONGEST) or (is_open and end - begin < shortest):
            span = int(place[begin]), int(place[end - 1]) + 1
            found.append(Move("excursion", *span, is_open, old, float(np.median(inside)), evidence))
            v, place = np.delete(v, slice(begin, end)), np.delete(place, slice(begin, end))
            since = begin
        else:
            move = _level_move(v, begin, end, old, evidence)
            v = _moved(v, move, is_ratio=is_ratio)
            since = max(move.end, since + 1)
            span = int(place[move.begin]), int(place[move.end]) if move.end < len(place) else len(level)
            found.append(Move(move.kind, *span, move.is_open, move.old, move.new, move.evidence))
        if len(found) > most:
            return []
    return sorted(found, key=lambda one: one.begin)


def _first_run(v: Floats, since: int) -> tuple[int, int, float, float] | None:
    """First day from `since` on that is out: begin and end of its run, the level before it, and how far it is out."""
    if len(v) <= FEWEST:
        return None
    padded = np.r_[np.full(BEFORE, np.nan), v]
    windows = np.lib.stride_tricks.sliding_window_view(padded, BEFORE)[: len(v)]  # what is before each day
    middle = nanstats.median(windows, axis=1, fewest=FEWEST)
    spread = 1.4826 * nanstats.median(np.abs(windows - middle[:, None]), axis=1)
    high = np.max(np.where(np.isnan(windows), -np.inf, windows), axis=1)
    low = np.min(np.where(np.isnan(windows), np.inf, windows), axis=1)
    first, best = len(v), None
    for lag in LAGS:
        now = v[lag:]
        base, top, bottom = (part[: len(now)] for part in (middle, high, low))
        size = np.maximum(np.abs(base), np.abs(now))
        need = np.maximum(SURE * np.maximum(spread[: len(now)], (top - bottom) / 4), LEAST * size)
        step = now - base
        with np.errstate(invalid="ignore"):
            gap = np.maximum(now - top, bottom - now)
            out = (np.abs(step) > need) & (gap > np.abs(step) / 2)
        out[: max(0, since - lag)] = False
        if out.any() and int(out.argmax()) + lag < first:
            at = int(out.argmax())
            first, best = at + lag, (at, float(base[at]), float(need[at]), float(step[at]))
    if best is None:
        return None
    at, base_level, needed, step_at = best
    side = np.sign(step_at)
    away = side * (v - base_level)
    begin = first
    while begin > max(at, since) and away[begin - 1] > needed / 2:
        begin -= 1
    end = first + 1
    while end < len(v):
        back = max(needed / 2, BACK * float(np.median(away[begin:end])))
        if away[end] <= back and (end + 1 == len(v) or away[end + 1] <= back):
            break
        end += 1
    return begin, end, base_level, float(SURE * abs(step_at) / needed)


def _level_move(v: Floats, begin: int, end: int, old: float, evidence: float) -> Move:
    """Decide whether a run that did not come back is a step or a ramp."""
    tail = v[begin:end]
    new = float(np.median(tail[-min(len(tail), 14) :]))
    lead = max(0, begin - 2 * FEWEST)
    stop = min(end, begin + RAMP_LONGEST)
    u = v[lead:stop]
    split = _best_split(u, old, new, begin - lead)
    step_error = float(np.sum((u[:split] - old) ** 2) + np.sum((u[split:] - new) ** 2))
    ramp = _best_ramp(u, old, begin - lead)
    if ramp is not None and ramp[3] < RAMP_BETTER * step_error and end - begin > RAMP_DAYS:
        p, q, reached, _ = ramp
        is_open = end == len(v) and q > len(u) - FLAT_DAYS and stop == end
        return Move("ramp", lead + p, lead + q, is_open, old, reached, evidence)
    at = lead + split
    fresh = v[at : min(end, at + 14)]
    return Move("step", at, at, is_open=False, old=old, new=float(np.median(fresh)), evidence=evidence)


def _best_split(u: Floats, old: float, new: float, near: int) -> int:
    """Where the old level ends, near the first day that is surely out."""
    nearer = np.abs(u - old) - np.abs(u - new)  # above zero: nearer to the new level
    low, high = max(0, near - 3), min(len(u) - 1, near + 1)
    gains = [float(nearer[at:].sum() - nearer[:at].sum()) for at in range(low, high + 1)]
    return low + int(np.argmax(gains))


def _best_ramp(u: Floats, old: float, near: int) -> tuple[int, int, float, float] | None:
    """First day of a slope, first day after it, the level it reached, and the squared error; None where too short."""
    best: tuple[int, int, float, float] | None = None
    for p in range(max(0, near - 2 * FEWEST), min(len(u) - RAMP_DAYS, near + 2)):
        before = float(np.sum((u[:p] - old) ** 2))
        for q in range(p + RAMP_DAYS, len(u) + 1):
            after = u[q:]
            share = np.arange(1, q - p + 1) / (q - p + 1)
            if len(after) >= FLAT_DAYS:
                reached = float(np.median(after[:14]))
            elif len(after) == 0:
                rise = u[p:q] - old
                reached = old + float(rise @ share / (share @ share))
            else:
                continue
            error = before + float(np.sum((u[p:q] - old - share * (reached - old)) ** 2))
            error += float(np.sum((after - reached) ** 2))
            if best is None or error < best[3]:
                best = (p, q, reached, error)
    return best


def ramp_levels(move: Move, days: int) -> Floats:
    """Level of each day of a ramp, from the old one to the one it reached."""
    share = np.arange(1, days + 1) / (days + 1)
    found: Floats = move.old + share * (move.new - move.old)
    return found


def _moved(v: Floats, move: Move, *, is_ratio: bool) -> Floats:
    """Bring what lies before a move to the level after it."""
    out = v.copy()
    parts = [(slice(0, move.begin), np.array([move.old]))]
    if move.end > move.begin:
        parts.append((slice(move.begin, move.end), ramp_levels(move, move.end - move.begin)))
    for span, level in parts:
        if is_ratio and move.old > 0 and move.new > 0:
            out[span] = v[span] * (move.new / level)
        else:
            out[span] = v[span] + (move.new - level)
    return out
