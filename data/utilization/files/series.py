"""Which series a row is of: columns that each are one, stood up into rows, and names that a pattern takes apart."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import pandas as pd

from data.errors import SchemaMismatch
from data.utilization.files.csv_lines import FILE, MORE, PROBLEM
from data.utilization.files.declared import DeclaredFiles
from data.warehouse import identifier, literal

SERIES = "(series)"
VALUE = "(value)"
NO_SAMPLE = ("", "null", "undefined", "none", "n/a", "-")  # what stands in a column's cell where it has no sample
Warnings = tuple[tuple[str, str, str | None], ...]  # path or label of a file, reason, example


@dataclass(frozen=True)
class Relation:
    """Files as one relation: its query, the type of each of their columns, and the columns' names as written."""

    kind: Literal["csv", "parquet"]
    query: str
    columns: Mapping[str, str]
    paths: tuple[Path, ...]
    titles: Mapping[str, str]


def stand_up(source: DeclaredFiles, relation: Relation) -> tuple[Relation, Warnings]:
    """Make a row of each value of the columns that `series_pattern` matches; an empty cell is no sample.

    Raises SchemaMismatch where it matches none, or where two columns would be one gauge.
    """
    pattern = re.compile(source.series_pattern or "")
    told = source.label_columns(relation.columns)
    if source.columns.time_of_day:
        told = (*told, source.columns.time_of_day)
    rest = [name for name in relation.columns if name not in {source.columns.timestamp, *told}]
    matched = {name: match for name in rest if (match := pattern.search(relation.titles[name]))}
    if not matched or source.columns.timestamp not in relation.columns:
        raise SchemaMismatch(
            f"{source.name}: {relation.paths[0]}: "
            + (
                f"series_pattern matches none of the columns {', '.join(relation.titles[name] for name in rest)}"
                if source.columns.timestamp in relation.columns
                else f"column {source.columns.timestamp!r} is missing; found {', '.join(rest)}; "
                'set columns.timestamp = "..."'
            )
            + "; plimsoll doctor --file shows how to read it"
        )
    if not source.label_columns(relation.columns):  # else each row says what it is of
        _check_apart(source, relation, matched)
    is_text = any(relation.columns[name] == "VARCHAR" for name in matched)
    kind = "VARCHAR" if is_text else "DOUBLE"
    kept = ", ".join(identifier(name) for name in (source.columns.timestamp, *told))
    own = f"{identifier(FILE)}, {identifier(MORE)}, row_number, {kept}"
    cells = ", ".join(f"{identifier(name)}::{kind} as {identifier(name)}" for name in matched)
    listed = ", ".join(identifier(name) for name in matched)
    value = identifier(VALUE)
    empty = ", ".join(literal(text) for text in NO_SAMPLE)
    is_sample = f"lower(trim({value})) not in ({empty})" if is_text else f"{value} is not null"
    query = (
        f"(select *, null::varchar as {identifier(PROBLEM)} "  # noqa: S608 - quoted names
        f"from (select {own}, {cells} from {relation.query} where {identifier(PROBLEM)} is null) "
        f"unpivot ({value} for {identifier(SERIES)} in ({listed})) where {is_sample} "
        f"union all by name select {own}, {identifier(PROBLEM)} from {relation.query} "
        f"where {identifier(PROBLEM)} is not null)"
    )
    columns = {**relation.columns, SERIES: "VARCHAR", VALUE: kind}
    unmatched = [relation.titles[name] for name in rest if name not in matched and relation.titles[name]]
    warnings: Warnings = ()
    if unmatched:
        reason = "columns that series_pattern does not match are not read"
        warnings = ((str(relation.paths[0]), reason, ", ".join(unmatched)[:200]),)
    return Relation(relation.kind, query, columns, relation.paths, relation.titles), warnings


def name_series(con: duckdb.DuckDBPyConnection, source: DeclaredFiles, relation: Relation, table: str) -> str:
    """Make the temporary table `table`: series, and the service and metric that `series_pattern` finds in it."""
    pattern = re.compile(source.series_pattern or "")
    series: Iterable[str]
    if source.is_wide:
        series = relation.titles
    else:
        column = identifier(source.columns.series or "")
        asked = f"select distinct {column}::varchar from {relation.query} where {column} is not null"  # noqa: S608 - quoted names
        series = [name for (name,) in con.execute(asked).fetchall()]
    rows = []
    for name in sorted(series):
        match = pattern.search(relation.titles[name] if source.is_wide else name)
        groups = {group: (text or "").strip() or None for group, text in match.groupdict().items()} if match else {}
        rows.append((name, groups.get("service"), groups.get("metric")))
    frame = pd.DataFrame(rows, columns=["series", "service", "metric"], dtype="str")
    con.register(f"{table}_named", frame)
    con.execute(f"create or replace temp table {table} as from {table}_named")
    con.unregister(f"{table}_named")
    return table


def _check_apart(source: DeclaredFiles, relation: Relation, matched: Mapping[str, re.Match[str]]) -> None:
    """Raise SchemaMismatch where several columns are one series: gauges cannot be added, and one would hide others."""
    columns: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for name, match in matched.items():
        groups = match.groupdict()
        columns[source.service or groups.get("service"), source.metric or groups.get("metric")].append(
            relation.titles[name]
        )
    for (service, metric), names in columns.items():
        if len(names) > 1 and source.shape_of(metric or source.metric or "") == "gauge":
            raise SchemaMismatch(
                f"{source.name}: {relation.paths[0]}: columns {names[0]!r} and {names[1]!r} are both of {service}"
                f"{f', {metric}' if metric else ''}; let series_pattern tell them apart, "
                'or say shape = "counter" or "rate" where they are to be added'
            )
