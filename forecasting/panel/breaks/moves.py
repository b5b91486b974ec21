"""Moves of level, found on the levels of days: steps, ramps, and excursions of days to weeks that came back.

`segments` cuts the days into pieces of one level, on logs where nothing is below zero: what varies in proportion to its
level does so alike at every level. Pieces that left the level before them and came back within four weeks are an
excursion; one that did not is a step, or a ramp where a slope explains it and its neighbours better.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import LEFT, Kind
from forecasting.panel.breaks.segments import AFTER, BEFORE, Pieces, cut
from forecasting.panel.breaks.slopes import RAMP_DAYS, best_slope, same_way

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

FEWEST = 6  # days, before which nothing can have moved
LEAST = 0.07  # of the level
LEAST_LEFT = 0.3  # of the level, of an excursion: it is left out, so it has to matter
SURE_AT_ONCE = 30.0  # deviations, of a new level in half the days that it takes otherwise
LONGEST = 28  # days that an excursion may last: longer is a level
BACK = 0.35  # of the way that it went: nearer to what was before is back
BACK_DAYS, SURE_BACK, SURE_BACK_ALONE = 7, 4.0, 8.0  # of the newest days that are back; deviations, of many and of one
WEEKS_EACH = 3.0  # more moves than one in so many weeks, and the level wanders by nature
OFFSET = 0.02  # of the middle level: where a log bends into a line, so that a zero is no cliff
OFTEN_ZERO = 0.1  # of the days: then a log would say little but whether there was anything
RAMP_LEAST = 1.4  # times, up or down: what moves less far is a trend
FLAT_DAYS = 2  # after a slope, that show it has ended
DEEP, FAINTEST = 0.2, 0.01  # of the level before: a fifth is an outage where it is not steady; nearly nothing
FAR = 30.0  # times, up or down: then the days themselves tell levels
STEADY, STEADY_SPREAD = 2, 0.35  # times the shortest days of a level; robust deviation, of the level itself


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
    going: tuple[int, float] | None = None  # first day and today's level, where it may be moving still
    is_from_steady: bool = False  # times can be told of the level before it, however little that was


def find_moves(level: Floats, shortest: int, *, is_ratio: bool) -> list[Move]:
    """Find moves in the known daily levels of a series, oldest first; an open run under `shortest` is an excursion."""
    if len(level) <= FEWEST or (is_ratio and not np.median(level)):
        return []  # of what is nothing on most days, no level can be told
    is_log = is_ratio and float(np.mean(level == 0)) < OFTEN_ZERO
    offset = OFFSET * float(np.median(level[level > 0])) if is_log else None
    pieces, moves = cut(level, offset), list[Move]()
    base: Places = np.arange(*pieces.bounds(0))  # days at the level that is left next
    k = 1
    while k <= len(pieces.edges):
        pieces = _came_back(pieces, k, base[-BEFORE:])
        back = _back(pieces, k, base[-BEFORE:])
        begin, end = pieces.bounds(k)[0], pieces.bounds(back - 1)[1]
        here = _move("excursion", (begin, end), pieces, base)
        needed = shortest // 2 if here.evidence > SURE_AT_ONCE else shortest
        slope, going = (None, None) if back <= len(pieces.edges) else best_slope(pieces, k, same_way(pieces, k), base)
        goes_on = slope is not None and slope.end > len(pieces.u) - FLAT_DAYS  # on its way, and not just away
        if back <= len(pieces.edges) or (end - begin < needed and not goes_on):
            here = replace(here, going=going)
            moves += [here] if abs(here.new - here.old) >= LEAST_LEFT * abs(here.old) else []
            base = base if here.is_open else np.r_[base, np.arange(*pieces.bounds(back))]
            k = back + 1
            continue
        move, begins, k = _step_or_ramp(pieces, k, base)
        base = np.arange(min(begins, len(level) - 1), pieces.bounds(k - 1)[1])
        if move is None or abs(move.new - move.old) < LEAST * max(abs(move.old), abs(move.new)):
            continue
        is_last = move.kind == "step" and k > len(pieces.edges) and is_ratio
        if is_last and _is_down(level[move.begin :], move, pieces.noise if is_log else 0.0, shortest):
            move = replace(move, kind="outage", end=len(level), is_open=True)
        moves.append(move)
    if len(moves) > 2 + len(level) / 7 / WEEKS_EACH:
        return []
    if not is_ratio:
        return moves
    return [_retold(one, level, after.begin) for one, after in pairwise(moves)] + [
        _retold(one, level, len(level)) for one in moves[-1:]
    ]


def _retold(move: Move, level: Floats, stop: int) -> Move:
    """Measure a move of many times on the days themselves: a unit that changed leaves little of one level in logs."""
    if move.kind == "ramp" or FAR * move.old > move.new > move.old / FAR:
        return move
    before = level[max(0, move.begin - BEFORE) : move.begin]
    inside = level[move.begin : min(stop, move.end if move.kind in LEFT else move.begin + LONGEST)]
    old, new = float(np.median(before)), float(np.median(inside))
    return replace(move, old=old, new=new, is_from_steady=_is_steady(before, old))


def _is_steady(days: Floats, level: float) -> bool:
    """Tell days that hold their level, and are never at nothing."""
    return bool((days > 0).all()) and 1.4826 * float(np.median(np.abs(days - level))) < STEADY_SPREAD * level


def _move(kind: Kind, span: tuple[int, int], pieces: Pieces, base: Places) -> Move:
    """Describe what left the level of the days `base` and was elsewhere for a span of days."""
    begin, end = span
    before, inside = pieces.level(base[-BEFORE:]), pieces.level(slice(begin, end))
    old, new = (pieces.value(level + pieces.drift * begin) for level in (before, inside))
    return Move(kind, begin, end, end == len(pieces.u), old, new, abs(inside - before) / pieces.noise)


def _came_back(pieces: Pieces, k: int, base: Places) -> Pieces:
    """Put an edge where the newest days are back at the level before piece k: one that was there before needs less."""
    (begin, end), old = pieces.bounds(k), pieces.level(base)
    if end < len(pieces.u):
        return pieces
    for days in range(min(BACK_DAYS, end - begin - 1), 0, -1):
        away, tail = pieces.level(slice(begin, end - days)) - old, pieces.level(slice(end - days, end)) - old
        need = max(SURE_BACK, SURE_BACK_ALONE / float(np.sqrt(days))) * pieces.unit(days)
        if abs(tail) < BACK * abs(away) and abs(away - tail) > need:
            return replace(pieces, edges=[*pieces.edges, end - days])
    return pieces


def _back(pieces: Pieces, k: int, base: Places) -> int:
    """Piece at which the level is again what it was before piece k; one past the last where it is not."""
    old, last = pieces.level(base), len(pieces.edges)
    begin, farthest = pieces.bounds(k)[0], 0.0
    for piece in range(k, last + 1):
        at, end = pieces.bounds(piece)
        away = abs(pieces.level(slice(at, min(end, at + AFTER))) - old)
        if piece > k and at - begin <= LONGEST and away < BACK * farthest:
            return piece
        farthest = max(farthest, away)
    return last + 1


def _is_down(inside: Floats, move: Move, noise: float, shortest: int) -> bool:
    """Tell an outage of days that is still on from a low level: that one is steady, and never nothing.

    Steady for its size: counts vary the more, in proportion, the fewer they are.
    """
    if move.new >= DEEP * move.old or len(inside) > LONGEST or move.begin < 2 * 7:
        return False  # before two weeks are known, what was high may have been the exception
    if move.new < FAINTEST * move.old:
        return len(inside) <= STEADY * shortest or not _is_steady(inside, float(np.median(inside)))
    spread = 1.4826 * float(np.median(np.abs(inside - move.new)))
    steady = max(STEADY_SPREAD * move.new, 2 * noise * float(np.sqrt(move.old * move.new)))
    return len(inside) <= STEADY * shortest or spread > steady


def _step_or_ramp(pieces: Pieces, k: int, base: Places) -> tuple[Move | None, int, int]:
    """Tell what piece k, which did not come back, begins: the move, None where it is only a series on its way.

    Also the first day at the level after it, and the piece that is to be looked at next.
    """
    last = same_way(pieces, k)
    slope, going = best_slope(pieces, k, last, base)
    if slope is not None:
        later = [piece for piece in range(k, len(pieces.edges) + 1) if pieces.bounds(piece)[0] > slope.end]
        after = later[0] if later else len(pieces.edges) + 1
        way = abs(slope.new - slope.old)
        if way < (RAMP_LEAST - 1) * min(abs(slope.old), abs(slope.new)):
            return None, slope.end, after
        is_open = slope.end > len(pieces.u) - FLAT_DAYS
        grown = pieces.drift * slope.begin
        old, new = (pieces.value(pieces.of_value(level) + grown) for level in (slope.old, slope.new))
        ramp = Move("ramp", slope.begin, slope.end, is_open, old, new, slope.evidence, None if is_open else going)
        return ramp, slope.end, after
    at, end = pieces.bounds(k)
    while end - at < RAMP_DAYS and k < last:  # a day in between belongs to the same step
        k += 1
        at, end = pieces.bounds(k)[0] if end - at <= 1 else at, pieces.bounds(k)[1]
    step = _move("step", (at, min(end, at + LONGEST)), pieces, base)
    return replace(step, end=at, is_open=False, going=going), at, k + 1
