"""Runs of cells that stand apart: outages of any length, and excursions of hours that came back.

An outage is a run under a fifth of what is usual, for as long as it lasts. An excursion is a run that differs by more
than SURE robust deviations and half of the usual size from what was before it and, where that is known, after it: what
differs from before alone may be a new level, which `moves` judges by days.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import MOST_EVIDENCE, Break, Kind
from forecasting.panel.breaks.levels import Levels, around
from forecasting.panel.breaks.moves import DEEP

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SPIKE = 4  # a quarter of a day: as in `outliers`
QUIET = 0.1  # of the usual size: hours that are nearly nothing anyway tell nothing
SURE = 8.0  # robust standard deviations
SURE_LOW = 6.0  # likewise, of how low a run is as a whole
LEAST = 0.5  # of the usual size
BRIDGE = 2  # cells at most between two parts of one outage
STEADY_DAYS = 3  # after which a low level that keeps its pattern is a level
STEADY = 0.35  # robust deviation of log ratios up to which a pattern is kept
ABRUPT = 0.5  # of what is usual, still on the day before an outage
LONGEST_DAYS = 28  # longer, and a series has stopped or has another level
DAYS_EACH = 10  # more low spans than one in so many days of load, and going to zero is the series' nature
FEW = 3  # that may be outages whatever there is of the others
NATURE, LONGER = 0.9, 4.0  # then an outage is what lasts four times longer than nine in ten of them
RARELY, FEWEST_BUSY = 0.1, 4  # of the cells that are not zero; so many of them, in a burst
MOST = 0.02  # of the cells: likewise for excursions of single cells


@dataclass(frozen=True)
class _Row:
    """One series: what it is and what it is to be, over whole days."""

    x: Floats
    before: Floats  # what is usual, by the weeks before
    after: Floats  # and by the weeks after; NaN at the end
    size: float
    spread: float


def find_runs(y: Floats, levels: Levels) -> tuple[list[Break], Bools]:
    """Outages and excursions of one series y (time,), with `levels` of it alone, in the order of time.

    Also its spikes (time,): cells that are no break and yet say nothing of the level of their day.
    """
    before, after = (levels.cells(part)[0] for part in around(levels.daily))
    x = y[levels.begin :]
    if levels.is_ratio[0] and (x > 0).sum() <= RARELY * (~np.isnan(x)).sum():
        return _bursts(x, levels), np.zeros(len(y), dtype=np.bool_)
    gap = np.abs(x - before)
    known = ~np.isnan(gap)
    if not known.any():
        return [], np.zeros(len(y), dtype=np.bool_)
    size, spread = float(np.median(np.abs(before[known]))), 1.4826 * float(np.median(gap[known]))
    row = _Row(x, before, after, size, spread)
    outages = _outages(row, levels) if levels.is_ratio[0] else []
    taken = np.zeros(len(x), dtype=np.bool_)
    for one in outages:
        taken[one.begin - levels.begin : one.end - levels.begin] = True
    excursions, spikes = _excursions(row, levels, taken)
    return sorted(outages + excursions, key=lambda one: one.begin), np.r_[np.zeros(levels.begin, np.bool_), spikes]


def _outages(row: _Row, levels: Levels) -> list[Break]:
    with np.errstate(invalid="ignore"):
        low = row.x < DEEP * row.before
        loud = row.before > QUIET * row.size
        quiet = np.isnan(row.x) | ~loud
    deep = low & loud
    outages = []
    spans = _spans(_bridged(deep | quiet, BRIDGE if levels.day > 1 else 0))
    for begin, end in spans:
        hits = np.flatnonzero(deep[begin:end]) + begin
        if not len(hits):
            continue
        # To its first and last sure cell, and over those beside them that are as low where little is usual.
        first, last = int(hits[0]), int(hits[-1]) + 1
        while first > begin and low[first - 1]:
            first -= 1
        while last < end and (low[last] or (end == len(deep) and np.isnan(row.x[last]))):
            last += 1
        missed = float(np.nansum((row.before - row.x)[hits]))
        if missed < LEAST * row.size or (missed < SURE * row.spread and _lowness(row, hits) < SURE_LOW):
            continue
        is_open = last == len(deep)
        days = (last - first) / levels.day
        if (is_open and days > LONGEST_DAYS) or not _is_abrupt(row, first, levels.day):
            continue
        ratio, then = float(np.nansum(row.x[hits]) / np.nansum(row.before[hits])), _share(row, last, levels.day)
        if then <= ABRUPT and (ratio > then / 2 > 0 or _is_steady(row, first, last, levels.day)):
            continue  # no better ones came after it, or none yet: a low level
        held = ~np.isnan(row.x[first:last]) & ~np.isnan(row.before[first:last])
        if row.x[first:last][held].sum() > DEEP * row.before[first:last][held].sum():
            continue  # zeros among what is not: so little is usual there that the rest is more than that
        outages.append(_break("outage", (first, last), levels, row, (ratio, missed)))
    # A service that sleeps now and then, or has nothing to do most of the time: only what is far longer is an outage.
    # What was not measured is no sleep.
    sleeps = sorted(int(n) for begin, end in spans if (n := deep[begin:end].sum()))
    if len(sleeps) <= max(FEW, loud.sum() / levels.day / DAYS_EACH):
        return outages
    longest = max(LONGER * float(np.quantile(sleeps[:-FEW], NATURE)), levels.day)
    return [one for one in outages if deep[one.begin - levels.begin : one.end - levels.begin].sum() > longest]


def _bursts(x: Floats, levels: Levels) -> list[Break]:
    """Excursions of what is at nothing nearly always, as errors are: far longer than any other time with some.

    One that is on for days is a level (`beginnings`).
    """
    is_busy = x > 0
    spans = _spans(_bridged(is_busy, max(1, levels.day // SPIKE)))
    lengths = sorted(int(is_busy[begin:end].sum()) for begin, end in spans)
    usual = lengths[: -FEW or None]
    longest = max(LONGER * float(np.quantile(usual, NATURE)) if usual else 0.0, FEWEST_BUSY)
    bursts = []
    for begin, end in spans:
        is_open = end + max(1, levels.day // SPIKE) >= len(x) and levels.day > 1
        if int(is_busy[begin:end].sum()) <= longest or (is_open and end - begin >= STEADY_DAYS * levels.day):
            continue
        level, till = float(np.nanmean(x[begin:end])), len(x) if is_open else end
        span = levels.begin + begin, levels.begin + till
        bursts.append(Break("excursion", *span, is_open=is_open, factor=np.nan, shift=level, evidence=MOST_EVIDENCE))
    return bursts


def _excursions(row: _Row, levels: Levels, taken: Bools) -> tuple[list[Break], Bools]:
    """Excursions of hours, and spikes (time from the first whole day): what came back sooner."""
    need = np.maximum(SURE * row.spread, LEAST * np.abs(row.before))
    gap = row.x - row.before
    with np.errstate(invalid="ignore"):
        back = np.sign(gap) * (row.x - row.after)
        out = (np.abs(gap) > need) & (np.isnan(back) | (back > need)) & ~taken
    excursions, spikes = list[Break](), np.zeros(len(out), dtype=np.bool_)
    if out.sum() > max(MOST * len(out), 2 * levels.day):
        return excursions, spikes
    for begin, end in _spans(out):
        if end - begin >= levels.day:
            continue  # levels of days tell more
        if np.isnan(row.after[begin]) and _is_of_days(row, begin, end, levels.day):
            continue
        if end - begin <= max(1, levels.day // SPIKE) and end < len(out):
            spikes[begin:end] = True  # it does not train either, but it comes again, so forecasts are judged by it
            continue
        side = row.x[begin:end], row.before[begin:end]
        ratio = float(np.sum(side[0]) / np.sum(side[1])) if levels.is_ratio[0] and np.sum(side[1]) > 0 else np.nan
        excursions.append(_break("excursion", (begin, end), levels, row, (ratio, float(np.abs(gap[begin:end]).max()))))
    return excursions, spikes


def _break(kind: Kind, span: tuple[int, int], levels: Levels, row: _Row, size: tuple[float, float]) -> Break:
    (begin, end), (ratio, gap) = span, size
    cells = row.x[begin:end] - row.before[begin:end]
    return Break(
        kind,
        levels.begin + begin,
        levels.begin + end,
        is_open=end == len(row.x),
        factor=ratio,
        shift=float(np.nanmean(cells)) if not np.isnan(cells).all() else np.nan,
        evidence=min(gap / max(row.spread, 1e-3 * row.size, 1e-300), MOST_EVIDENCE),
    )


def _is_abrupt(row: _Row, begin: int, day: int) -> bool:
    """Tell an outage from the end of a slope, which leads down to it."""
    x, usual = (part[max(0, begin - max(day, 2)) : begin] for part in (row.x, row.before))
    known = ~np.isnan(x) & (usual > QUIET * row.size)
    return not known.any() or bool(np.median(x[known] / usual[known]) > ABRUPT)


def _lowness(row: _Row, hits: NDArray[np.intp]) -> float:
    """Deviations by which cells are low, on square roots, where counts vary by the same however few they are."""
    relative = row.spread / row.size if row.size > 0 else np.inf
    share = float(np.nansum(row.x[hits]) / np.nansum(row.before[hits]))
    return 2 * (1 - float(np.sqrt(share))) * float(np.sqrt(len(hits))) / max(relative, 1e-9)


def _share(row: _Row, begin: int, day: int) -> float:
    """Share of what is usual that the cells from `begin` on were, up to a day of them; 0 where there are none."""
    x, usual = row.x[begin : begin + day], row.before[begin : begin + day]
    known = ~np.isnan(x) & ~np.isnan(usual)
    expected = float(usual[known].sum())
    return float(x[known].sum()) / expected if expected > 0 else 0.0


def _is_of_days(row: _Row, begin: int, end: int, day: int) -> bool:
    """Tell whether the day before a span or the one after it was away like it: it is no more than their busy hours."""
    gap, usual = row.x - row.before, np.abs(row.before)
    there, size = float(np.nansum(gap[begin:end])), float(usual[begin:end].sum())
    for part in (slice(max(0, begin - day), begin), slice(end, end + day)):
        known = ~np.isnan(gap[part])
        beside = float(usual[part][known].sum())
        if beside > size / 4 and float(gap[part][known].sum()) * size * np.sign(there) > abs(there) * beside / 2:
            return True
    return False


def _is_steady(row: _Row, begin: int, end: int, day: int) -> bool:
    """Tell a low level that keeps its day and week, as after a migration, from an outage."""
    if end - begin < STEADY_DAYS * day or (day == 1 and end - begin < 2 * STEADY_DAYS):
        return False
    x, usual = row.x[begin:end], row.before[begin:end]
    known = ~np.isnan(x) & (usual > QUIET * row.size)
    if not known.any() or np.mean(x[known] > 0) < 1 - MOST:
        return False
    logs = np.log(np.maximum(x[known], 1e-300) / usual[known])
    return bool(1.4826 * np.median(np.abs(logs - np.median(logs))) < STEADY)


def _bridged(cells: Bools, longest: int) -> Bools:
    """Fill holes of at most `longest` cells between two cells that are set."""
    if not longest:
        return cells
    out = cells.copy()
    for begin, end in _spans(~cells):
        if begin > 0 and end < len(cells) and end - begin <= longest:
            out[begin:end] = True
    return out


def _spans(cells: Bools) -> list[tuple[int, int]]:
    """Begin and end of each run of cells that are set."""
    edges = np.flatnonzero(np.diff(np.r_[False, cells, False].astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
