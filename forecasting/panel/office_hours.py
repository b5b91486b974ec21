"""Which clock is supposed where none is told and no change of clocks has shown one: that of the people at work.

Load that rises for part of Monday to Friday and rests at night and at weekends is made by people in offices, whose
middle of the day lies near one o'clock on their wall. So the hours say how far ahead of UTC they are, and of those who
are as far ahead most change their clocks with Berlin or with New York; elsewhere most have clocks that never change,
and nothing is supposed. It is a guess, made only where it matters (a change lies ahead, or so short ago that what
followed does not tell yet), and the outer interval holds both clocks.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.panel.grain import DAY, MONDAY, is_within_day, steps_between
from forecasting.panel.series import Panel
from forecasting.panel.zones import minutes_ahead

Floats = NDArray[np.float64]

# Hours that offices may be ahead of UTC beyond the zone itself: those east of it mostly keep their clocks still.
NEIGHBOURS = {"Europe/Berlin": (-1.6, 0.6), "America/New_York": (-3.6, 0.6)}
MIDDAY = 13.0  # the middle of office hours, on their wall
WEEKS = 6  # that the hours are told from
FEWEST_WEEKS = 2
REST = 0.35  # of a working day's rise that a weekend's may be
RISE = 0.3  # of the top that lies above the night
AT_WORK = (5.0, 13.0)  # hours of a working day above half of its rise
FEWEST_HOURS = 36  # measured since a change, before it tells by itself


def suppose_zones(panel: Panel, horizon: int) -> list[str | None]:
    """Zone that each series is supposed to follow by its office hours; None where nothing is supposed."""
    return zones_by_hours(panel, horizon, NEIGHBOURS, _hours_ahead)


def zones_by_hours(
    panel: Panel, horizon: int, neighbours: dict[str, tuple[float, float]], measure: Callable[[Panel], Floats]
) -> list[str | None]:
    """Zone of each series whose clock changes ahead, by the hours that its load is ahead of UTC; None where none is.

    `measure` tells those hours (series); what has seen such a change before tells by itself, and has none.
    """
    supposed: list[str | None] = [None] * len(panel.y)
    if not is_within_day(panel.grain):
        return supposed
    columns, least = panel.y.shape[1], FEWEST_HOURS * DAY[panel.grain] // 24
    times = panel.at(np.arange(columns + horizon))
    begins = np.where(np.isfinite(panel.y).any(axis=1), np.isfinite(panel.y).argmax(axis=1), columns)
    ahead: Floats | None = None
    for zone, (west, east) in neighbours.items():
        minutes = minutes_ahead(times, zone)
        changes = np.flatnonzero(np.diff(minutes)) + 1
        past, near = changes[changes <= columns - least], changes[changes > columns - least]
        if not len(near):
            continue
        if ahead is None:
            ahead = measure(panel)
        apart = (ahead - minutes[max(columns - least, 0)] / 60 + 12) % 24 - 12
        unseen = begins >= (past.max(initial=0) if len(past) else -1)
        for row in np.flatnonzero((apart >= west) & (apart <= east) & unseen).tolist():
            supposed[row] = zone
    return supposed


def _hours_ahead(panel: Panel) -> Floats:
    """Hours (series) that offices with the load's hours are ahead of UTC; NaN where it keeps no office hours."""
    week = panel.season
    weeks = min(WEEKS, panel.y.shape[1] // week)
    if weeks < FEWEST_WEEKS:
        return np.full(len(panel.y), np.nan)
    first = panel.y.shape[1] - weeks * week
    shift = int(steps_between(MONDAY, panel.at(np.array([first])), panel.grain)[0]) % week
    cells = np.roll(panel.y[:, first:].reshape(len(panel.y), weeks, week), shift, axis=2)  # from Monday
    usual = nanstats.median(cells, axis=1).reshape(len(panel.y), 7, -1)
    working, resting = nanstats.median(usual[:, :5], axis=1), nanstats.median(usual[:, 5:], axis=1)
    low = np.fmin(working.min(axis=1), resting.min(axis=1))[:, None]
    rise = working - low
    top = rise.max(axis=1)
    hours = (rise > top[:, None] / 2).sum(axis=1) * 24 / rise.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        is_office = (
            (top >= RISE * (top + low[:, 0]))
            & ((resting - low).mean(axis=1) <= REST * rise.mean(axis=1))
            & (hours >= AT_WORK[0])
            & (hours <= AT_WORK[1])
        )
    angle = 2 * np.pi * (np.arange(rise.shape[1]) + 0.5) / rise.shape[1]
    middle = np.angle((rise * np.exp(1j * angle)).sum(axis=1)) * 24 / (2 * np.pi)
    away = (MIDDAY - middle + 12) % 24 - 12
    return np.where(is_office, away, np.nan)
