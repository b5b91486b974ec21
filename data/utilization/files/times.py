"""Times as tools write them, as UTC: ISO 8601, epoch numbers, JavaScript's dates, and what `time_format` describes.

Only what can be read in one way is read: 10/1/2026 is a day of January or of October, PM means nothing to a format that
does not ask for it, and CST is three zones. Such rows say so.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from data.warehouse import literal

OFFSET = r"\s*(Z|z|UTC|GMT|[+-]\d\d(:?\d\d)?)$"
HAS_OFFSET = r"\d:\d\d.*" + OFFSET  # a date alone ends like an offset
NUMBERS = {"INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE"}
FIRST_S, LAST_S = 631_152_000, 10_000_000_000  # 1990 and 2286: no number is a time in two scales
YEARS = range(1990, 2040)  # of which a zone's names of its own hours are known
_PLAIN = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]+\d{1,2}:\d\d(:\d\d([.,]\d+)?)?)?$"
_EITHER_ORDER = r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d\d)([ ,T]|$)"
_ZONE_NAME = r"\d ?[A-Z]{2,5}$"
# Date.toString of ECMA-262 and the date of RFC 1123, which mean the same everywhere.
_JAVASCRIPT = (
    r"^[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})?.*$",
    "%b %d %Y %H:%M:%S %z",
)
_RFC_1123 = (r"^[A-Z][a-z]{2}, (\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d) (?:GMT|UTC)()$", "%d %b %Y %H:%M:%S %z")
_BARE_OFFSET = r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) *([+-]\d\d):?(\d\d)?$"


@dataclass(frozen=True)
class Stamp:
    """The SQL of a row's time: `utc` where the row says its offset, or where no zone is declared; else `local`."""

    utc: str
    local: str | None = None


def read_stamp(
    column: str,
    kind: str,
    *,
    timezone: str | None,
    is_offset_ignored: bool,
    time_format: tuple[str, ...] = (),
) -> Stamp:
    """Return how the time of a column of a DuckDB type is read."""
    if kind in NUMBERS:
        return Stamp(_of_epoch(column))
    if kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind:
        return Stamp("null::timestamp", f"{column}::timestamp") if timezone else Stamp(f"{column}::timestamp")
    if time_format:
        return _formatted(column, time_format, timezone, is_offset_ignored=is_offset_ignored)
    if kind != "VARCHAR":  # a time with its zone, a date, a decimal
        text = f"{column}::varchar"
        known = f"coalesce(try_cast({column} as timestamptz) at time zone 'UTC', {_of_epoch(column)})"
    else:
        text = column
        known = f"coalesce({_of_iso(text)}, {_of_epoch(column)}, {_of_words(text)})"
    if not timezone:
        return Stamp(known)
    tidy = f"trim({text})"
    has_offset = f"regexp_matches({tidy}, {literal(HAS_OFFSET)})"
    if is_offset_ignored:
        tidy = f"case when {has_offset} then regexp_replace({tidy}, {literal(OFFSET)}, '') else {tidy} end"
        has_offset = "false"
    is_plain = f"not {has_offset} and regexp_matches({tidy}, {literal(_PLAIN)})"
    local = f"case when {is_plain} then try_cast({tidy} as timestamp) end"
    other = _of_epoch(column)
    if not is_offset_ignored:
        other = f"coalesce({other}, {_of_words(text)}, {_of_abbreviation(tidy, timezone)})"
    return Stamp(f"case when {has_offset} then {known} else {other} end", local)


def why_unread(text: str) -> str:
    """Return the SQL of the reason why the time of a text could not be read; null where it is just no time."""
    tidy = f"trim({text})"
    return (
        f"case when regexp_matches({tidy}, {literal(_EITHER_ORDER)}) "
        "then 'day or month first? say time_format' "
        f"when regexp_matches({tidy}, {literal(_ZONE_NAME)}) and not regexp_matches({tidy}, '[AP]M$') "
        "then 'the name of its zone has several meanings: say timezone' "
        f"when regexp_matches({tidy}, '(?i)[ap]\\.?m\\.?$') then 'AM and PM: say time_format' end"
    )


