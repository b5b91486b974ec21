"""The calendar that a panel's own past teaches: days of the month and periods of the year that come again.

What the models see is the load without it, so that the level, the season and the shifts are those of ordinary days.
What they say of a day to come is then moved by what such days did. Declared days and holidays of a known country
have effects of their own (`day_effects`) and are left alone.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forecasting import nanstats
from forecasting.options import ForecastOptions
from forecasting.outcome import HI80, HI95, LO80, LO95, MEAN, Outcome
from forecasting.panel.day_effects import UNMARKED, mark_days
from forecasting.panel.days import Days, days_of
from forecasting.panel.grain import is_within_day
from forecasting.panel.monthly import monthly
from forecasting.panel.occurrences import ALIKE, Effects, combined
from forecasting.panel.series import Panel
from forecasting.panel.unusual import Unusual, against_weekdays, unusual
from forecasting.panel.yearly import yearly

Floats = NDArray[np.float64]

Z80, Z95 = 1.2816, 1.96
NARROWEST = 0.5  # power of an effect below one that a half-width takes: a quiet day's load is not that much surer
TINY = 1e-12
REACH_DAYS = 14  # days after the horizon that tell by which rule its last days go


@dataclass(frozen=True)
class Learnt:
    """Effects of days on some series of a panel, by (series, step from the first day's first); 0 on ordinary days."""

    days: Days
    log: Floats
    doubt: Floats  # standard error of log
    small: Floats  # (series,) added to a level before logs, in the unit of the metric

    @property
    def rows(self) -> NDArray[np.intp]:
        """Series that have any."""
        return np.flatnonzero(self.log.any(axis=1))

    def without(self, y: Floats) -> Floats:
        """Take the effects out of values (series, column) from the panel's first column on."""
        log = self._at(self.log, 0, y.shape[1])
        small = self.small[:, None]
        return np.where(log == 0, y, np.maximum((y + small) / np.exp(log) - small, 0.0))

    def onto(self, bands: Floats, origin: int) -> Floats:
        """Put the effects onto bands (band, series, step) of the columns from `origin` on."""
        log, doubt = (self._at(cells, origin, bands.shape[2]) for cells in (self.log, self.doubt))
        factor, small = np.exp(log), self.small[:, None]
        mean = np.maximum((bands[MEAN] + small) * factor - small, np.minimum(bands[MEAN], 0.0))
        moved = bands.copy()
        width = np.where(factor > 1, factor, factor**NARROWEST)
        for place, z in ((LO95, -Z95), (LO80, -Z80), (HI80, Z80), (HI95, Z95)):
            half = np.hypot((bands[place] - bands[MEAN]) * width, z * doubt * (mean + small))
            edge = np.maximum(mean + np.sign(z) * half, np.minimum(bands[LO95], 0.0))
            moved[place] = np.where(log == 0, bands[place], edge)
        moved[MEAN] = np.where(log == 0, bands[MEAN], mean)
        return moved

    def _at(self, cells: Floats, origin: int, columns: int) -> Floats:
        """Cells of the columns from `origin` on."""
        places = self.days.begins[:, None] + origin + np.arange(columns)
        return np.take_along_axis(cells, np.minimum(places, cells.shape[1] - 1), axis=1)


def learn(panel: Panel, horizon: int, opts: ForecastOptions) -> Learnt | None:
    """Learn the calendar of each series from all that is known of it; None where no series has one."""
    if not (is_within_day(panel.grain) or panel.grain == "d"):
        return None
    days, looks = look_at_days(panel, horizon, opts)
    of_month = monthly(looks, days.dates)
    rest = replace(looks, log=looks.log - of_month.log[:, : looks.log.shape[1]])
    effects = combined([of_month, yearly(rest, days.dates)])
    ordinary = _is_marked(panel, days, horizon, opts) | _is_unlike(looks.log, effects.log)
    effects = Effects(np.where(ordinary, 0.0, effects.log), np.where(ordinary, 0.0, effects.doubt))
    if not len(effects.rows):
        return None
    doubt = np.repeat(effects.doubt, days.length, axis=1)
    return Learnt(days, _by_step(panel, days, effects, looks.small), doubt, looks.small)


def _by_step(panel: Panel, days: Days, effects: Effects, small: Floats) -> Floats:
    """Effects (series, step): of a day with several steps, what it does at each time of day, as far as that is clear.

    A time's own effect is shrunk toward that of the whole day, by how much of its spread over the day is noise.
    """
    log = np.repeat(effects.log, days.length, axis=1)
    rows = effects.rows
    if days.length == 1:
        return log
    cells = days.cells(panel.y)[rows]
    logs = against_weekdays(cells, small[rows])
    noise = (1.4826 * nanstats.median(np.abs(logs).reshape(len(rows), -1), axis=1)) ** 2
    steps = log.reshape(len(log), -1, days.length)
    for place, row in enumerate(rows.tolist()):
        for effect in np.unique(effects.log[row][effects.log[row] != 0]):
            alike = np.flatnonzero(effects.log[row] == effect)  # the occurrences of one day have one effect
            known = alike[alike < cells.shape[1]]
            said = nanstats.mean(logs[place, known], axis=0)
            if not len(known) or np.isnan(said).all():
                continue
            apart = max(0.0, float(np.nanvar(said)) - noise[place] / len(known))
            trust = apart / (apart + noise[place] / len(known) + TINY)
            steps[row, alike] = effect + trust * np.where(np.isnan(said), 0.0, said - effect)
    return steps.reshape(log.shape)


def look_at_days(panel: Panel, horizon: int, opts: ForecastOptions) -> tuple[Days, Unusual]:
    """Lay days over a panel and beyond, and see how far each lies from those around it; NaN on marked days."""
    days = days_of(panel, horizon + REACH_DAYS * days_of(panel, 0).length)
    levels = days.levels(panel.y)
    marked = _is_marked(panel, days, horizon, opts)[:, : levels.shape[1]]
    return days, unusual(np.where(marked, np.nan, levels))


def forget_calendar(panel: Panel, learnt: Learnt) -> Panel:
    """Take what was learnt out of the panel, for the models."""
    rows = learnt.rows
    y = panel.y.copy()
    y[rows] = learnt.without(panel.y)[rows]
    return replace(panel, y=y)


def add_calendar(outcome: Outcome, panel: Panel, learnt: Learnt, opts: ForecastOptions) -> Outcome:
    """Put the calendar onto what was forecast without it; the backtests know of it what was known at their origins."""
    rows, columns, horizon = learnt.rows, panel.y.shape[1], outcome.bands.shape[2]
    bands = outcome.bands.copy()
    bands[:, rows] = learnt.onto(outcome.bands, columns)[:, rows]
    then = outcome.vintages
    cells, actual, naive = then.bands.copy(), then.actual.copy(), then.naive.copy()
    moments = np.unique(then.made_on[:, rows][~np.isnat(then.made_on[:, rows])])
    for moment in moments:
        origin = panel.column(moment)
        known = replace(panel, ids=panel.ids.iloc[rows], y=panel.y[rows, :origin])
        known = replace(known, ahead=None if panel.ahead is None else panel.ahead[rows])
        effects = learn(known, horizon, opts)
        truth = np.full((len(rows), horizon), np.nan)
        truth[:, : columns - origin] = panel.y[rows, origin : origin + horizon]
        earlier = panel.y[rows][:, _season_before(panel, origin, horizon)]
        for v in range(len(cells)):
            some = np.flatnonzero(then.made_on[v, rows] == moment)
            place = rows[some]
            if effects is not None and len(some):
                cells[v][:, place] = effects.onto(then.bands[v][:, rows], origin)[:, some]
            reached = ~np.isnan(then.actual[v, place])
            actual[v, place] = np.where(reached, truth[some], np.nan)
            naive[v, place] = np.where(np.isnan(earlier[some]), naive[v, place], earlier[some])
    vintages = replace(then, bands=cells, actual=actual, naive=naive)
    return replace(outcome, panel=panel, bands=bands, vintages=vintages)


def _season_before(panel: Panel, origin: int, horizon: int) -> NDArray[np.intp]:
    """Columns that seasonal naive repeats."""
    season = panel.season if origin >= panel.season else 1
    return origin - season + np.arange(horizon) % season


def _is_unlike(seen: Floats, effect: Floats) -> NDArray[np.bool_]:
    """Known days (series, day) on which what comes again did not come: they stay as they are."""
    with np.errstate(invalid="ignore"):
        alike = seen * np.sign(effect[:, : seen.shape[1]]) > ALIKE * np.abs(effect[:, : seen.shape[1]])
    unlike = np.zeros(effect.shape, dtype=np.bool_)
    unlike[:, : seen.shape[1]] = ~alike
    return unlike


def _is_marked(panel: Panel, days: Days, horizon: int, opts: ForecastOptions) -> NDArray[np.bool_]:
    """Days (series, day) that are declared or holidays."""
    calendar = mark_days(panel, horizon, opts)
    marked = np.zeros((len(panel.y), len(days.dates)), dtype=np.bool_)
    if calendar is not None:
        count = min(marked.shape[1], calendar.marks.shape[1])
        marked[:, :count] = calendar.marks[:, :count] != UNMARKED
    return marked
