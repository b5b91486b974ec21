"""The clock on the wall of each series: a panel in local time for the models, and its forecast back in UTC.

Load follows the clock on the wall, which is put forward and back. So the columns of a series are moved to the time that
its clock showed, counted back from what it shows at the panel's end: an hour that was left out is missing, of one that
came twice the second counts. The models see days and weeks without a break, and what they say of a time of day is
brought to the moment when the clock will show it. Clocks that move by part of a step share its value between two.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.outcome import Outcome, Vintages
from forecasting.panel.grain import MINUTES, is_within_day, steps_between
from forecasting.panel.series import Panel
from forecasting.panel.zones import UTC, minutes_ahead

Floats = NDArray[np.float64]
SECONDS = 60  # in a minute


@dataclass(frozen=True)
class WallClock:
    """How the clocks of a panel's series move from its first column to the last step ahead."""

    moved: Floats  # (zone, column): steps that the clock is ahead of what it is at the panel's end
    zone: NDArray[np.intp]  # by series: row of `moved`
    ahead: NDArray[np.intp]  # by series: whole steps that the clock is ahead of UTC at the panel's end

    @property
    def is_still(self) -> bool:
        """Whether no clock moves."""
        return not self.moved.any()

    def steps_beyond(self, columns: int) -> int:
        """Count the steps that a forecast needs beyond its horizon, where a panel has so many columns."""
        return max(0, int(np.ceil(self.moved[:, columns:].max(initial=0.0))))


