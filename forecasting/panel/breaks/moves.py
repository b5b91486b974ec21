"""Moves of level, found on the levels of days: steps, ramps, and excursions of days to weeks that came back.

Rule: a day is out where it lies off the median of the three weeks before it by more than SURE robust deviations and by
more than LEAST of the level, and clear of all that they ranged over by half of that. The weeks may end up to two weeks
before the day, so that a move of some days is seen as one. A run of such days that came back within four weeks is an
excursion; one that did not is a step, or a ramp where a slope explains it better.
"""

from bisect import insort
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.breaks.kinds import MOVED, Kind

Floats = NDArray[np.float64]

SURE = 6.0  # robust standard deviations
LEAST = 0.05  # of the level
SURE_LEFT, LEAST_LEFT = 10.0, 0.3  # of an excursion: it is left out, so it has to be beyond doubt and to matter
SURE_AT_ONCE = 30.0  # of a new level in half the days that it takes otherwise
BEFORE = 21  # days compared with: three weeks
FEWEST = 6  # of them that tell how levels vary
LAGS = (0, 3, 7, 14)  # days between them and the day: a ramp of two weeks must not hide in its own range
LONGEST = 28  # days that an excursion may last: longer is a level
BACK = 0.35  # of the run's own distance: nearer to what was before is back
WEEKS_EACH = 3.0  # more moves than one in so many weeks, and the level wanders by nature
RAMP_DAYS = 3  # shorter is a step
RAMP_LONGEST = 35  # days: what takes longer is a trend
RAMP_LEAST = 2.0  # times, up or down: what moves less far is a trend
RAMP_FLAT = 0.2  # of a ramp's way: what ranged farther in the weeks before it was on its way already
RAMP_STEEP = 4.0  # times: then twice that range is forgiven
DEEP, FAINTEST = 0.2, 0.01  # of the level before: a fifth is an outage where it is not steady, a hundredth always
STEADY, STEADY_SPREAD = 2, 0.35  # times the shortest days of a level; robust deviation, of the level itself
SETTLED = 14  # days that tell a new level
RAMP_BETTER = 0.5  # squared error of a slope against that of a step, from which it is a slope
FAINT = 0.02  # of the highest level: below it a difference is none
FLAT_DAYS = 2  # after a slope, that show it has ended


