"""How each kind of cell is said: words for readers, a plain value to sort by and to download.

A kind may name a second column after a colon: `money:currency`, `range:hi80`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup, escape

from dashboards.page import Column
from dashboards.queries import Row, Value
from dashboards.words import wording
from dashboards.words.causes import why
from dashboards.words.models import family, model_words
from dashboards.words.wording import DASH

SHORT = 220  # letters of an example or a message: the snapshot has the rest
MOST_TIMES = 100
LONG = 60  # letters of a name: more are clamped to two lines
GRADES = {"good": "good", "acceptable": "fair"}
STATES = {
    "fresh": "fresh",
    "done": "fresh",
    "good": "fresh",
    "closed": "plain",
    "over": "plain",
    "new level": "plain",
    "muted": "plain",
    "open": "stale",
    "failed": "failed",
    "rejected": "failed",
}
LEVELS = {"over": "over the limit", "late": "act now", "act": "act soon", "unknown": "no date"}
MET = {"met": "fresh", "within": "fresh", "missed": "failed", "passed": "failed", "will be passed": "failed"}
GRAINS = {"h": "hour", "d": "day", "m": "month", "q": "quarter", "y": "year"}

_SPECIAL = re.compile("[&<>'\"]")

Links = Mapping[str, Mapping[str, str]]  # folder of the pages -> name -> file name
Say = Callable[[Value, Row, str], str]  # the value, its row, the name of a second column


def number(value: Value) -> float | Decimal | int | None:
    """Return a number as it is, None for what is none."""
    return value if isinstance(value, int | float | Decimal) and wording.is_known(value) else None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _money(value: Value, row: Row, other: str) -> str:
    text = wording.money(number(value))
    currency = row.get(other or "currency")
    return text if text == DASH or not currency else f"{text} {currency}"


def _signed(say: Say) -> Say:
    """Return a way to say a change: as `say` does, a gain with its sign."""
    return lambda value, row, other: wording.plus(say(value, row, other), number(value))


def _cost(value: Value, _: Row, __: str) -> str:
    """Say money whose currency stands in another column of the row."""
    return wording.money(number(value))


def _units(value: Value, row: Row, _: str) -> str:
    return wording.more(number(value), number(row["units"]), number(row["limit_value"]))


def _since(value: Value, row: Row, _: str) -> str:
    """Say when something of a metric began: a cost has days, load has hours."""
    if wording.currency_of(str(row["metric"])):
        return wording.day(_day(value))
    return wording.moment(value if isinstance(value, datetime) else None)


def _times(value: Value, _: Row, __: str) -> str:
    """Say a ratio; what nothing was expected of is beyond any."""
    known = number(value)
    if known is None:
        return DASH
    return f">{MOST_TIMES}" if known > MOST_TIMES else f"{float(known):.2f}"


def _measured(value: Value, row: Row, _: str) -> str:
    """Say a value of a metric: money for a cost, in per cent for a share, else a quantity."""
    currency = wording.currency_of(str(row["metric"]))
    if currency:
        return _money(value, {"currency": currency}, "")
    if row.get("is_share"):
        return wording.percent(number(value))
    return wording.amount(number(value))


def _range(value: Value, row: Row, other: str) -> str:
    """Say an interval of money from this column to the other."""
    if number(value) is None or number(row[other]) is None:
        return DASH
    return f"{wording.money(number(value))} to {wording.money(number(row[other]))}"


def _price(value: Value, row: Row, other: str) -> str:
    """Say a price, with four digits however small."""
    text = wording.rate(number(value))
    currency = row.get(other or "currency")
    return text if text == DASH or not currency else f"{text} {currency}"


def _prices(value: Value, row: Row, other: str) -> str:
    """Say an interval of prices from this column to the other."""
    if number(value) is None or number(row[other]) is None:
        return DASH
    return f"{wording.rate(number(value))} to {wording.rate(number(row[other]))}"


def _share_of(value: Value, row: Row, other: str) -> str:
    """Say a percentage, or a count where there is too little behind it; the count always beside it."""
    of = int(number(row[other]) or 0)
    return wording.share(number(value), of)


WORDS: Mapping[str, Say] = {
    "money": _money,
    "cost": _cost,
    "units": _units,
    "times": _times,
    "value": _measured,
    "money_change": _signed(_money),
    "cost_change": _signed(_cost),
    "count_change": _signed(lambda value, _, __: wording.count(number(value))),
    # Of a metric; of a share it is in share hours.
    "moved": _signed(lambda value, row, _: _measured(value, {**row, "is_share": False}, "")),
    "range": _range,
    "share": _share_of,
    "amount": lambda value, _, __: wording.amount(number(value)),
    "price": _price,
    "prices": _prices,
    "rate": lambda value, _, __: wording.rate(number(value)),
    "count": lambda value, _, __: wording.count(number(value)),
    "percent": lambda value, _, __: wording.percent(number(value)),
    "percent1": lambda value, _, __: wording.percent(number(value), 1),
    "change": lambda value, _, __: wording.change(number(value)),
    "change1": lambda value, _, __: wording.change(number(value), 1),
    "age": lambda value, _, __: wording.age(number(value)),
    "seconds": lambda value, _, __: wording.seconds(number(value)),
    "days": lambda value, _, __: DASH if number(value) is None else wording.plural(int(number(value) or 0), "day"),
    "horizon": lambda value, _, __: f"to {value}",
    "day": lambda value, _, __: wording.day(_day(value)),
    "month": lambda value, _, __: wording.month(_day(value)),
    "moment": lambda value, _, __: wording.moment(value if isinstance(value, datetime) else None),
    "since": _since,
    "metric": lambda value, _, __: wording.metric(str(value)),
    "grain": lambda value, _, __: GRAINS.get(str(value), str(value)),
    "model": lambda value, _, __: DASH if value is None else model_words(str(value)),
    "family": lambda value, _, __: family(str(value)),
    "why": lambda _, row, __: why(row),
    "sentence": lambda value, _, __: DASH if value is None else wording.tied(str(value)),
    "text": lambda value, _, __: DASH if value is None else str(value),
    "long": lambda value, _, __: DASH if value is None else wording.shorten(str(value), SHORT),
}
# Right-aligned, and sorted by the value itself.
_NUMBERS = (
    "money",
    "cost",
    "units",
    "times",
    "value",
    "moved",
    "money_change",
    "cost_change",
    "count_change",
    "range",
    "share",
    "amount",
    "rate",
    "count",
    "score",
    "price",
    "prices",
)
_RATIOS = ("percent", "percent1", "change", "change1", "age", "seconds", "days", "horizon")
NUMERIC = frozenset((*_NUMBERS, *_RATIOS))
LONG_KINDS = frozenset(("long", "sentence", "code", "why"))
DATED = frozenset(("day", "month", "moment", "since"))


def _tag(classes: str, words: str) -> Markup:
    return Markup(f'<span class="{escape(classes)}">{escape(words)}</span>')  # noqa: S704 - escaped


def _score(value: Value) -> Markup:
    known = number(value)
    if known is None:
        return Markup(f'<span class="none">{DASH}</span>')  # noqa: S704 - our own
    grade, word = ("good", "good") if known <= 0.1 else ("fair", "acceptable") if known <= 0.2 else ("poor", "off")  # noqa: PLR2004 - the target
    return Markup(f'<span class="grade {grade}">{wording.percent(known, 1)} <i>{word}</i></span>')  # noqa: S704 - our own


def _code(value: Value) -> Markup:
    return Markup("<code>{}</code>").format(DASH if value is None else wording.shorten(str(value), SHORT))


def _status(value: Value) -> Markup:
    return _tag(f"grade {GRADES.get(str(value), 'poor')}", str(value))


def _state(value: Value) -> Markup:
    return Markup("") if value is None else _tag(f"state {STATES.get(str(value), 'stale')}", str(value))


def _origin(value: Value) -> Markup:
    return (
        Markup("") if value is None else _tag(f"tag {'backtest' if 'backtest' in str(value) else 'live'}", str(value))
    )


def _spark(value: Value) -> Markup:
    return sparkline(value) if isinstance(value, list) else Markup("")


def _level(value: Value) -> Markup:
    return _tag(f"level {value}", LEVELS.get(str(value), str(value)))


def _met(value: Value) -> Markup:
    return Markup("") if value is None else _tag(f"state {MET.get(str(value), 'stale')}", str(value))


MARKED: Mapping[str, Callable[[Value], Markup]] = {
    "score": _score,
    "code": _code,
    "status": _status,
    "state": _state,
    "origin": _origin,
    "spark": _spark,
    "level": _level,
    "met": _met,
    "budget": _met,
}
LINKED = {"service": "services", "team": "teams"}


def inside(column: Column, row: Row, links: Links, root: str) -> str:
    """Return what stands in a cell, escaped."""
    kind, _, other = column.kind.partition(":")
    value = row[column.name]
    if kind in MARKED:
        return MARKED[kind](value)
    if kind in LINKED:
        return link(str(value), LINKED[kind], links, root) if value is not None else escape(DASH)
    return safe(WORDS[kind](value, row, other))


def safe(text: str) -> str:
    """Return a text escaped; most need not be, and tables have millions."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def link(name: str, folder: str, links: Links, root: str) -> Markup:
    """Return a service or a team with a link to its page, where it has one."""
    if name == "(total)":
        return Markup("whole bill")
    file = links[folder].get(name)
    shown = wrap(name)
    return shown if file is None else Markup('<a href="{}{}/{}.html">{}</a>').format(root, folder, file, shown)