def wall_clock(panel: Panel, zones: list[str], horizon: int) -> WallClock | None:
    """Read the clocks of `zones`, one a series; None where all are in UTC or no step is shorter than a day."""
    if not is_within_day(panel.grain) or all(zone == UTC for zone in zones):
        return None
    names, zone = np.unique(zones, return_inverse=True)
    columns, step = panel.y.shape[1], MINUTES[panel.grain]
    times = panel.at(np.arange(columns + horizon))
    minutes = np.stack([minutes_ahead(times, str(name)) for name in names])
    now = minutes[:, columns - 1] if columns else minutes[:, 0]
    return WallClock((minutes - now[:, None]) / step, zone, (now // step)[zone].astype(np.intp))


def to_wall(panel: Panel, clock: WallClock) -> Panel:
    """Lay the series out by the time that their clocks showed."""
    y, columns = panel.y.copy(), panel.y.shape[1]
    for k, moved in enumerate(clock.moved[:, :columns]):
        if moved.any():
            rows = np.flatnonzero(clock.zone == k)
            y[rows] = _shown(panel.y[rows], moved)
    return replace(panel, y=y, ahead=clock.ahead)


def to_utc(outcome: Outcome, panel: Panel, clock: WallClock, horizon: int) -> Outcome:
    """Bring a forecast by the clock on the wall back to the `panel` in UTC that it was made from."""
    columns = panel.y.shape[1]
    bands = outcome.bands[:, :, :horizon].copy()
    bands_then = outcome.vintages.bands[..., :horizon].copy()
    naive = outcome.vintages.naive[..., :horizon].copy()
    actual = outcome.vintages.actual[..., :horizon].copy()
    for k, moved in enumerate(clock.moved):
        rows = np.flatnonzero(clock.zone == k)
        bands[:, rows] = _heard(outcome.bands[:, rows], moved[columns:])
        for v, made_on in enumerate(outcome.vintages.made_on[:, rows]):
            for moment in np.unique(made_on[~np.isnat(made_on)]):
                some, origin = rows[made_on == moment], panel.column(moment)
                then = moved[origin : origin + horizon]
                if not then.any():
                    continue
                bands_then[v][:, some] = _heard(outcome.vintages.bands[v][:, some], then)
                naive[v, some] = _heard(outcome.vintages.naive[v, some], then)
                # Where an error is not to be judged, as within a break, it is not judged by UTC either.
                known = np.isfinite(bands_then[v, 0, some]) & np.isfinite(actual[v, some])
                actual[v, some] = np.where(known, panel.y[some, origin : origin + horizon], np.nan)
    vintages = Vintages(bands_then, actual, naive, outcome.vintages.made_on)
    breaks = _breaks_in_utc(outcome.breaks, panel, clock)
    return replace(outcome, panel=panel, bands=bands, vintages=vintages, breaks=breaks)


def if_followed(bands: Floats, panel: Panel, zones: list[str | None]) -> Floats:
    """Say what bands (band, series, step) by UTC were if each series followed the clock of its zone from now on."""
    followed = bands.copy()
    targets = panel.targets(bands.shape[2])
    for zone in sorted({zone for zone in zones if zone}):
        minutes = minutes_ahead(np.r_[panel.times[-1:], targets], zone)
        rows = [row for row, of_row in enumerate(zones) if of_row == zone]
        followed[:, rows] = _heard(bands[:, rows], (minutes[1:] - minutes[0]) / MINUTES[panel.grain])
    return followed


def hold_both(bands: Floats, unmoved: Floats, rows: NDArray[np.bool_]) -> Floats:
    """Widen the outer bounds of `rows`, whose clock is only supposed, by what comes if it is not moved.

    Both are (lo95, lo80, mean, hi80, hi95) x series x step.
    """
    both = bands.copy()
    both[0, rows] = np.fmin(bands[0, rows], unmoved[0, rows])
    both[-1, rows] = np.fmax(bands[-1, rows], unmoved[-1, rows])
    return both


def _breaks_in_utc(breaks: pd.DataFrame, panel: Panel, clock: WallClock) -> pd.DataFrame:
    """Bring `from_utc` and `to_utc` of breaks that were found by the clock on the wall to UTC."""
    if breaks.empty or clock.is_still:
        return breaks
    rows = pd.Series(np.arange(len(panel.ids)), index=pd.MultiIndex.from_frame(panel.ids[["service", "metric"]]))
    zone = clock.zone[rows.loc[list(zip(breaks["service"], breaks["metric"], strict=True))].to_numpy()]
    in_utc = breaks.copy()
    for name in ("from_utc", "to_utc"):
        shown = breaks[name].to_numpy().astype("datetime64[us]")
        known = ~np.isnat(shown)
        column = steps_between(panel.start, shown[known], panel.grain)
        moved = clock.moved[zone[known], np.clip(column, 0, clock.moved.shape[1] - 1)]
        heard = shown.copy()
        heard[known] -= (moved * MINUTES[panel.grain] * SECONDS).astype("timedelta64[s]")
        in_utc[name] = heard
    return in_utc


def _shown(y: Floats, moved: Floats) -> Floats:
    """Values (series, column) by the time shown, of values by UTC whose clock was `moved` by so many steps."""
    shown = np.full(y.shape, np.nan)
    columns = y.shape[1]
    edges = [0, *(np.flatnonzero(np.diff(moved)) + 1).tolist(), columns]
    for begin, end in pairwise(edges):
        whole = int(np.floor(moved[begin]))
        part = moved[begin] - whole
        first, last = max(begin + whole, 0), min(end + whole, columns)
        values = y[:, first - whole : last - whole]
        if part:  # a step by UTC lies in two by the clock: each of those is made of two
            before = np.concatenate([y[:, [max(first - whole - 1, 0)]], values[:, :-1]], axis=1)
            values = np.where(np.isnan(before), values, (1 - part) * values + part * before)
        shown[:, first:last] = values
    return shown


def _heard(cells: Floats, moved: Floats) -> Floats:
    """Cells (..., step) by UTC, of cells by the time shown whose clock is `moved`; NaN where they do not reach."""
    steps = np.arange(len(moved)) + moved
    low = np.floor(steps).astype(np.intp)
    part = steps - low
    last = cells.shape[-1] - 1

    def at(place: NDArray[np.intp]) -> Floats:
        return np.where((place >= 0) & (place <= last), cells[..., np.clip(place, 0, last)], np.nan)

    here, after = at(low), at(low + 1)
    result: Floats = np.where(part > 0, (1 - part) * here + part * np.where(np.isnan(after), here, after), here)
    return result
