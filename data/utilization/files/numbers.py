"""Values as tools format them: thousands and decimal commas, units; what could be two numbers is refused.

A plain number is read by DuckDB and costs nothing more; only what it cannot read is looked at here.
"""

import re
from collections.abc import Iterable
from typing import Literal

from data.warehouse import literal

NumberFormat = Literal["1,234.5", "1.234,5", "1 234,5", "1 234.5", "1'234.5", "1'234,5", "1234,5"]
Unit = Literal["s", "ms", "us", "ns", "min", "h", "B", "kB", "MB", "GB", "KiB", "MiB", "GiB", "bit", "%", "ratio"]

# Dimension -> unit -> how many of the dimension's first unit, which is what is stored. Decimal prefixes are powers of
# 1000 and IEC's (Ki, Mi, ...) of 1024: https://physics.nist.gov/cuu/Units/binary.html
# The short scale is Grafana's (K, Mil, Bil, Tri) and Datadog's (k, M, G, T). `m` (thousandths, minutes or metres) is
# not here on purpose.
_SHORT = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "Mil": 1e6, "G": 1e9, "Bil": 1e9, "T": 1e12, "Tri": 1e12, "P": 1e15}
_PREFIX = {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
_BINARY = {f"{letter}i": 1024.0**power for power, letter in enumerate("KMGTP", 1)}
_DIMENSIONS: dict[str, dict[str, float]] = {
    "count": {unit: scale for unit, scale in _SHORT.items() if unit},
    "time": {
        "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6,
        "ns": 1e-9, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hour": 3600,
        "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
    },
    "bytes": {
        f"{prefix}{unit}": scale for unit in ("B", "Bytes", "bytes") for prefix, scale in (_PREFIX | _BINARY).items()
    },
    "bits": {f"{prefix}{unit}": scale for unit in ("bit", "bits", "b") for prefix, scale in _PREFIX.items()},
    "bytes a second": {
        f"{prefix}{unit}": scale for unit in ("B/s", "Bps") for prefix, scale in (_PREFIX | _BINARY).items()
    },
    "bits a second": {
        f"{prefix}{unit}": scale for unit in ("b/s", "bps", "bit/s") for prefix, scale in _PREFIX.items()
    },
    "hertz": {f"{prefix}Hz": scale for prefix, scale in _PREFIX.items()},
    "percent": {"%": 1, "percent": 1, "ratio": 100},
    "a second": {
        f"{prefix}{gap}{unit}": scale
        for unit in ("req/s", "reqps", "rps", "ops/s", "ops", "cps", "qps", "/s", "rd/s", "wr/s", "hits/s", "msg/s")
        for prefix, scale in _SHORT.items()
        for gap in ({"", " "} if prefix else {""})
    },
}  # fmt: skip
_OF: dict[str, tuple[str, float]] = {
    unit: (dimension, float(scale)) for dimension, units in _DIMENSIONS.items() for unit, scale in units.items()
}
_SEPARATORS: dict[NumberFormat, tuple[str, str]] = {  # of thousands, of decimals
    "1,234.5": (",", "."), "1.234,5": (".", ","), "1 234,5": (" ", ","), "1 234.5": (" ", "."),
    "1'234.5": ("'", "."), "1'234,5": ("'", ","), "1234,5": ("", ","),
}  # fmt: skip
SPACES = "\u00a0\u202f\u2009"  # that do not break, as languages write them between thousands and before units
_MINUS = "\u2212"
_UNIT = r"[A-Za-zµμ%/][A-Za-zµμ%/ ]*"
PLAIN = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
DOUBTFUL = r"^[-+]?\d[\d.]*,[\d.,]*\d(?:\s*" + _UNIT + r")?$"  # RE2: a comma in what else is a number


def to_double(text: str, number_format: NumberFormat | None, units: Iterable[str], unit: Unit | None) -> str:
    """Return the SQL of a text's number, in the first unit of its dimension or in `unit`; null where it is none.

    `units` are those that the texts have: see `known_units`.
    """
    tidy = _tidy(text)
    number = f"regexp_extract({tidy}, {literal('^' + _grouped(number_format))})"
    plain = _plain(number, number_format)
    scales = " ".join(f"when {literal(name)} then {_scale(name, unit)!r}" for name in sorted(units))
    rest = f"trim(substr({tidy}, length({number}) + 1))"
    scale = f"case {rest} when '' then 1.0 {scales} end"
    slow = f"case when {number} <> '' then try_cast({plain} as double) * ({scale}) end"
    return slow if number_format else f"coalesce(try_cast({text} as double), {slow})"


def unit_of(text: str, number_format: NumberFormat | None) -> str:
    """Return the SQL of what follows the number in a text; empty where nothing does, or where there is no number."""
    pattern = f"^{_grouped(number_format)}" + r"\s*(" + _UNIT + ")$"
    return f"trim(regexp_extract({_tidy(text)}, {literal(pattern)}, 1))"


def known_units(names: Iterable[str], unit: Unit | None) -> tuple[list[str], str | None]:
    """Return the units that are known, and why they cannot stand side by side; None where they can."""
    known = sorted({name for name in names if name in _OF})
    if unit is None:
        dimensions = sorted({_OF[name][0] for name in known})
        if len(dimensions) > 1:
            return known, f"units of different things stand in one column ({', '.join(known)})"
        return known, None
    foreign = [name for name in known if _OF[name][0] != _OF[unit][0]]
    return known, f"{foreign[0]!r} cannot be stored in {unit!r}" if foreign else None


def base_unit(units: Iterable[str]) -> str | None:
    """Return the unit in which texts with these are stored; None where they are counts."""
    dimensions = {_OF[name][0] for name in units if name in _OF}
    return {"time": "s", "bytes": "B", "bits": "bit", "percent": "%"}.get(dimensions.pop()) if dimensions else None


def possible_formats(texts: Iterable[str]) -> list[NumberFormat]:
    """Return a format for each way in which every text is a number; none where they are plain, or no numbers."""
    tidy = [re.sub(f"[{SPACES}]", " ", text).replace(_MINUS, "-").strip() for text in texts]
    numbers = [match[0].strip() for text in tidy if (match := re.match(r"[-+]?\d[\d.,' ]*", text))]
    if all(re.fullmatch(PLAIN, number) for number in numbers):
        return []
    read: dict[tuple[float, ...], NumberFormat] = {}
    for known in _SEPARATORS:
        if all(re.fullmatch(_grouped(known), number) for number in numbers):
            read.setdefault(tuple(_read(number, known) for number in numbers), known)
    return list(read.values())


def _read(number: str, number_format: NumberFormat) -> float:
    thousands, decimal = _SEPARATORS[number_format]
    return float(number.replace(thousands, "").replace(decimal, "."))


def _tidy(text: str) -> str:
    return f"trim(replace(translate({text}, {literal(SPACES)}, '   '), {literal(_MINUS)}, '-'))"


def _grouped(number_format: NumberFormat | None) -> str:
    """Return the regular expression of a number: a group that is not one of thousands is not a number."""
    if number_format is None:
        return PLAIN
    thousands, decimal = _SEPARATORS[number_format]
    whole = r"\d+"
    if thousands:  # in India groups of two stand before the last one, of three
        whole = rf"(?:\d{{1,3}}(?:{re.escape(thousands)}\d{{2,3}})*{re.escape(thousands)}\d{{3}}|\d+)"
    return rf"[-+]?{whole}(?:{re.escape(decimal)}\d+)?(?:[eE][-+]?\d+)?"


def _plain(number: str, number_format: NumberFormat | None) -> str:
    if number_format is None:
        return number
    thousands, decimal = _SEPARATORS[number_format]
    bare = f"replace({number}, {literal(thousands)}, '')" if thousands else number
    return f"replace({bare}, ',', '.')" if decimal == "," else bare


def _scale(name: str, unit: Unit | None) -> float:
    return _OF[name][1] / (_OF[unit][1] if unit else 1.0)
