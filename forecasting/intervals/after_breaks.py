"""What a forecast has to say after a break: a level known for days only, a move not over, an outage still on."""

from collections.abc import Sequence

import numpy as np

from forecasting.outcome import HI80, HI95, LO80, LO95, MEAN
from forecasting.panel.breaks.kinds import LEFT, MOVED, Break
from forecasting.panel.breaks.runs import SPIKE
from forecasting.panel.breaks.view import LIKELY, SURELY, ahead, chance_back, still_steps, ways_on
from forecasting.panel.breaks.words import NEW_LEVEL_DAYS
from forecasting.panel.grain import DAY
from forecasting.panel.history import Floats, History

FARTHER = 2.0  # times the highest value that was measured
UNSURE_DAYS = 5.0  # a level of n days is unsure by as much as errors are, times the root of this over n


def to_spread(residuals: Floats, history: History, origins: Sequence[int]) -> Floats:
    """Bring residuals (origin, series, step) of targets before a change of variance to the spread after it."""
    out = residuals
    for row, breaks in enumerate(history.found):
        changes = [one for one in breaks if one.kind == "variance" and np.isfinite(one.factor)]
        if not changes or not len(residuals):
            continue
        out = residuals.copy() if out is residuals else out
        targets = np.array(origins)[:, None] + np.arange(residuals.shape[-1])
        for one in changes:
            out[:, row] = np.where(targets < one.begin, out[:, row] * one.factor, out[:, row])
    return out


def widen_after_breaks(bands: Floats, history: History) -> Floats:
    """Widen bands (band, series, step), scaled, by what the newest breaks of their series leave open."""
    columns, day = history.x.shape[1], DAY[history.grain]
    wide = np.ones(len(history.x))
    for row, breaks in enumerate(history.found):
        known = known_days(breaks, columns, day)
        if known is not None:
            wide[row] = np.sqrt(1 + UNSURE_DAYS / max(known, 1.0))
    mean = bands[MEAN]
    out: Floats = mean + (bands - mean) * wide[:, None]
    moving = ahead(history.found, bands.shape[2], columns)
    if moving is not None:
        share = np.divide(moving, moving[1], out=np.ones(moving.shape), where=moving[1] > 0)
        for edge, bound in ((LO95, 0), (LO80, 0), (HI80, 2), (HI95, 2)):
            out[edge] = np.where(mean >= 0, out[edge] * share[bound], out[edge])
    out = np.where(bands.min(axis=(0, 2), keepdims=True) >= 0, np.maximum(out, 0.0), out)
    for row, breaks in enumerate(history.found):
        for one in breaks:
            if one.kind in LEFT and one.is_open:
                _reach(out[:, row], one, history, history.scale[row])
            elif one.kind == "step" and one is breaks[-1] and np.isfinite(one.evidence):  # nobody said that it stays
                _reach_back(out[:, row], one, history, history.scale[row])
    mean = out[MEAN]
    out[LO80], out[HI80] = np.minimum(out[LO80], mean), np.maximum(out[HI80], mean)
    out[LO95], out[HI95] = np.minimum(out[LO95], out[LO80]), np.maximum(out[HI95], out[HI80])
    return out


def farther(history: History) -> dict[int, float]:
    """Highest scaled value by row of series that may stay, or go back, where they were measured to be.

    Spikes of hours end: what one was is no bound of the days to come.
    """
    columns, day = history.x.shape[1], DAY[history.grain]
    reach = {}
    for row, breaks in enumerate(history.found):
        is_open = any(one.kind in LEFT and one.is_open and one.end - one.begin > day // SPIKE for one in breaks)
        if is_open or known_days(breaks, columns, day) is not None:
            reach[row] = FARTHER * float(np.nanmax(history.raw[row]))
    return reach


def known_days(breaks: tuple[Break, ...], columns: int, day: int) -> float | None:
    """Days since the newest move of level, in whole steps; None where that is so long ago that nothing follows."""
    moves = [one for one in breaks if one.kind in MOVED]
    if not moves:
        return None
    days = (columns - moves[-1].end) / day
    return days if days < NEW_LEVEL_DAYS else None


def _reach_back(bands: Floats, one: Break, history: History, scale: float) -> None:
    """Let bounds (band, step) reach to the level before a step, from when it is as likely that it is back there."""
    chance = chance_back(one, history.x.shape[1], DAY[history.grain], bands.shape[1])
    old = bands / one.factor if np.isfinite(one.factor) and one.factor > 0 else bands - one.shift / scale
    usual = bands.copy()
    for edge, least in ((LO80, LIKELY), (LO95, SURELY), (HI80, LIKELY), (HI95, SURELY)):
        pick = np.minimum if edge in (LO80, LO95) else np.maximum
        bands[edge] = np.where(chance > least, pick(usual[edge], old[edge]), usual[edge])


def _reach(bands: Floats, one: Break, history: History, scale: float) -> None:
    """Let bounds (band, step) reach to an outage or excursion for as long as it may go on.

    Both are expected to end: what left its level for hours came back in most of what was measured.
    """
    until = dict(zip((LO80, LO95), still_steps(one, history.grain), strict=True))
    until |= {HI80: until[LO80], HI95: until[LO95]}
    if one.kind == "outage" or np.isfinite(one.factor):
        away = bands * (max(0.0, one.factor) if np.isfinite(one.factor) else 0.0)
    else:
        away = bands + one.shift / scale
    farther = away
    if one.going is not None:  # it may be the first days of a slope
        ways = ways_on(one.going.pace, history.x.shape[1] - one.going.since, np.arange(1, bands.shape[1] + 1))
        farther = away * one.going.factor * ways[-1]
    usual = bands.copy()
    for edge, steps in until.items():
        pick = np.minimum if edge in (LO80, LO95) else np.maximum
        bands[edge, :steps] = pick(usual[edge], pick(away[edge], farther[edge]))[:steps]
