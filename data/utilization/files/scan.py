"""The query that turns files as they are into samples: which columns, whose times, and what cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from data.errors import BrokenDelivery, SchemaMismatch
from data.utilization.files.csv_lines import FILE, MORE, PROBLEM, load_lines
from data.utilization.files.declared import DeclaredFiles
from data.utilization.files.layout import Layout, read_layout
from data.utilization.files.local_time import to_utc
from data.utilization.files.numbers import DOUBTFUL, known_units, possible_formats, to_double, unit_of
from data.utilization.files.series import SERIES, VALUE, Relation, Warnings, name_series, stand_up
from data.utilization.files.times import read_stamp, why_unread
from data.utilization.patterns import named_groups
from data.warehouse import first_line, identifier, literal

Ours = Literal["service", "metric", "timestamp", "value", "limit", "series", "time_of_day"]
PROPOSE = "plimsoll doctor --file shows how to read it"
ODD_MAX = 1000  # texts that are no plain number are looked at, to tell their units and commas


@dataclass(frozen=True)
class Samples:
    """The query of `raw_sample` and the series a row is of; what is odd about the files: path, reason, example."""

    query: str
    warnings: Warnings = ()
    is_text: bool = False  # where any of it is csv


def select_samples(
    con: duckdb.DuckDBPyConnection, source: DeclaredFiles, paths: Sequence[Path], view: str, most: int | None = None
) -> Samples:
    """Return the query of `raw_sample` over files; the table `<view>_file` says what their paths say.

    Csv is read here, into the temporary table `<view>_csv`; parquet is read where the query runs. `most` is how many
    rows are enough. Raises SchemaMismatch where a column is missing or a text could be two numbers, BrokenDelivery
    where a file cannot be read at all.
    """
    relations = [_csv(con, source, paths, view, most), _parquet(con, source, paths, most)]
    selects: list[str] = []
    warnings: Warnings = ()
    for relation in (one for one in relations if one):
        if source.is_wide:
            relation, odd = stand_up(source, relation)  # noqa: PLW2901 - the same, stood up
            warnings += odd
        selects.append(_select(con, source, relation, view))
    return Samples(
        " union all by name ".join(selects) or f"select {_EMPTY} limit 0", warnings, is_text=relations[0] is not None
    )


def _csv(
    con: duckdb.DuckDBPyConnection, source: DeclaredFiles, paths: Sequence[Path], view: str, most: int | None
) -> Relation | None:
    layouts: dict[Path, Layout] = {}
    for path in paths:
        if path.name.lower().endswith(".parquet"):
            continue
        layout = read_layout(
            source.name, path, source.columns.timestamp, is_wide=source.is_wide, names_row=source.names_row
        )
        if layout:
            layouts[path] = layout
    columns = dict.fromkeys(load_lines(con, source.name, layouts, f"{view}_csv", most), "VARCHAR")
    titles = {name: title for one in layouts.values() for name, title in zip(one.names, one.titles, strict=True)}
    query = f"(select *, rowid as row_number from {view}_csv)"  # noqa: S608 - our own name
    return Relation("csv", query, columns, tuple(layouts), titles) if layouts else None


def _parquet(
    con: duckdb.DuckDBPyConnection, source: DeclaredFiles, paths: Sequence[Path], most: int | None
) -> Relation | None:
    parquet = [path for path in paths if path.name.lower().endswith(".parquet")]
    if not parquet:
        return None
    listed = "[" + ", ".join(literal(str(path)) for path in parquet) + "]"
    scan = f"read_parquet({listed}, union_by_name = true, filename = {literal(FILE)}, file_row_number = true)"
    try:
        columns = {row[0]: row[1] for row in con.execute(f"describe from {scan}").fetchall()}
    except duckdb.Error as error:
        raise BrokenDelivery(
            f"{source.name}: {parquet[0]}{' and others' if parquet[1:] else ''}: {first_line(error)}; "
            "replace the file or take it away"
        ) from error
    query = (
        f"(select *, file_row_number as row_number, null::varchar as {identifier(PROBLEM)}, "  # noqa: S608 - quoted names
        f"null::varchar as {identifier(MORE)} from {scan}{f' limit {most}' if most else ''})"
    )
    own = {name: kind for name, kind in columns.items() if name not in {FILE, "file_row_number"}}
    return Relation("parquet", query, own, tuple(parquet), {name: name for name in own})


def _select(con: duckdb.DuckDBPyConnection, source: DeclaredFiles, relation: Relation, view: str) -> str:
    columns = relation.columns
    stamp, stamp_kind = _stamp(source, relation)
    value = f"r.{identifier(VALUE)}" if source.is_wide else _column(source, "value", relation)
    value_kind = columns[VALUE] if source.is_wide else columns[source.columns.value]
    limit = f"try_cast({_column(source, 'limit', relation)} as double)" if source.columns.limit else "null::double"
    series = f"r.{identifier(SERIES)}" if source.is_wide else "null::varchar"
    if source.columns.series:
        series = f"{_column(source, 'series', relation)}::varchar"
    files = f"{relation.query} r join {view}_file f on f.path = r.{identifier(FILE)}"
    if len(relation.paths) == 1:  # a join of millions of rows with one is not free
        files = f"{relation.query} r, (from {view}_file where path = {literal(str(relation.paths[0]))}) f"
    if source.series_pattern:
        names = name_series(con, source, relation, f"{view}_{relation.kind}_series")
        files += f" left join {names} n on n.series = {series}"
    fields = f"""f.label as file,
        {_label(source, "service", relation)} as service,
        {_label(source, "metric", relation)} as metric,
        {series} as series,
        {_text(stamp, stamp_kind)} as stamp_text,
        {_text(value, value_kind)} as value_text,
        {_number(con, source, relation, value, value_kind)} as value,
        {identifier(PROBLEM)} as problem,
        {limit} as limit_value"""
    read = read_stamp(
        stamp,
        stamp_kind,
        timezone=source.timezone,
        is_offset_ignored=source.is_offset_ignored,
        time_format=source.time_formats,
    )
    if source.timezone and read.local:
        rows = f"select {fields}, row_number, {read.utc} as offset_stamp, {read.local} as local_stamp from {files}"  # noqa: S608 - quoted names
        query = to_utc(rows, source.timezone)
    else:
        query = f"select {fields}, {read.utc} as stamp from {files}"  # noqa: S608 - quoted names
    if stamp_kind != "VARCHAR" or source.time_formats:
        return query
    why = f"case when stamp is null or stamp < timestamp '1990-01-01' then {why_unread('stamp_text')} end"
    return f"select * replace (coalesce(problem, {why}) as problem) from ({query})"  # noqa: S608 - quoted names


def _stamp(source: DeclaredFiles, relation: Relation) -> tuple[str, str]:
    """Return the SQL of a row's time as it is written, and its type."""
    stamp = _column(source, "timestamp", relation)
    if not source.columns.time_of_day:
        return stamp, relation.columns[source.columns.timestamp]
    clock = _column(source, "time_of_day", relation)
    return f"nullif(concat_ws(' ', {stamp}::varchar, {clock}::varchar), '')", "VARCHAR"


