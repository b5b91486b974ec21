"""The query that turns files as they are into samples: which columns, whose times, and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import duckdb

from data.errors import BrokenDelivery, SchemaMismatch
from data.utilization.files.csv_lines import FILE, MORE, PROBLEM, load_lines
from data.utilization.files.local_time import to_utc
from data.warehouse import first_line, identifier, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from data.utilization.files.files import Files

OFFSET = r"\s*(Z|z|UTC|[+-]\d\d(:?\d\d)?)$"
HAS_OFFSET = r"\d:\d\d.*" + OFFSET  # a date alone ends like an offset
NUMBERS = {"INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT", "FLOAT", "DOUBLE"}
FIRST_S, LAST_S = 631_152_000, 10_000_000_000  # 1990 and 2286: no number is a time in two scales
Ours = Literal["service", "metric", "timestamp", "value"]


def select_samples(con: duckdb.DuckDBPyConnection, source: Files, paths: Sequence[Path], view: str) -> str:
    """Return the query of `raw_sample` over files; the table `<view>_file` says what their paths say.

    Csv is read here, into the temporary table `<view>_csv`; parquet is read where the query runs.
    Raises SchemaMismatch where a column is missing, BrokenDelivery where a file cannot be read at all.
    """
    selects = []
    csv = [path for path in paths if not path.name.lower().endswith(".parquet")]
    if csv:
        columns = dict.fromkeys(load_lines(con, source.name, csv, f"{view}_csv"), "VARCHAR")
        relation = f"(select *, rowid as row_number from {view}_csv)"  # noqa: S608 - our own name
        if columns:
            selects.append(_select(source, relation, columns, csv, view))
    parquet = [path for path in paths if path.name.lower().endswith(".parquet")]
    if parquet:
        listed = "[" + ", ".join(literal(str(path)) for path in parquet) + "]"
        scan = f"read_parquet({listed}, union_by_name = true, filename = {literal(FILE)}, file_row_number = true)"
        try:
            columns = {row[0]: row[1] for row in con.execute(f"describe from {scan}").fetchall()}
        except duckdb.Error as error:
            raise BrokenDelivery(
                f"{source.name}: {parquet[0]}{' and others' if parquet[1:] else ''}: {first_line(error)}; "
                "replace the file or take it away"
            ) from error
        relation = (
            f"(select *, file_row_number as row_number, null::varchar as {identifier(PROBLEM)}, "  # noqa: S608 - quoted names
            f"null::varchar as {identifier(MORE)} from {scan})"
        )
        selects.append(_select(source, relation, columns, parquet, view))
    return " union all by name ".join(selects) or f"select {_EMPTY} limit 0"


def _select(source: Files, relation: str, columns: Mapping[str, str], paths: Sequence[Path], view: str) -> str:
    stamp, value = (_column(source, ours, columns, paths) for ours in ("timestamp", "value"))
    limit = source.columns.limit
    if limit and limit not in columns:
        raise SchemaMismatch(_missing(source, "limit", limit, columns, paths))
    kind = columns[source.columns.timestamp]
    is_naive = kind.startswith("TIMESTAMP") and "TIME ZONE" not in kind
    fields = f"""f.label as file,
        {_label(source, "service", columns, paths)} as service,
        {_label(source, "metric", columns, paths)} as metric,
        {_text(stamp, columns[source.columns.timestamp])} as stamp_text,
        {_text(value, columns[source.columns.value])} as value_text,
        try_cast({value} as double) as value,
        {identifier(PROBLEM)} as problem,
        {f"try_cast({identifier(limit)} as double)" if limit else "null::double"} as limit_value"""
    files = f"{relation} r join {view}_file f on f.path = r.{identifier(FILE)}"
    if len(paths) == 1:  # a join of millions of rows with one is not free
        files = f"{relation} r, (from {view}_file where path = {literal(str(paths[0]))}) f"
    with_offset = _of_epoch(stamp)
    if kind not in NUMBERS:
        with_offset = f"coalesce(try_cast({stamp} as timestamptz) at time zone 'UTC', {with_offset})"
    if not source.timezone or kind in NUMBERS:
        utc = f"{stamp}::timestamp" if is_naive else with_offset
        return f"select {fields}, {utc} as stamp from {files}"  # noqa: S608 - quoted names
    text = f"trim({stamp}::varchar)"
    has_offset = "false" if is_naive else f"regexp_matches({text}, {literal(HAS_OFFSET)})"
    if source.is_offset_ignored:
        text = f"case when {has_offset} then regexp_replace({text}, {literal(OFFSET)}, '') else {text} end"
        has_offset = "false"
    return to_utc(
        f"""select {fields}, row_number,
        case when {has_offset} then try_cast({stamp} as timestamptz) at time zone 'UTC'
            {"" if is_naive else f"else {_of_epoch(stamp)}"} end as offset_stamp,
        case when not {has_offset} then try_cast({text} as timestamp) end as local_stamp
        from {files}""",  # noqa: S608 - quoted names
        source.timezone,
    )


def _of_epoch(stamp: str) -> str:
    """Return the time that a number is: seconds since 1970, UTC, or thousandths, millionths or billionths of one."""
    number = f"try_cast({stamp}::varchar as double)"
    scales = " ".join(
        f"when {number} >= {FIRST_S * per_second} and {number} < {LAST_S * per_second} "
        f"then make_timestamp(({number} * 1000000 / {per_second})::bigint)"
        for per_second in (1, 10**3, 10**6, 10**9)
    )
    return f"case {scales} end"


def _label(source: Files, ours: Literal["service", "metric"], columns: Mapping[str, str], paths: Sequence[Path]) -> str:
    constant = source.service if ours == "service" else source.metric
    if constant is not None:
        return literal(constant)
    if source.filename_pattern and f"(?P<{ours}>" in source.filename_pattern:
        return f"f.{ours}"
    return f"nullif(trim({_column(source, ours, columns, paths)}::varchar), '')"


def _column(source: Files, ours: Ours, columns: Mapping[str, str], paths: Sequence[Path]) -> str:
    theirs: str = getattr(source.columns, ours)
    if theirs not in columns:
        raise SchemaMismatch(_missing(source, ours, theirs, columns, paths))
    return f"r.{identifier(theirs)}"


def _text(column: str, kind: str) -> str:
    """Return what was found as text; null for typed values, whose text would cost more than all the rest."""
    if kind == "VARCHAR":
        return f"coalesce({column}, r.{identifier(MORE)})"
    return "null::varchar"


def _missing(source: Files, ours: str, theirs: str, columns: Mapping[str, str], paths: Sequence[Path]) -> str:
    found = ", ".join(name for name in columns if not name.startswith("(") and name != "file_row_number")
    advice = f' or {ours} = "..."' if ours in {"service", "metric"} else ""
    return f'{source.name}: {paths[0]}: column {theirs!r} is missing; found {found}; set columns.{ours} = "..."{advice}'


_EMPTY = """null::varchar as file, null::varchar as service, null::varchar as metric, null::varchar as stamp_text,
    null::varchar as value_text, null::double as value, null::varchar as problem, null::double as limit_value,
    null::timestamp as stamp"""
