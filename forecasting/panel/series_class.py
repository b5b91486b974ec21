"""What kind of series it is: stable, spiky, new, flat, intermittent, stopped, empty or at a new level."""

import numpy as np
from numpy.typing import NDArray

from forecasting.accuracy import wape
from forecasting.panel.grain import DAY, Grain
from forecasting.panel.history import Floats, History
from forecasting.panel.series import Panel

RECENT_WEEKS = 8
NEW_WEEKS = 4
STOPPED_DAYS = 28
STOPPED_STEPS: dict[Grain, int] = {"w": 4, "m": 3}
NEW_STEPS: dict[Grain, int] = {"w": 13, "m": 6}
STABLE_WAPE = 0.20  # of seasonal naive over the last 8 weeks: domain definition of a stable workload
NEW_LEVEL = "new level"  # what was stable or spiky before a step or a ramp is neither until it is known again
ZERO_SHARE = 0.5  # zeros from which a series is intermittent
AVERAGED_SHARE = 0.25  # zeros from which the median of what may come is far under its mean
RARE_SHARE = 0.95  # zeros beyond which a mean is made of a few events, and nothing is what will come
FEWEST_CHARGES = 4  # of a cost, that make a mean however rare they are: months are sums


def classify(history: History) -> NDArray[np.str_]:
    """One word a series. The first that fits: empty, stopped, flat, new, intermittent, stable, spiky."""
    week, total = history.seasons[-1], history.x.shape[1]
    recent = slice(max(0, total - RECENT_WEEKS * week), total)
    y = history.y
    naive = y[:, : -week or None][:, max(0, total - week - RECENT_WEEKS * week) :] if total > week else y[:, :0]
    actual = y[:, week:][:, -naive.shape[1] :] if naive.shape[1] else y[:, :0]
    error = wape(actual, naive)
    high, low = _range(y)
    return np.select(
        [
            np.isnan(y).all(axis=1),
            is_stopped(y, history.grain) | went_to_zero(history),
            high == low,
            total - history.first < NEW_STEPS.get(history.grain, NEW_WEEKS * week),
            zero_share(y[:, recent]) > ZERO_SHARE,
            error < STABLE_WAPE,
        ],
        ["empty", "stopped", "flat", "new", "intermittent", "stable"],
        "spiky",
    )


def zero_share(y: Floats) -> Floats:
    """Share (series,) of what was measured of y (series, time) that is zero; 0 where nothing was."""
    seen = (~np.isnan(y)).sum(axis=1)
    result: Floats = (y == 0).sum(axis=1) / np.maximum(seen, 1)
    return result


def wants_mean(y: Floats, is_cost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which series (series,) of y (series, time) are zero often, yet not almost always, or are paid now and then.

    Load that is hardly ever there is forecast as none: the middle of what comes. Cost is summed, and the sum of rare
    charges is their mean.
    """
    share = zero_share(y)
    charges = ((y != 0) & ~np.isnan(y)).sum(axis=1)
    enough: NDArray[np.bool_] = (share <= RARE_SHARE) | (is_cost & (charges >= FEWEST_CHARGES))
    return (share > AVERAGED_SHARE) & enough


def expected_steps(panel: Panel, horizon: int) -> NDArray[np.bool_]:
    """Tell for each step ahead (series, step) whether a measurement is to come; false where none was for eight weeks.

    Hours of the week or days of the week: an exporter that is silent at night, a survey on Mondays. What is never
    measured is not forecast.
    """
    season, total = panel.season, panel.y.shape[1]
    weeks = min(total // season, RECENT_WEEKS)
    if panel.grain in STOPPED_STEPS or weeks < NEW_WEEKS:
        return np.ones((len(panel.y), horizon), dtype=np.bool_)
    cells = ~np.isnan(panel.y[:, total - weeks * season :]).reshape(len(panel.y), weeks, season)
    measured, ever = cells.sum(axis=1), cells.any(axis=2).sum(axis=1)
    # Only where the others are there: a series that is silent as a whole has stopped, and one that begins is young.
    silent = (measured == 0) & (ever >= NEW_WEEKS)[:, None]
    result: NDArray[np.bool_] = ~silent[:, np.arange(horizon) % season]
    return result


def is_stopped(y: Floats, grain: Grain) -> NDArray[np.bool_]:
    """Nothing but zeros or silence for four weeks, after a life: longer than twice any quiet spell before it."""
    quiet = np.isnan(y) | (y == 0)
    first = np.where((~quiet).any(axis=1), (~quiet).argmax(axis=1), y.shape[1])
    last = y.shape[1] - 1 - (~quiet)[:, ::-1].argmax(axis=1)
    spell = y.shape[1] - 1 - last
    longest = np.zeros(len(y), dtype=np.intp)
    need = STOPPED_STEPS.get(grain, STOPPED_DAYS * DAY[grain])
    for row in np.flatnonzero((spell >= need) & (first < y.shape[1])):
        busy = np.flatnonzero(~quiet[row])
        longest[row] = int(np.max(np.diff(busy), initial=1)) - 1
    result: NDArray[np.bool_] = (first < y.shape[1]) & (spell >= need) & (spell > 2 * longest)
    return result


def went_to_zero(history: History) -> NDArray[np.bool_]:
    """Tell which series (series,) took a step since which nothing but zeros was measured: people said that it is over.

    What is found by itself to have gone to zero is an outage, until it is stopped.
    """
    result = np.zeros(len(history.raw), dtype=np.bool_)
    for row, breaks in enumerate(history.found):
        since = [one.begin for one in breaks if one.kind == "step"][-1:]
        measured = history.raw[row, since[0] :] if since else history.raw[row, :0]
        result[row] = bool((measured == 0).any()) and not np.nan_to_num(measured).any()
    return result


def _range(y: Floats) -> tuple[Floats, Floats]:
    high = np.max(np.where(np.isnan(y), -np.inf, y), axis=1, initial=-np.inf)
    low = np.min(np.where(np.isnan(y), np.inf, y), axis=1, initial=np.inf)
    return high, low
