"""Where a service began: after zeros that were measured before there was any, or after tries that tell nothing of it.

What lies before it does not train: it is taken for not measured, and the beginning is a step from nothing.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.breaks.kinds import MOST_EVIDENCE, Break
from forecasting.panel.breaks.moves import FAINTEST
from forecasting.panel.breaks.view import Found
from forecasting.panel.grain import DAY, Grain
from forecasting.panel.series import Panel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEWEST = 3  # days, or steps of coarser grains, at nothing before it; a day of finer ones, and as much after it
LONGER = 2.0  # times the longest quiet spell since: what is often at nothing has not begun just now
LEVEL_DAYS = 7  # that tell at what level it began
OFTEN = 0.5  # of what was measured
ALIVE = 0.75  # of what was measured since that is not zero


def without_zeros_before(panel: Panel) -> Panel:
    """Take zeros that were measured before a series began for not measured."""
    begins = _after_zeros(panel.y, panel.grain)
    return _from(panel, begins) if begins.any() else panel


def begin_anew(measured: Panel, panel: Panel, found: Found) -> tuple[Panel, Found]:
    """Leave out what lies before the newest beginning of each series, and say so as a break.

    `panel` is what was `measured` without the zeros before it, `found` what broke in that.
    """
    begins = np.zeros(len(panel.y), dtype=np.intp)
    breaks = list(found)
    zeros: Bools = np.asarray((~np.isnan(measured.y) & np.isnan(panel.y)).any(axis=1))
    for row, (y, of_row) in enumerate(zip(panel.y, found, strict=True)):
        some = of_row
        if zeros[row]:
            begin = int(np.isfinite(y).argmax())
            level = float(np.nanmean(y[begin : begin + LEVEL_DAYS * DAY[panel.grain]]))
            first_step = Break("step", begin, begin, is_open=False, factor=np.nan, shift=level, evidence=MOST_EVIDENCE)
            some = (first_step, *of_row)
        first = max((k for k, one in enumerate(some) if _is_from_nothing(one, y)), default=None)
        if first is not None:
            breaks[row], begins[row] = tuple(some[first:]), some[first].begin
    return (_from(panel, begins), breaks) if begins.any() else (panel, found)


def _from(panel: Panel, begins: NDArray[np.intp]) -> Panel:
    return replace(panel, y=np.where(np.arange(panel.y.shape[1]) < begins[:, None], np.nan, panel.y))


def _is_from_nothing(one: Break, y: Floats) -> bool:
    """Tell a step from a level that no times can be told of, where nothing is below zero."""
    return one.kind == "step" and np.isnan(one.factor) and one.shift > 0 and not np.any(y < 0)


def _after_zeros(y: Floats, grain: Grain) -> NDArray[np.intp]:
    """Column (series,) that each series begins at after zeros, or after some tries; 0 where it does not."""
    day = DAY[grain]
    least = max(day, FEWEST)
    seen = ~np.isnan(y)
    is_busy = seen & (y != 0)
    begins = np.where(is_busy.any(axis=1), is_busy.argmax(axis=1), 0)
    often_zero = (seen & ~is_busy).sum(axis=1) > OFTEN * seen.sum(axis=1)
    for row in np.flatnonzero((begins > 0) | often_zero).tolist():
        first = int(begins[row])
        begins[row] = 0
        if _has_begun(y[row], is_busy[row], first, least):
            begins[row] = first
        elif often_zero[row] and day > 1:
            begins[row] = _after_tries(y[row], is_busy[row], day)
    return begins


def _has_begun(y: Floats, is_busy: Bools, begin: int, least: int) -> bool:
    """Tell whether a series is alive since a column, and was at nothing before it for long."""
    if begin < least or len(y) - begin < least:
        return False
    zeros, busy = int((y[:begin] == 0).sum()), np.flatnonzero(is_busy)
    quiet = int(np.max(np.diff(busy), initial=1)) - 1
    measured = int((~np.isnan(y[begin:])).sum())
    return zeros >= max(least, LONGER * quiet) and len(busy) >= max(ALIVE * measured, least)


def _after_tries(y: Floats, is_busy: Bools, day: int) -> int:
    """Column since which each day is busy, where next to nothing was before; 0 where there is none."""
    days = len(y) // day
    busy = is_busy[len(y) - days * day :].reshape(days, day).mean(axis=1) > OFTEN
    alive = days if busy.all() else int(np.argmin(busy[::-1]))
    begin = len(y) - alive * day
    if alive < FEWEST or begin < FEWEST * day or np.isnan(y[:begin]).all():
        return 0
    before, after = float(np.nanmean(y[:begin])), float(np.nanmean(y[begin:]))
    return begin if 0 <= before < FAINTEST * after else 0
