"""Days that are not like others: public holidays of a service's country, and events that people declared.

A day's effect is its level relative to the same weekday around it. It is learnt from earlier days of the same kind,
shrunk toward what that kind of day did to the panel's other series, and used only where it stands clear of its own
noise. Such days do not train the models; a forecast of one is the model's, times the effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import low_median
from forecasting.options import COUNTRIES, ForecastOptions
from forecasting.panel.days import Days, days_of
from forecasting.panel.series import Panel

Floats = NDArray[np.float64]

PEERS = 2.0  # days of evidence that the panel's mean effect counts as
NAMED = 1.0  # days of evidence for "like any holiday" against a holiday's own earlier years
CLEAR = 2.0  # standard errors that an effect has to be from none
ONE_DAY = 0.10  # standard deviation of a log effect that is taken where one day alone was seen
LARGEST = np.log(10.0)
WEEKS = 3  # to each side, of the same weekday
WEEKEND = 5  # first day of it; Monday is 0
UNMARKED = -1
WITHOUT_DAYS = ("w", "m")  # a day more or less moves a week or a month little


@dataclass(frozen=True)
class Calendar:
    """Kind of each day (series, day) by index into `kinds`, history and horizon; UNMARKED on ordinary days.

    A kind is (group, name): ("DE", "Christmas Day"), ("event", "summer sale").
    """

    kinds: tuple[tuple[str, str], ...]
    marks: NDArray[np.intp]
    days: Days


def mark_days(panel: Panel, horizon: int, options: ForecastOptions) -> Calendar | None:
    """Lay the declared events and the holidays of each service's country over its days; None where there are none."""
    if panel.grain in WITHOUT_DAYS or not (options.country or options.events):
        return None
    days = days_of(panel, horizon)
    dates: list[date] = days.dates.astype("datetime64[D]").tolist()
    kinds: dict[tuple[str, str], int] = {}
    marks = np.full((len(panel.y), len(dates)), UNMARKED, dtype=np.intp)
    for row, service in enumerate(panel.ids["service"].astype(str)):
        country = options.country.get(service, options.country.get("*"))
        special = dict(_holidays(country, dates[0].year, dates[-1].year)) if country in COUNTRIES else {}
        for event in options.events:
            if not event.services or service in event.services:
                special |= {d: ("event", event.name) for d in dates if event.first_day <= d <= event.last_day}
        if special:
            for k, when in enumerate(dates):
                if when in special:
                    marks[row, k] = kinds.setdefault(special[when], len(kinds))
    return Calendar(tuple(kinds), marks, days) if kinds else None


@lru_cache(maxsize=256)
def _holidays(country: str, first_year: int, last_year: int) -> Mapping[date, tuple[str, str]]:
    """Holidays of a country as kinds. One on a weekend is mostly a weekend: what it does is another kind."""
    named = dict(holidays.country_holidays(country, years=range(first_year, last_year + 1)))
    return {d: (country, name if d.weekday() < WEEKEND else f"{name} (weekend)") for d, name in named.items()}


def marked_cells(calendar: Calendar, panel: Panel) -> NDArray[np.bool_]:
    """Cells of the panel (series, time) that lie on a marked day."""
    result: NDArray[np.bool_] = _cells(calendar, panel.y.shape[1]) != UNMARKED
    return result


def effects(calendar: Calendar, panel: Panel, origin: int, horizon: int) -> Floats:
    """Factor (series, step) for the `horizon` columns from `origin`, from the days before it; 1 on ordinary days."""
    logs = _day_logs(calendar, panel, origin)
    table = _kind_effects(calendar, logs)
    ahead = _cells(calendar, origin + horizon)[:, origin:]
    rows = np.arange(len(ahead))[:, None]
    return np.where(ahead == UNMARKED, 1.0, np.exp(table[rows, np.maximum(ahead, 0)]))


def _cells(calendar: Calendar, columns: int) -> NDArray[np.intp]:
    return np.take_along_axis(calendar.marks, calendar.days.of_columns(columns), axis=1)


def _day_logs(calendar: Calendar, panel: Panel, origin: int) -> Floats:
    """Log of each whole marked day's level against the same weekday around it, before `origin`; NaN elsewhere."""
    level = calendar.days.levels(panel.y[:, :origin])
    days = level.shape[1]
    marked = calendar.marks[:, :days] != UNMARKED
    ordinary = np.where(marked | (level <= 0), np.nan, level)
    around = np.full((2 * WEEKS, *level.shape), np.nan)
    for k, week in enumerate([w for w in range(-WEEKS, WEEKS + 1) if w]):
        to, source = (
            slice(max(0, -7 * week), days - max(0, 7 * week)),
            slice(max(0, 7 * week), days - max(0, -7 * week)),
        )
        if source.start < source.stop:
            around[k, :, to] = ordinary[:, source]
    usual = low_median(around, axis=0)
    ratio = np.divide(level, usual, out=np.full(level.shape, np.nan), where=marked & (usual > 0))
    logs = np.log(np.where(ratio > 0, ratio, np.nan))
    return np.clip(logs, -LARGEST, LARGEST)


def _kind_effects(calendar: Calendar, logs: Floats) -> Floats:
    """Log effect (series, kind): own days of the kind, then its group's, shrunk toward the panel's; 0 where unclear."""
    marks = calendar.marks[:, : logs.shape[1]]
    groups = [group for group, _ in calendar.kinds]
    weekend = [name.endswith("(weekend)") for _, name in calendar.kinds]
    table = np.zeros((len(logs), len(calendar.kinds)))
    for k, group in enumerate(groups):
        alike = [j for j, other in enumerate(groups) if other == group and weekend[j] == weekend[k]]
        own = _shrunk(logs, marks == k)
        # Events of different names have nothing in common; holidays of one country have.
        wide = own if group == "event" else _shrunk(logs, np.isin(marks, alike))
        count = ((marks == k) & ~np.isnan(logs)).sum(axis=1)
        table[:, k] = (count * own + NAMED * wide) / (count + NAMED)
    return table


def _shrunk(logs: Floats, days: NDArray[np.bool_]) -> Floats:
    """Mean log effect (series) over some days, shrunk toward the panel's mean of the same days; 0 where unclear."""
    used = days & ~np.isnan(logs)
    count, total = used.sum(axis=1), np.where(used, logs, 0.0).sum(axis=1)
    everyone = int(count.sum())
    if not everyone:
        return np.zeros(len(logs))
    panel = total.sum() / everyone
    effect = (total + PEERS * panel) / (count + PEERS)
    spread = np.sqrt(np.where(used, (logs - panel) ** 2, 0.0).sum() / (everyone - 1)) if everyone > 1 else ONE_DAY
    error = max(spread, 0.01) / np.sqrt(np.minimum(everyone, count + PEERS))
    return np.where(np.abs(effect) > CLEAR * error, effect, 0.0)
