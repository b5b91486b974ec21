"""Rules by which days of different months or years are one day: the first, the last Friday, two days before Easter.

A rule gives each date a key, shared by the days that are alike, and the occurrence it is of: a month or a year. No key
is -1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Dates = NDArray[np.datetime64]
Ints = NDArray[np.intp]

THURSDAY, SATURDAY = 3, 5  # Monday is 0
NEAR_EASTER = 60  # days to each side
NEAR_THANKSGIVING = 12
YEAR = 365.2425  # days
NEAR_EDGE = 6  # working days, or days, from the end of a month that are told apart


@dataclass(frozen=True)
class Alignment:
    """A rule, named for people."""

    name: str
    rule: Callable[[Dates], tuple[Ints, Ints]]

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


def weekday(dates: Dates) -> Ints:
    """Day of the week, Monday is 0."""
    return (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7


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


def _easter_offset(dates: Dates) -> tuple[Ints, Ints]:
    year = _parts(dates)[0]
    offset = (dates - np.array([easter(int(y)) for y in year], dtype="datetime64[D]")).astype(np.int64)
    return np.where(np.abs(offset) <= NEAR_EASTER, offset + NEAR_EASTER, -1), year


def _thanksgiving_offset(dates: Dates) -> tuple[Ints, Ints]:
    year = _parts(dates)[0]
    offset = (dates - np.array([thanksgiving(int(y)) for y in year], dtype="datetime64[D]")).astype(np.int64)
    return np.where(np.abs(offset) <= NEAR_THANKSGIVING, offset + NEAR_THANKSGIVING, -1), year


def _week_of(anchor: int, first: int, *, from_end: bool) -> Callable[[Dates], tuple[Ints, Ints]]:
    """Rule of days by their place about the nth `anchor` weekday of a month; `first` is the offset a week begins at."""

    def rule(dates: Dates) -> tuple[Ints, Ints]:
        place = (weekday(dates) - anchor - first) % 7
        year, month, day, left = _parts(dates - (place + first))
        nth = (left if from_end else day) // 7
        return (month * 6 + nth) * 7 + place, year

    return rule


def _day_of_month(dates: Dates) -> tuple[Ints, Ints]:
    return _parts(dates)[2], dates.astype("datetime64[M]").astype(np.int64)


def _days_left(dates: Dates) -> tuple[Ints, Ints]:
    left = _parts(dates)[3]
    return np.where(left < NEAR_EDGE, left, -1), dates.astype("datetime64[M]").astype(np.int64)


def _working_day(dates: Dates, *, from_end: bool) -> tuple[Ints, Ints]:
    months = dates.astype("datetime64[M]")
    if from_end:
        number = np.busday_count(dates + 1, (months + 1).astype("datetime64[D]"))
    else:
        number = np.busday_count(months.astype("datetime64[D]"), dates)
    usable = (weekday(dates) < SATURDAY) & (number < NEAR_EDGE)
    return np.where(usable, number, -1), months.astype(np.int64)


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


def thanksgiving(year: int) -> np.datetime64:
    """Fourth Thursday of November."""
    first = np.datetime64(f"{year}-11-01")
    return first + np.timedelta64(int((THURSDAY - weekday(np.array([first]))[0]) % 7) + 21, "D")


def easter(year: int) -> np.datetime64:
    """Easter Sunday of the Gregorian calendar (Meeus 1991, chapter 8)."""
    century, rest = divmod(year, 100)
    moon = year % 19
    lead = (19 * moon + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - lead - rest % 4) % 7
    late = (moon + 11 * lead + 22 * sunday) // 451
    month, day = divmod(lead + sunday - 7 * late + 114, 31)
    return np.datetime64(f"{year}-{month:02d}-{day + 1:02d}")


# The first ones have a name and win where others say the same of the past. The rest are days about a weekday that is
# counted in its month; where a week begins decides what goes along with the counted day.
NAMED = 3
YEARLY = (
    Alignment("date", _month_day),
    Alignment("Easter", _easter_offset),
    Alignment("Thanksgiving", _thanksgiving_offset),
    Alignment("nth Thursday", _week_of(THURSDAY, -3, from_end=False)),
    Alignment("nth Friday", _week_of(4, -3, from_end=False)),
    Alignment("nth Monday", _week_of(0, 0, from_end=False)),
    Alignment("nth Sunday", _week_of(6, -6, from_end=False)),
    Alignment("last Thursday", _week_of(THURSDAY, -3, from_end=True)),
    Alignment("last Friday", _week_of(4, -3, from_end=True)),
    Alignment("last Monday", _week_of(0, 0, from_end=True)),
    Alignment("last Sunday", _week_of(6, -6, from_end=True)),
)
# Rules that nothing goes by: what they find in a series is what chance finds in it.
NO_YEAR = tuple(Alignment("chance", _no_year(stride)) for stride in (53, 97, 149, 211))
NO_MONTH = tuple(Alignment("chance", _no_month(stride)) for stride in (7, 11, 13))
MONTHLY = (
    Alignment("day of the month", _day_of_month),
    Alignment("day from the end of the month", _days_left),
    Alignment("working day", lambda dates: _working_day(dates, from_end=False)),
    Alignment("working day from the end", lambda dates: _working_day(dates, from_end=True)),
    Alignment("nth weekday of the month", _nth_weekday),
)