def _number(con: duckdb.DuckDBPyConnection, source: DeclaredFiles, relation: Relation, value: str, kind: str) -> str:
    """Return the SQL of a value as a number; raises SchemaMismatch where its texts could be two."""
    plain = f"try_cast({value} as double)"
    if kind != "VARCHAR":
        return plain
    odd = (
        f"from {relation.query} r where {identifier(PROBLEM)} is null "
        f"and {value} is not null and trim({value}) <> '' and {plain} is null"
    )
    if source.number_format is None and not con.execute(f"select 1 {odd} limit 1").fetchall():
        return plain  # DuckDB would look for units in every row, even where it takes the first of a coalesce
    units = f"select distinct {unit_of(value, source.number_format)} {odd} limit {ODD_MAX}"
    known, problem = known_units((unit for (unit,) in con.execute(units).fetchall()), source.unit)
    if problem:
        raise SchemaMismatch(f'{source.name}: {relation.paths[0]}: {problem}; set unit = "...", or load them apart')
    if source.number_format is None:
        is_doubtful = f"regexp_matches(trim({value}), {literal(DOUBTFUL)})"
        doubtful = f"select distinct {value} {odd} and {is_doubtful} limit {ODD_MAX}"
        texts = sorted(text for (text,) in con.execute(doubtful).fetchall())
        formats = possible_formats(texts)
        if texts and formats:
            lines = " or ".join(f'number_format = "{one}"' for one in formats)
            raise SchemaMismatch(
                f"{source.name}: {relation.paths[0]}: a comma in {texts[0]!r} is of thousands or of decimals; "
                f"set {lines}"
            )
    return to_double(value, source.number_format, known, source.unit)


def _label(source: DeclaredFiles, ours: Literal["service", "metric"], relation: Relation) -> str:
    constant = source.service if ours == "service" else source.metric
    if constant is not None:
        return literal(constant)
    groups = [
        alias
        for alias, pattern in (("n", source.series_pattern), ("f", source.filename_pattern))
        if pattern and ours in named_groups(pattern)
    ]
    if groups:
        return f"{groups[0]}.{ours}"
    if source.is_wide and getattr(source.columns, ours) not in relation.columns:
        raise SchemaMismatch(
            f"{source.name}: {relation.paths[0]}: nothing says the {ours} of a column; "
            f'set {ours} = "..." or a group (?P<{ours}>...) in series_pattern'
        )
    return f"nullif(trim({_column(source, ours, relation)}::varchar), '')"


def _column(source: DeclaredFiles, ours: Ours, relation: Relation) -> str:
    theirs: str = getattr(source.columns, ours)
    if theirs not in relation.columns:
        present = ", ".join(relation.columns)
        advice = f' or {ours} = "..."' if ours in {"service", "metric"} else ""
        raise SchemaMismatch(
            f"{source.name}: {relation.paths[0]}: column {theirs!r} is missing; found {present}; "
            f'set columns.{ours} = "..."{advice}; {PROPOSE}'
        )
    return f"r.{identifier(theirs)}"


def _text(column: str, kind: str) -> str:
    """Return what was found as text; null for typed values, whose text would cost more than all the rest."""
    if kind == "VARCHAR":
        return f"coalesce({column}, r.{identifier(MORE)})"
    return "null::varchar"


_EMPTY = """null::varchar as file, null::varchar as service, null::varchar as metric, null::varchar as series,
    null::varchar as stamp_text, null::varchar as value_text, null::double as value, null::varchar as problem,
    null::double as limit_value, null::timestamp as stamp"""
