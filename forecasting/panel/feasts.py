"""Feasts that move: those counted from a weekday, and those that go by the moon or by another calendar.

What goes by another calendar is taken from a country that keeps the feast, by the `holidays` library.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np
from numpy.typing import NDArray

Dates = NDArray[np.datetime64]

THURSDAY = 3  # Monday is 0


@dataclass(frozen=True)
class Feast:
    """A feast, and the days before and after it that may go by it."""

    name: str
    before: int
    after: int
    day: Callable[[int], list[np.datetime64]]  # its first days in a year: one, none, or two of a year of the moon


def weekday(dates: Dates) -> NDArray[np.intp]:
    """Day of the week, Monday is 0."""
    return (dates.astype("datetime64[D]").astype(np.int64) + 3) % 7


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


def orthodox_easter(year: int) -> np.datetime64:
    """Easter Sunday of the Julian calendar, as a Gregorian date from 1900 to 2099 (Meeus 1991, chapter 8)."""
    lead = (19 * (year % 19) + 15) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) - lead + 34) % 7
    month, day = divmod(lead + sunday + 114, 31)
    return np.datetime64(f"{year}-{month:02d}-{day + 1:02d}") + 13  # days that the Julian calendar is behind


@lru_cache(maxsize=256)
def days_of_feast(feast: Feast, first_year: int, last_year: int) -> Dates:
    """Days of a feast in some years, in order, both included."""
    days = [day for year in range(first_year, last_year + 1) for day in feast.day(year)]
    return np.array(sorted(days), dtype="datetime64[D]")


def _kept_by(country: str, word: str) -> Callable[[int], list[np.datetime64]]:
    """First days of a feast by the word for it among a country's holidays."""

    @lru_cache(maxsize=256)
    def day(year: int) -> list[np.datetime64]:
        named = holidays.country_holidays(country, years=[year], language="en_US")
        # Two feasts of one day are named together: "Chinese New Year; Eid al-Fitr".
        kept = [when for when, names in named.items() if any(name.startswith(word) for name in names.split("; "))]
        days = sorted(np.datetime64(when) for when in kept)
        return [one for k, one in enumerate(days) if not k or one - days[k - 1] > np.timedelta64(30, "D")]

    return day


FEASTS = (
    Feast("Easter", 60, 60, lambda year: [easter(year)]),
    Feast("Thanksgiving", 12, 12, lambda year: [thanksgiving(year)]),
    Feast("Orthodox Easter", 55, 60, lambda year: [orthodox_easter(year)]),
    Feast("Lunar New Year", 28, 24, _kept_by("SG", "Chinese New Year")),
    Feast("Eid al-Fitr", 40, 14, _kept_by("SG", "Eid al-Fitr")),
    Feast("Eid al-Adha", 14, 14, _kept_by("SG", "Eid al-Adha")),
    Feast("Diwali", 28, 10, _kept_by("SG", "Diwali")),
    Feast("Pesach", 10, 14, _kept_by("IL", "Pesach")),
    Feast("Rosh Hashanah", 10, 28, _kept_by("IL", "Rosh Hashanah")),
    Feast("Mid-Autumn", 10, 10, _kept_by("KR", "Chuseok")),
)
