"""How the times of a file are written: what has to be said so that they are read, and what the rows cannot tell."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise, product

import duckdb

from data.utilization.files.times import HAS_OFFSET, read_stamp

_DATES = (
    *(f"{first}{sign}{second}{sign}{year}" for sign in "/-." for year in ("%Y", "%y")
      for first, second in (("%m", "%d"), ("%d", "%m"))),
    *(f"%Y{sign}%m{sign}%d" for sign in "/-."), "%Y%m%d",
    "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d %Y", "%a %b %d %Y", "%a, %d %b %Y",
)  # fmt: skip
_JOINTS = (" ", ", ", " @ ", "T")
_CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S.%f %p", "%I:%M:%S %p", "%I:%M %p", "%I %p", "%H", "%H%M%S")
_ENDS = ("", " %z")
FORMATS = (
    *(f"{date}{joint}{clock}{end}" for date, joint, clock, end in product(_DATES, _JOINTS, _CLOCKS, _ENDS)),
    *_DATES,
)
TIMES_MIN = 0.8  # of a column's texts that are times: some rows are damaged, totals stand at the end
ZONES = {  # where most of those who write these names live
    "CET": "Europe/Berlin", "CEST": "Europe/Berlin", "BST": "Europe/London", "EST": "America/New_York",
    "EDT": "America/New_York", "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
    "MDT": "America/Denver", "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
}  # fmt: skip


def is_time(text: str) -> bool:
    """Return whether a text could be a time, without saying which."""
    return bool(
        re.match(r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ,].*)?$|^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)([ ,T].*)?$", text)
        or re.match(r"^([A-Z][a-z]{2},? )?([A-Z][a-z]{2,8} \d{1,2},?|\d{1,2}[ -][A-Z][a-z]{2,8})[ -]\d{2,4}\b", text)
        or re.match(r"^1\d{9}(\.\d+)?$|^1\d{12}(\.\d+)?$|^1\d{15}$|^1\d{18}$", text)
        or re.match(r"^\d{8}(T?\d{4,6}Z?)?$", text)
    )


def propose_times(texts: Sequence[str], title: str) -> list[str]:
    """Return the lines of configuration with which the times are read; those that must be chosen between have a #."""
    tidy = [re.sub("[\u202f\u00a0]", " ", text) for text in texts]
    if _share_read(tidy) >= TIMES_MIN:
        return _zone(tidy, title)
    named = Counter(match[1] for text in tidy if (match := re.search(r"\d ?([A-Z]{3,5})$", text)))
    zone = next((ZONES[name] for name, _ in named.most_common() if name in ZONES), None)
    if zone and _share_read([re.sub(r" ?[A-Z]{3,5}$", "", text) for text in tidy]) >= TIMES_MIN:
        name = named.most_common(1)[0][0]
        return [f'timezone = "{zone}"  # its times say {name}, which several zones do: is it this one?']
    fitting = [form for form in _alike(tidy[0]) if _read(form, tidy[0])]
    fitting = [form for form in fitting if sum(_read(form, text) is not None for text in tidy) >= TIMES_MIN * len(tidy)]
    if not fitting:
        return [f'# time_format = "..."  # of strptime: how is {texts[0]} written?']
    best = _regular(fitting, tidy)
    if len(best) == 1:
        lines = [f'time_format = "{best[0]}"']
        if len(fitting) > 1:
            lines[0] += "  # in the other order of day and month its steps would not be regular"
        return lines + ([] if "%z" in best[0] else _zone(tidy, title))
    told = [f'# time_format = "{form}"  # {tidy[0]} is {datetime.strptime(tidy[0], form):%d %B %Y}' for form in best]  # noqa: DTZ007 - a day, to show
    return ["# The rows fit both orders of day and month. Take the # from the right line:", *told]


def _zone(texts: Sequence[str], title: str) -> list[str]:
    is_told = re.search(r"\b(UTC|GMT)\b", title) or re.match(r"^[\d.]+$", texts[0])
    if is_told or re.search(HAS_OFFSET, texts[0]) or "GMT" in texts[0]:
        return []
    return ['# timezone = "Europe/Berlin"  # its times say no zone and are taken as UTC: whose are they?']


def _share_read(texts: Sequence[str]) -> float:
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        read = read_stamp("text", "VARCHAR", timezone=None, is_offset_ignored=False)
        query = f"select avg(({read.utc} > timestamp '1990-01-01')::int) from (select unnest($texts) as text)"  # noqa: S608 - our own expression
        ((share,),) = con.execute(query, {"texts": list(texts)}).fetchall()
    return float(share or 0)


def _regular(formats: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Return the format in which the rows follow each other in regular steps; all of them where none is better."""
    read: dict[tuple[datetime | None, ...], str] = {}
    for form in formats:  # %b and %B mean the same in May
        read.setdefault(tuple(_read(form, text) for text in texts), form)
    irregular = {form: _irregular([stamp for stamp in stamps if stamp]) for stamps, form in read.items()}
    best, *others = sorted(irregular, key=lambda form: irregular[form])
    if not others or 2 * irregular[best] < irregular[others[0]]:
        return [best]
    return list(read.values())


def _alike(text: str) -> list[str]:
    """Return the formats whose punctuation is that of a text: each that is tried costs a compiled expression."""
    without_offset = re.sub(r"[+-]\d\d:?\d\d(:?\d\d)?$", "", text)
    found = {end: _punctuation(one) for end, one in (("", text), (" %z", without_offset))}
    return [form for form in FORMATS if _punctuation(form) == found[" %z" if form.endswith(" %z") else ""]]


def _punctuation(text: str) -> str:
    return re.sub(r"%[A-Za-z]|[\w\s]", "", text)


def _read(form: str, text: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - to compare
    except ValueError:
        return None


def _irregular(stamps: Sequence[datetime]) -> int:
    """Return how many steps between different times, in the file's order, are not the usual one."""
    steps = Counter(abs((after - before).total_seconds()) for before, after in pairwise(stamps) if after != before)
    return steps.total() - max(steps.values(), default=0)
