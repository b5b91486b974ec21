"""Rules by which days of different months or years are one day: the first, the last Friday, two days before Easter.

Quarters and years are counted in working days too, as closings are; feasts that go by another calendar are in `feasts`.

A rule gives each date a key, shared by the days that are alike, and the occurrence it is of: a month or a year. No key
is -1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.feasts import FEASTS, Feast, days_of_feast, weekday

Dates = NDArray[np.datetime64]
Ints = NDArray[np.intp]

THURSDAY, SATURDAY, SUNDAY = 3, 5, 6  # Monday is 0
YEAR = 365.2425  # days
FOURTH = 3
PAYDAYS = (5, 10, 15, 20, 25)  # days of the month; the first and the last are working days from an edge
NEAR_EDGE = 6  # working days, or days, from the end of a month that are told apart


@dataclass(frozen=True)
class Alignment:
    """A rule, named for people."""

    name: str
    rule: Callable[[Dates], tuple[Ints, Ints]]
    counted: Callable[[Dates], Ints] | None = None  # of rules of weeks: days from each date to the one that is counted

    def apart(self, dates: Dates, table: Ints, known: int) -> NDArray[np.float64]:
        """Days (day) that each date lies from the mean time of year of its key's first `known` days; inf: has none."""
        time = dates[np.maximum(table, 0)].astype(np.int64) - YEAR * np.arange(table.shape[1])
        happened = (table >= 0) & (table < known)
        count = happened.sum(axis=1)
        mean = np.where(happened, time, 0.0).sum(axis=1) / np.maximum(count, 1)
        away = np.where(count[:, None] > 0, np.abs(time - mean[:, None]), np.inf)
        distance = np.full(len(dates), np.inf)
        distance[table[table >= 0]] = away[table >= 0]
        return distance

    def table(self, dates: Dates) -> NDArray[np.intp]:
        """Place of each date by (key, occurrence); -1 where there is none. Its rows are the keys that occur."""
        keys, occurrences = self.rule(dates)
        used = keys >= 0
        rows, row = np.unique(keys[used], return_inverse=True)
        columns, column = np.unique(occurrences[used], return_inverse=True)
        table = np.full((len(rows), len(columns)), -1, dtype=np.intp)
        table[row, column] = np.flatnonzero(used)
        return table


def _parts(dates: Dates) -> tuple[Ints, Ints, Ints, Ints]:
    """Year, month 0 to 11, day 0 to 30 and days that follow in the month."""
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    left = ((months + 1).astype("datetime64[D]") - dates).astype(np.int64) - 1
    since = months.astype(np.int64)
    return since // 12 + 1970, since % 12, day, left


def _month_day(dates: Dates) -> tuple[Ints, Ints]:
    year, month, day, _ = _parts(dates)
    return month * 32 + day, year


def _about(feast: Feast) -> Callable[[Dates], tuple[Ints, Ints]]:
    """Rule of days by their place about a feast."""

    def rule(dates: Dates) -> tuple[Ints, Ints]:
        feasts = days_of_feast(feast, int(_parts(dates[:1])[0][0]) - 1, int(_parts(dates[-1:])[0][0]) + 1)
        nearest = np.searchsorted(feasts + (feast.after + 1), dates, side="right")
        usable = nearest < len(feasts)
        offset = (dates - feasts[np.where(usable, nearest, 0)]).astype(np.int64)
        usable &= (offset >= -feast.before) & (offset <= feast.after)
        return np.where(usable, offset + feast.before, -1), nearest

    return rule


def _week_of(name: str, anchor: int, first: int, *, from_end: bool) -> Alignment:
    """Days by their place about the nth `anchor` weekday of a month; `first` is the offset that a week begins at."""

    def counted(dates: Dates) -> Ints:
        return -first - (weekday(dates) - anchor - first) % 7

    def rule(dates: Dates) -> tuple[Ints, Ints]:
        away = counted(dates)
        year, month, day, left = _parts(dates + away)
        nth = (left if from_end else day) // 7
        # People count the first to the fourth, and the last: the last but two is the second, most years.
        usable = nth == 0 if from_end else nth <= FOURTH
        return np.where(usable, (month * 6 + nth) * 7 - away - first, -1), year

    return Alignment(name, rule, counted)


def _day_of_month(dates: Dates) -> tuple[Ints, Ints]:
    return _parts(dates)[2], dates.astype("datetime64[M]").astype(np.int64)


def _days_left(dates: Dates) -> tuple[Ints, Ints]:
    left = _parts(dates)[3]
    return np.where(left < NEAR_EDGE, left, -1), dates.astype("datetime64[M]").astype(np.int64)