def cell(column: Column, row: Row, links: Links, root: str, *, is_first: bool) -> str:
    """Return a cell as HTML; numbers and dates carry the value that they are sorted by and downloaded as."""
    kind = column.kind.partition(":")[0]
    value = row[column.name]
    has_value = number(value) is not None if kind in NUMERIC else kind in DATED and value is not None
    sorted_by = f' data-v="{safe(plain(value))}"' if has_value else ""
    dressed = ' class="n"' if kind in NUMERIC else ' class="long"' if kind in LONG_KINDS else ""
    words = inside(column, row, links, root)
    return f'<th scope="row"{dressed}{sorted_by}>{words}</th>' if is_first else f"<td{dressed}{sorted_by}>{words}</td>"


def plain(value: Value) -> str:
    """Return a value for machines: decimals without an exponent, days and moments as ISO 8601."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def wrap(name: str) -> Markup:
    """Return a name that breaks after its separators; a very long one is cut to two lines until pointed at."""
    shown = Markup("<wbr>").join(escape(part) for part in wording.pieces(name))
    return shown if len(name) <= LONG else Markup('<span class="clamp" title="{}">{}</span>').format(name, shown)


def sparkline(values: Sequence[float], width: int = 88, height: int = 22) -> Markup:
    """Return a polyline of the values as SVG, from their least upwards; fewer than two are nothing."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup("")
    least = min(values)
    # Not less than a quarter of the largest: noise must not look like a trend.
    span = max(max(values) - least, max(values) / 4) or 1.0
    step = (width - 4) / (len(values) - 1)
    points = " ".join(
        f"{2 + index * step:.0f},{height - 3 - (value - least) / span * (height - 6):.1f}"
        for index, value in enumerate(values)
    )
    end = points.rsplit(" ", 1)[-1].split(",")
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>'
    ).format(width, height, width, height, points, *end)