def _formatted(column: str, time_format: tuple[str, ...], timezone: str | None, *, is_offset_ignored: bool) -> Stamp:
    """Return how a time in one of some formats of strptime is read; those with %z say their offset."""
    spaces = "translate(" + f"trim({column}::varchar)" + ", '\u202f\u00a0', '  ')"  # Chromium writes one before AM
    says_offset = [form for form in time_format if "%z" in form]
    says_none = [form for form in time_format if "%z" not in form]
    utc = [f"try_strptime({spaces}, {literal(form)}) at time zone 'UTC'" for form in says_offset]
    local = [f"try_strptime({spaces}, {literal(form)})" for form in says_none]
    if is_offset_ignored:
        local += [f"try_strptime({spaces}, {literal(form)}) at time zone 'UTC'" for form in says_offset]
    else:
        local = local or ["null::timestamp"]
    utc = utc or ["null::timestamp"]
    if not timezone:
        return Stamp(f"coalesce({', '.join([*utc, *local])})")
    return Stamp(f"coalesce({', '.join(utc)}, null)", f"coalesce({', '.join(local)}, null)")


def _of_iso(text: str) -> str:
    """Return the time of a text that DuckDB reads, but for a zone by a name that several zones have."""
    is_told = f"suffix({text}, 'Z') or not regexp_matches({text}, '[A-Y]$') or regexp_matches({text}, '(UTC|GMT)$')"
    return f"case when {is_told} then try_cast({text} as timestamptz) end at time zone 'UTC'"


def _of_epoch(column: str) -> str:
    """Return the time that a number is: seconds since 1970, UTC, or thousandths, millionths or billionths of one."""
    number = f"try_cast({column}::varchar as double)"
    scales = " ".join(
        f"when {number} >= {FIRST_S * per_second} and {number} < {LAST_S * per_second} "
        f"then make_timestamp(({number} * 1000000 / {per_second})::bigint)"
        for per_second in (1, 10**3, 10**6, 10**9)
    )
    return f"case {scales} end"


def _of_abbreviation(text: str, timezone: str) -> str:
    """Return the time of a text that ends with one of the names that the declared zone has for its own hours."""
    zone = ZoneInfo(timezone)
    moments = [datetime(year, month, 1, tzinfo=zone) for year in YEARS for month in (1, 7)]
    offsets = {(moment.tzname(), moment.utcoffset()) for moment in moments}
    told_once = Counter(name for name, _ in offsets)
    seconds = {
        name: int(offset.total_seconds())
        for name, offset in sorted(offsets, key=str)
        if name and offset is not None and name.isalpha() and told_once[name] == 1
    }
    if not seconds:
        return "null::timestamp"
    told = f"regexp_extract({text}, ' ?([A-Z]{{2,5}})$', 1)"
    bare = f"try_cast(regexp_replace({text}, ' ?[A-Z]{{2,5}}$', '') as timestamp)"
    cases = " ".join(f"when {literal(name)} then {bare} - to_seconds({seconds[name]})" for name in seconds)
    return f"case {told} {cases} end"


def _of_words(text: str) -> str:
    """Return the time of JavaScript's and RFC 1123's dates, and of an offset that stands apart or has no colon."""
    read = []
    for pattern, form in (_JAVASCRIPT, _RFC_1123):
        parts = f"regexp_extract({text}, {literal(pattern)}, ['moment', 'offset'])"
        offset = f"coalesce(nullif({parts}.offset, ''), '+0000')"
        read.append(f"try_strptime({parts}.moment || ' ' || {offset}, {literal(form)}) at time zone 'UTC'")
    bare = f"regexp_replace(trim({text}), {literal(_BARE_OFFSET)}, '\\1\\2:\\3')"
    read.append(f"try_cast(rtrim({bare}, ':') as timestamptz) at time zone 'UTC'")
    return f"case when regexp_matches({text}, '^[A-Z]|[+-]\\d+$') then coalesce({', '.join(read)}) end"