def _working_day(dates: Dates, *, from_end: bool, new_year: bool) -> tuple[Ints, Ints]:
    """Place of working days in their month; the first of January is one only where `new_year` is."""
    months = dates.astype("datetime64[M]")
    years = np.unique(dates.astype("datetime64[Y]"))
    closed: Dates = np.array([], dtype="datetime64[D]")
    if not new_year:
        closed = np.append(years, years[-1:] + 1).astype("datetime64[D]")
    if from_end:
        number = np.busday_count(dates + 1, (months + 1).astype("datetime64[D]"), holidays=closed)
    else:
        number = np.busday_count(months.astype("datetime64[D]"), dates, holidays=closed)
    usable = np.is_busday(dates, holidays=closed) & (number < NEAR_EDGE)
    return np.where(usable, number, -1), months.astype(np.int64)


def _payday(dates: Dates, *, before: bool) -> tuple[Ints, Ints]:
    """Days of the month that are a working day, or the working day before or after where they are none."""
    _, _, day, _ = _parts(dates)
    week = weekday(dates)
    key = np.full(len(dates), -1)
    for number in PAYDAYS:
        away = (number - 1 - day) if before else day - (number - 1)
        edge = week == (SATURDAY - 1 if before else 0)
        key[(week < SATURDAY) & ((away == 0) | (edge & (away > 0) & (away <= 2)))] = number  # noqa: PLR2004 - a weekend
    return key, dates.astype("datetime64[M]").astype(np.int64)


def _of_period(rule: Callable[[Dates], tuple[Ints, Ints]], months: int) -> Callable[[Dates], tuple[Ints, Ints]]:
    """Rule of days of one month in so many, of a rule of days of the month."""

    def of_period(dates: Dates) -> tuple[Ints, Ints]:
        key, month = rule(dates)
        return np.where(key >= 0, month % months * 64 + key, -1), month // months

    return of_period


def _nth_weekday(dates: Dates) -> tuple[Ints, Ints]:
    return _parts(dates)[2] // 7 * 7 + weekday(dates), dates.astype("datetime64[M]").astype(np.int64)


def _no_month(stride: int) -> Callable[[Dates], tuple[Ints, Ints]]:
    def rule(dates: Dates) -> tuple[Ints, Ints]:
        day, month = _day_of_month(dates)
        return (day + stride * month) % 31, month

    return rule


def _no_year(stride: int) -> Callable[[Dates], tuple[Ints, Ints]]:
    def rule(dates: Dates) -> tuple[Ints, Ints]:
        year = _parts(dates)[0]
        day = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
        return (day + stride * year) % 366, year

    return rule


_FROM_START, _FROM_END = (partial(_working_day, from_end=from_end, new_year=False) for from_end in (False, True))
# The first ones have a name and win where others say the same of the past. The rest are days about a weekday that is
# counted in its month; where a week begins decides what goes along with the counted day.
NAMED = 1 + len(FEASTS)
YEARLY = (
    Alignment("date", _month_day),
    *(Alignment(feast.name, _about(feast)) for feast in FEASTS),
    Alignment("working day of a month", _of_period(_FROM_START, 12)),
    Alignment("working day from the end of a month", _of_period(_FROM_END, 12)),
    _week_of("nth Thursday", THURSDAY, -3, from_end=False),
    _week_of("nth Friday", 4, -3, from_end=False),
    _week_of("nth Monday", 0, 0, from_end=False),
    _week_of("week up to the nth Monday", 0, -6, from_end=False),
    _week_of("nth Sunday", SUNDAY, -6, from_end=False),
    _week_of("last Thursday", THURSDAY, -3, from_end=True),
    _week_of("last Friday", 4, -3, from_end=True),
    _week_of("last Monday", 0, 0, from_end=True),
    _week_of("week up to the last Monday", 0, -6, from_end=True),
    _week_of("last Sunday", SUNDAY, -6, from_end=True),
)
# Rules that nothing goes by: what they find in a series is what chance finds in it.
NO_YEAR = tuple(Alignment("chance", _no_year(stride)) for stride in (53, 97, 149, 211))
NO_MONTH = tuple(Alignment("chance", _no_month(stride)) for stride in (7, 11, 13))
MONTHLY = (
    Alignment("day of the month", _day_of_month),
    Alignment("day from the end of the month", _days_left),
    Alignment("working day", _FROM_START),
    Alignment("working day from the end", _FROM_END),
    Alignment("weekday from the start", partial(_working_day, from_end=False, new_year=True)),
    Alignment("payday, or the working day before", partial(_payday, before=True)),
    Alignment("payday, or the working day after", partial(_payday, before=False)),
    Alignment("nth weekday of the month", _nth_weekday),
)
QUARTERLY = (
    Alignment("day of the quarter", _of_period(_day_of_month, 3)),
    Alignment("day from the end of a month of the quarter", _of_period(_days_left, 3)),
    Alignment("working day of the quarter", _of_period(_FROM_START, 3)),
    Alignment("working day from the end of a month of the quarter", _of_period(_FROM_END, 3)),
)
