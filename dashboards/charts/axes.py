"""Where the ticks of an axis stand and what they say: one choice for the picture in the page and for Plotly."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from dashboards.words.wording import THIN, amount

MOST_Y_TICKS = 5
ROOM = 0.06  # of the values' span, above and below them
EDGE = 0.03  # of a time axis: words nearer to its end would be cut off
# Days that an axis spans at most, and its step: days, or months where below zero.
_STEPS = ((4, 1), (9, 2), (16, 3), (45, 7), (100, 14), (220, -1), (460, -2), (1200, -6))
_LONGEST = -12

Ticks = tuple[list[float] | list[str], list[str]]  # places in the axis' own values, and words


def number_ticks(low: float, high: float, *, suffix: str = "") -> tuple[list[float], list[str]]:
    """Return round numbers from `low` to `high`."""
    span = high - low
    if span <= 0 or not math.isfinite(span):
        return [], []
    rough = span / MOST_Y_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = [round(place * step, 12) for place in range(first, last + 1)]
    return places, [f"{amount(place)}{THIN + suffix if suffix else ''}" for place in places]


def time_ticks(start: datetime, end: datetime) -> tuple[list[str], list[str]]:
    """Return days, or firsts of months, between two moments; the first of each year names it."""
    days, texts = _time_ticks(start, end)
    return list(days), list(texts)


@lru_cache(1024)
def _time_ticks(start: datetime, end: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the same for charts of thousands of services, whose axes are few."""
    span_days = (end - start).total_seconds() / 86400
    step = next((step for most, step in _STEPS if span_days <= most), _LONGEST)
    margin = (end - start) * EDGE
    places = _days(start, end, step) if step > 0 else _months(start, end, -step)
    texts = []
    year = None
    places = [place for place in places if start + margin / 3 <= place <= end - margin]
    for place in places:
        text = f"{place.day} {place:%b}"
        texts.append(text if place.year == year else f"{text} {place.year}")
        year = place.year
    return tuple(f"{place:%Y-%m-%d}" for place in places), tuple(texts)


def value_range(values: Iterable[float], *, from_zero: bool = True) -> tuple[float, float]:
    """Return the ends of an axis that holds `values` with some room, and zero where `from_zero`."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (low - room if low < 0 or not from_zero else low), high + room


def _days(start: datetime, end: datetime, step: int) -> list[datetime]:
    first = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if first < start:
        first += timedelta(days=1)
    return [first + timedelta(days=n) for n in range(0, (end - first).days + 1, step)]


def _months(start: datetime, end: datetime, step: int) -> list[datetime]:
    months = []
    place = start.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while place <= end:
        if place >= start and (place.month - 1) % step == 0:
            months.append(place)
        place = (place + timedelta(days=32)).replace(day=1)
    return months