@dataclass(frozen=True)
class Move:
    """Places are of the known days that were given; a run that has not come back ends where they end."""

    kind: Kind  # step, ramp, excursion, outage
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
    moves: list[Move] = []
    since = 0
    while (run := _first_run(v, since)) is not None:
        begin, end, old, unit = run
        is_open = end == len(v)
        move: Move | None
        sure = abs(float(np.median(v[begin:end])) - old) > SURE_AT_ONCE * unit
        if end - begin < (shortest // 2 if sure else shortest) or (not is_open and end - begin <= LONGEST):
            move = _excursion(v, begin, end, old, unit)
        else:
            move = _step_or_ramp(v, begin, end, old, unit)
            if (
                move is not None
                and move.kind == "step"
                and is_open
                and is_ratio
                and _is_down(v[move.begin :], move, shortest)
            ):
                move = replace(move, kind="outage", end=end, is_open=True)
        if move is None:  # not sure enough: the day is as it is
            since = max(since, begin) + 1 if is_open else end
            continue
        last = int(place[move.end - 1]) + 1 if move.end > move.begin else int(place[move.begin])
        moves.append(replace(move, begin=int(place[move.begin]), end=last))
        if move.kind not in MOVED:
            begin = move.begin
            v, place = np.delete(v, slice(begin, end)), np.delete(place, slice(begin, end))
            since = begin
        else:
            v = _moved(v, move, is_ratio=is_ratio)
            since = max(move.end, since + 1)
        if len(moves) > most:
            return []
    return sorted(moves, key=lambda one: one.begin)


def _first_run(v: Floats, since: int) -> tuple[int, int, float, float] | None:
    """Find the first day from `since` on that is out: begin and end of its run, the level before, a deviation of it."""
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
    ranked = sorted(away[begin:end].tolist())  # the run so far: its median is asked for at every day
    while end < len(v):
        back = max(needed / 2, BACK * (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2)
        if away[end] <= back and (end + 1 == len(v) or away[end + 1] <= back):
            break
        insort(ranked, float(away[end]))
        end += 1
    return begin, end, base_level, needed / SURE


def _is_down(inside: Floats, move: Move, shortest: int) -> bool:
    """Tell an outage of days that is still on from a low level: that one is steady, and not next to nothing."""
    if move.new >= DEEP * move.old or len(inside) > LONGEST or move.begin < 2 * 7:
        return False  # before two weeks are known, what was high may have been the exception
    spread = 1.4826 * float(np.median(np.abs(inside - move.new)))
    return len(inside) <= STEADY * shortest or move.new < FAINTEST * move.old or spread > STEADY_SPREAD * move.new


def _excursion(v: Floats, begin: int, end: int, old: float, unit: float) -> Move | None:
    new = float(np.median(v[begin:end]))
    evidence = abs(new - old) / unit
    if evidence < SURE_LEFT or abs(new - old) < LEAST_LEFT * abs(old):
        return None
    return Move("excursion", begin, end, end == len(v), old, new, evidence)


def _step_or_ramp(v: Floats, begin: int, end: int, old: float, unit: float) -> Move | None:
    """Decide whether a run that did not come back is a step, a ramp, or only a series that is on its way."""
    tail = v[begin:end]
    new = float(np.median(tail[-min(len(tail), SETTLED) :]))
    lead = max(0, begin - 2 * FEWEST)
    stop = min(end, begin + RAMP_LONGEST)
    u = v[lead:stop]
    split = _best_split(u, old, new, begin - lead)
    step_error = float(_misfit(u, np.where(np.arange(len(u)) < split, old, new)))
    ramp = _best_ramp(u, old, begin - lead)
    if ramp is not None and ramp[3] < RAMP_BETTER * step_error and end - begin > RAMP_DAYS:
        p, q, reached, _ = ramp
        before = v[max(0, lead + p - BEFORE) : lead + p]
        far = abs(reached - old) > (RAMP_LEAST - 1) * min(abs(old), abs(reached))
        ranged = float(np.ptp(before)) / abs(reached - old) if len(before) >= FEWEST else np.inf
        steep = abs(reached - old) > (RAMP_STEEP - 1) * min(abs(old), abs(reached))
        if not far or ranged > (2 * RAMP_FLAT if steep else RAMP_FLAT):
            return None
        stairs = _best_stairs(u, old, begin - lead)
        if stairs is not None and stairs[2] < ramp[3]:  # two steps in a row: this is the first of them
            at, level = lead + stairs[0], stairs[1]
            return Move("step", at, at, is_open=False, old=old, new=level, evidence=abs(level - old) / unit)
        is_open = end == len(v) and q > len(u) - FLAT_DAYS and stop == end
        return Move("ramp", lead + p, lead + q, is_open, old, reached, abs(reached - old) / unit)
    at = lead + split
    before, fresh = v[max(0, at - BEFORE) : at], v[at : min(end, at + LONGEST)]
    level = float(np.median(fresh[:SETTLED]))
    gap = float(max(fresh.min() - before.max(), before.min() - fresh.max()))
    if gap < abs(level - old) / 2:  # days in between: it wanders or it grows
        return None
    return Move("step", at, at, is_open=False, old=old, new=level, evidence=abs(level - old) / unit)


def _best_split(u: Floats, old: float, new: float, near: int) -> int:
    """Where the old level ends, near the first day that is surely out."""
    nearer = np.abs(u - old) - np.abs(u - new)  # above zero: nearer to the new level
    low, high = max(0, near - 3), min(len(u) - 1, near + 1)
    gains = [float(nearer[at:].sum() - nearer[:at].sum()) for at in range(low, high + 1)]
    return low + int(np.argmax(gains))


def _best_ramp(u: Floats, old: float, near: int) -> tuple[int, int, float, float] | None:
    """First day of a slope, first day after it, the level it reached, and the squared error; None where too short."""
    days = np.arange(len(u))
    settled = {q: float(np.median(u[q:][:SETTLED])) for q in range(len(u) - FLAT_DAYS + 1)}
    best: tuple[int, int, float, float] | None = None
    for p in range(max(0, near - 2 * FEWEST), min(len(u) - RAMP_DAYS, near + 2)):
        ends = np.array([*range(p + RAMP_DAYS, len(u) - FLAT_DAYS + 1), len(u)])  # it has settled, or goes on
        share = np.clip((days - p + 1) / (ends - p + 1)[:, None], 0.0, 1.0)  # of the way, by end and day
        way = share[-1, p:]
        going = old + float((u[p:] - old) @ way / (way @ way))
        reached = np.array([*(settled[q] for q in ends[:-1].tolist()), going])
        fits = np.where(days >= ends[:, None], reached[:, None], old + share * (reached - old)[:, None])
        errors = _misfit(u, fits)
        first = int(errors.argmin())
        if best is None or errors[first] < best[3]:
            best = (p, int(ends[first]), float(reached[first]), float(errors[first]))
    return best


def _best_stairs(u: Floats, old: float, near: int) -> tuple[int, float, float] | None:
    """First day of the first of two steps the same way, the level it reached, and the squared error."""
    best: tuple[int, float, float] | None = None
    days = np.arange(len(u))
    for p in range(max(0, near - 3), min(len(u) - 2 * RAMP_DAYS, near + 1) + 1):
        for q in range(p + RAMP_DAYS, len(u) - RAMP_DAYS + 1):
            first, second = float(np.median(u[p:q])), float(np.median(u[q:][:SETTLED]))
            if (second - first) * (first - old) <= 0:
                continue
            error = float(_misfit(u, np.where(days < p, old, np.where(days < q, first, second))))
            if best is None or error < best[2]:
                best = (p, first, error)
    return best


def _misfit(u: Floats, fit: Floats) -> Floats:
    """Sum of squares of fits (..., day), each relative to the level that is fitted: what is large varies more."""
    highest = np.abs(fit).max(axis=-1, keepdims=True)
    highest = np.where(highest > 0, highest, float(np.abs(u).max()) or 1.0)
    result: Floats = np.sum(((u - fit) / (np.abs(fit) + FAINT * highest)) ** 2, axis=-1)
    return result


def ramp_levels(move: Move, days: int) -> Floats:
    """Level of each day of a ramp, from the old one to the one it reached."""
    share = np.arange(1, days + 1) / (days + 1)
    result: Floats = move.old + share * (move.new - move.old)
    return result


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
