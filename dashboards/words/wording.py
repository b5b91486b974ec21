"""How numbers and dates are said: the only place that rounds. What is not known is a dash, never a zero."""

import math
import re
from datetime import date, datetime
from decimal import Decimal

from dashboards.words.terms import is_share

DASH = "\u2013"
THIN = "\u202f"  # narrow no-break space: between a number and its unit
MINUS = "\u2212"

Number = float | int | Decimal | None

MINUTE = 60  # seconds
CODE_LENGTH = 3  # of a currency, ISO 4217
_PERCENT = re.compile(r"(?<=\d) %")
_SCALES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def is_known(value: object) -> bool:
    """Return false for null and NaN."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def money(value: Number) -> str:
    """Return an amount without its currency, which stands beside it: cents below 1,000 only."""
    if value is None or not is_known(value):
        return DASH
    size = abs(float(value))
    if 0 < size < 0.005:  # noqa: PLR2004 - half a cent
        return f"{MINUS if value < 0 else ''}<0.01"
    digits = 0 if size >= 999.995 else 2  # noqa: PLR2004 - where cents stop to matter
    return _signed(f"{float(value):,.{digits}f}")


def signed(value: Number) -> str:
    """Return a change of money with its sign."""
    return plus(money(value), value)


def plus(text: str, value: Number) -> str:
    """Return a change that was said without a sign where it is a gain: those below zero have theirs."""
    return f"+{text}" if value is not None and is_known(value) and value > 0 else text


def rate(value: Number) -> str:
    """Return a price, e.g. USD per million requests: four significant digits."""
    if value is None or not is_known(value):
        return DASH
    size = abs(float(value))
    if size >= 999.5:  # noqa: PLR2004 - four digits before the point
        return _signed(f"{float(value):,.0f}")
    digits = 2 if size >= 1 or size == 0 else min(3 - math.floor(math.log10(size)), 12)
    return _signed(f"{float(value):.{digits}f}")


def amount(value: Number) -> str:
    """Return a quantity of load: four significant digits, k, M, G above a thousand."""
    if value is None or not is_known(value):
        return DASH
    number = float(value)
    for scale, letter in _SCALES:
        if abs(number) >= scale:
            return _signed(f"{number / scale:.4g}{THIN}{letter}")
    return _signed(f"{number:.4g}")


def count(value: Number) -> str:
    """Return a whole number with separators."""
    return DASH if value is None or not is_known(value) else _signed(f"{int(value):,}")


def percent(ratio: Number, digits: int = 0) -> str:
    """Return a ratio in percent; what is not quite none is not said to be none, nor what is not quite all to be all."""
    if ratio is None or not is_known(ratio):
        return DASH
    value, whole = float(ratio) * 100, 100.0
    least = 10.0**-digits
    if 0 < value < least / 2:
        return f"<{least:.{digits}f}{THIN}%"
    if whole - least / 2 <= value < whole:
        return f">{whole - least:.{digits}f}{THIN}%"
    return f"{_signed(f'{value:,.{digits}f}')}{THIN}%"


def change(ratio: Number, digits: int = 0) -> str:
    """Return a change in percent with its sign."""
    if ratio is None or not is_known(ratio):
        return DASH
    text = f"{abs(float(ratio)) * 100:,.{digits}f}"
    sign = "±" if float(text.replace(",", "")) == 0 else ("+" if ratio > 0 else MINUS)
    return f"{sign}{text}{THIN}%"


def day(value: date | None) -> str:
    """Return a date as prose says it: 7 Dec 2026."""
    return DASH if value is None else f"{value.day} {value:%b %Y}"


def month(value: date | None) -> str:
    """Return a month: November 2026."""
    return DASH if value is None else f"{value:%B %Y}"


def moment(value: datetime | None) -> str:
    """Return a moment, UTC: 7 Dec 2026 02:00."""
    return DASH if value is None else f"{day(value)} {value:%H:%M}"


def age(hours: Number) -> str:
    """Return an age: hours up to two days, then days."""
    if hours is None or not is_known(hours):
        return DASH
    value = float(hours)
    return f"{value:.0f}{THIN}h" if abs(value) < 48 else f"{value / 24:.1f}{THIN}days"  # noqa: PLR2004 - two days


def seconds(value: Number) -> str:
    """Return a duration: 12 s, 3 min 20 s, 1 h."""
    if value is None or not is_known(value):
        return DASH
    if float(value) < MINUTE:
        return f"{float(value):.3g}{THIN}s"
    hours, rest = divmod(round(float(value)), 60 * MINUTE)
    minutes, rest = divmod(rest, MINUTE)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{number}{THIN}{unit}" for number, unit in parts if number)


def metric(name: str) -> str:
    """Return a metric as people call it: cost_usd is cost in USD; the names of others are their own."""
    currency = currency_of(name)
    return name if currency is None else f"cost in {currency}"


def currency_of(metric: str) -> str | None:
    """Return the currency of a metric that is a cost: USD of cost_usd."""
    code = metric.removeprefix("cost_")
    return code.upper() if code != metric and len(code) == CODE_LENGTH else None


def share(ratio: Number, of: int, few: int = 10) -> str:
    """Return a share with what it is of: 96 % of 26; of a few only the count, for a percentage would say too much."""
    if ratio is None or not is_known(ratio) or not of:
        return DASH
    if of < few:
        return f"{round(float(ratio) * of)} of {of}"
    return f"{percent(ratio)} of {of:,}"


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many letters; what is left out is three dots."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def tied(sentence: str) -> str:
    """Return a sentence of a table whose per cent signs stay in one line with their numbers."""
    return _PERCENT.sub(f"{THIN}%", sentence)


def pieces(name: str) -> list[str]:
    """Return a name cut after its own separators, where it may go on in the next line."""
    return [part for part in re.split(r"(?<=[_./:-])(?=.)", name) if part]


def more(value: Number, units: Number, limit: Number) -> str:
    """Return how much to add to a limit: whole units where they are known, of a share in per cent of what there is."""
    if value is None or not is_known(value):
        return DASH
    if units is not None:
        return plural(round(value), "unit")
    return percent(float(value) / float(limit)) if limit and is_share(float(limit)) else amount(value)


def plural(number: int, noun: str, many: str | None = None) -> str:
    """Return `1 day`, `2 days`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def _signed(text: str) -> str:
    return text.replace("-", MINUS) if any(digit in text for digit in "123456789") else text.lstrip("-")
