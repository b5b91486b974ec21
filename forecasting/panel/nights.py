"""Whose load may move with the clock where nothing tells it: what swings through the day and rests at night, as people.

Nobody knows before a change of clocks whether such load follows it: it may be made by people all over the world. So it
is forecast by UTC, and its outer interval holds what comes if it follows the clocks that change where its night is.
"""

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.office_hours import zones_by_hours
from forecasting.panel.series import Panel

Floats = NDArray[np.float64]

REST = 4.0  # hour of the night, on their wall, at which people do least
# Hours that they may be ahead of UTC beyond the zone itself, and by how much nights differ.
NEIGHBOURS = {
    "Europe/Berlin": (-3.0, 2.0),
    "America/New_York": (-5.0, 2.0),
    "Australia/Sydney": (-1.5, 1.5),
}
WEEKS, FEWEST_WEEKS = 6, 2  # that the day is told from
HARMONICS, SMOOTH = 3, 0.8  # of the day's swing that lies in its slowest waves: a job at an hour has sharp edges
SWING = 0.3  # of the day's mean, from its least to its most


def zones_of_nights(panel: Panel, horizon: int) -> list[str | None]:
    """Zone whose change of clocks each series may follow, within the horizon; None where nothing suggests one."""
    return zones_by_hours(panel, horizon, NEIGHBOURS, _hours_ahead)


def _hours_ahead(panel: Panel) -> Floats:
    """Hours (series) that people who rest when the load does are ahead of UTC; NaN where it does not swing so."""
    day, week = panel.season // 7, panel.season
    weeks = min(WEEKS, panel.y.shape[1] // week)
    if weeks < FEWEST_WEEKS:
        return np.full(len(panel.y), np.nan)
    first = panel.y.shape[1] - weeks * week
    usual = nanstats.median(panel.y[:, first:].reshape(len(panel.y), -1, day), axis=1)
    mean = usual.mean(axis=1)
    known = np.isfinite(mean) & (mean > 0)
    waves = np.fft.rfft(np.where(known[:, None], usual, 0.0), axis=1)
    power = np.abs(waves[:, 1:]) ** 2
    total = power.sum(axis=1)
    waves[:, HARMONICS:] = 0.0
    slow = np.fft.irfft(waves, n=day, axis=1)
    swings = known & (power[:, : HARMONICS - 1].sum(axis=1) >= SMOOTH * total) & (total > 0)
    swings &= np.ptp(slow, axis=1) >= SWING * np.where(known, mean, np.inf)
    started = panel.at(np.array([first]))[0]
    since = float((started - started.astype("datetime64[D]")) / np.timedelta64(1, "h"))
    rest = since + (slow.argmin(axis=1) + 0.5) * 24 / day
    return np.where(swings, (REST - rest + 12) % 24 - 12, np.nan)
