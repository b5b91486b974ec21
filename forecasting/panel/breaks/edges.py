"""Moves of days placed to the cell: hourly, a step and an excursion begin and end where cells change sides."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import MOST_EVIDENCE, Break, Going, Kind
from forecasting.panel.breaks.levels import Levels
from forecasting.panel.breaks.moves import DEEP, FAINTEST, LEAST_LEFT, LONGEST, Move

Floats = NDArray[np.float64]

HOURS_BACK = 2.5  # cells at the level before, more than at the new one, that show that it came back


def place(moves: list[Move], known: NDArray[np.intp], x: Floats, levels: Levels) -> list[Break]:
    """Turn moves of the `known` days into breaks of columns of x (time,), with `levels` of it alone."""
    spans = [_span(move, known, x, levels) for move in moves]
    breaks = [_measured(move.kind, span, move, x, levels) for move, span in zip(moves, spans, strict=True)]
    if breaks and (going := _going(moves[-1], known, x, levels)):
        breaks[-1] = replace(breaks[-1], going=going)
    if levels.day == 1 or not moves:
        return breaks
    # What came back within the newest day may look like a move of that day, or like nothing yet.
    newest = len(known) - 1
    first = len(moves) - (2 if len(moves) > 1 and moves[-1].begin >= newest else 1)
    for k in range(first, len(moves)):
        move, begin = moves[k], spans[k][0]
        is_on = move.kind == "step" or (move.kind == "excursion" and move.end >= newest)
        if is_on and (back := _cells_back(move, begin, x, levels)):
            return [*breaks[:k], _measured("excursion", (begin, len(x) - back), move, x, levels)]
    return breaks


def _going(move: Move, known: NDArray[np.intp], x: Floats, levels: Levels) -> Going | None:
    """How the newest move may still be moving, where times can be told of it and it is not back."""
    if move.going is None or not levels.is_ratio[0] or min(move.old, move.new, move.going[1]) <= FAINTEST * move.old:
        return None
    since = levels.begin + int(known[move.going[0]]) * levels.day
    level = move.going[1]
    return Going(since, (1 - move.old / level) / (len(x) - since), level / move.new)


def _span(move: Move, known: NDArray[np.intp], x: Floats, levels: Levels) -> tuple[int, int]:
    """First column of a move and the one after its last."""
    first = int(known[move.begin])
    last = int(known[move.end - 1]) + 1 if move.end > move.begin else first
    span = levels.begin + first * levels.day, levels.begin + last * levels.day
    return _refined(move, span, x, levels) if levels.day > 1 and move.kind != "ramp" else span


def _measured(kind: Kind, span: tuple[int, int], move: Move, x: Floats, levels: Levels) -> Break:
    """Say by how much a move went; of an excursion, its own cells tell more than days that it was a part of."""
    begin, end = span
    # From nearly nothing, no times can be told, but where it was steady, as before a change of unit.
    is_ratio = bool(levels.is_ratio[0]) and (move.old > FAINTEST * move.new or move.is_from_steady)
    factor, shift = move.new / move.old if is_ratio else np.nan, move.new - move.old
    if kind == "excursion" and is_ratio and levels.day > 1:
        usual, _ = _cells(move, slice(begin - levels.begin, end - levels.begin), levels)
        held = ~np.isnan(x[begin:end]) & ~np.isnan(usual)
        if usual[held].sum() > 0:
            factor = float(x[begin:end][held].sum() / usual[held].sum())
            shift = move.old * (factor - 1)
    if kind == "excursion" and is_ratio and factor < DEEP:
        kind = "outage"
    is_open = move.is_open and end == len(x)
    return Break(kind, begin, end, is_open, factor, shift, min(move.evidence, MOST_EVIDENCE))


def _cells_back(move: Move, begin: int, x: Floats, levels: Levels) -> int:
    """Count the newest cells that are back at the level before a move; 0 where they do not show it."""
    since = max(begin, len(x) - 2 * levels.day)
    if not 0 < len(x) - begin <= LONGEST * levels.day or abs(move.new - move.old) < LEAST_LEFT * abs(move.old):
        return 0
    old, new = _cells(move, slice(since - levels.begin, None), levels)
    nearer = (np.abs(x[since:] - new) - np.abs(x[since:] - old)) / np.maximum(np.abs(new - old), 1e-300)
    back = np.cumsum(np.nan_to_num(nearer)[::-1])  # cells at the old level, less those at the new one
    count = int(back.argmax()) + 1
    return count if count < len(x) - begin and back[count - 1] >= max(HOURS_BACK, count / 2) else 0


def _cells(move: Move, span: slice, levels: Levels) -> tuple[Floats, Floats]:
    """Say what the cells of a span are at the levels before a move and in it."""
    shape = levels.shape[0, span]
    if levels.is_ratio[0]:
        return move.old * shape, move.new * shape
    return move.old + shape, move.new + shape


def _refined(move: Move, span: tuple[int, int], x: Floats, levels: Levels) -> tuple[int, int]:
    """Edges of a step or an excursion to the cell, within a day to each side."""
    begin, end = span
    low = max(levels.begin, begin - levels.day)
    high = min(len(x), (max(begin, end)) + levels.day)
    cells, (old, new) = x[low:high], _cells(move, slice(low - levels.begin, high - levels.begin), levels)
    nearer = np.nan_to_num(np.abs(cells - old) - np.abs(cells - new))  # above zero: nearer to the new level
    total = np.r_[0.0, np.cumsum(nearer)]
    if end == begin:  # a step: all that follows is new
        at = low + int(np.argmax(total[-1] - 2 * total))
        return at, at
    lowest = np.minimum.accumulate(total)
    stop = len(total) - 1 if move.is_open else int(np.argmax(total - lowest))
    start = int(np.argmin(total[: stop + 1]))
    return low + start, low + max(stop, start + 1)
