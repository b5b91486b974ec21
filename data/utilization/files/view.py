"""Files as the temporary view that the store rolls up: what was measured, or what counters and rates counted."""

import re
from collections.abc import Sequence

import duckdb

from data.storage.entry import Entry
from data.storage.locate import Located
from data.storage.unpacked import check_unpacked
from data.utilization.files.declared import DeclaredFiles
from data.utilization.files.scan import Samples, select_samples
from data.utilization.files.series import Warnings
from data.warehouse import identifier, literal, load_sql

OVER_A_GAP = "a counter rose over a gap: not counted"
_ENDING = re.compile(r"(\.csv|\.gz|\.parquet)+$")


def make_view(  # noqa: PLR0913 - which files, as what, and how much of them are separate facts
    con: duckdb.DuckDBPyConnection,
    source: DeclaredFiles,
    located: Located,
    entries: Sequence[Entry],
    view: str,
    *,
    most: int | None = None,
) -> Warnings:
    """Make the temporary view `view` of the samples of some of the files, of at most `most` rows of each layout.

    Returns what is odd about them. The variable `window_end` says until when counters are known.
    """
    paths = located.folder.local(entries)
    for path, entry in zip(paths, entries, strict=True):
        check_unpacked(f"{source.name}: {entry.key}", path, source.max_ratio)
    facts = [(str(path), entry.key, *_named(source, entry.key)) for path, entry in zip(paths, entries, strict=True)]
    columns = "path varchar, label varchar, service varchar, metric varchar"
    con.execute(f"create or replace temp table {view}_file ({columns})")
    con.executemany(f"insert into {view}_file values (?, ?, ?, ?)", facts)  # noqa: S608 - our own name
    samples = select_samples(con, source, paths, view, most)
    labels = {path: label for path, label, *_ in facts}
    warnings: Warnings = tuple((labels.get(path, path), reason, example) for path, reason, example in samples.warnings)
    if not set(source.shapes.values()) & {"counter", "rate"}:
        _keep_gauges(con, samples, view)
        return warnings
    return warnings + _count(con, source, samples.query, view)


def _keep_gauges(con: duckdb.DuckDBPyConnection, samples: Samples, view: str) -> None:
    """Make the view of samples as they are: of texts once and for all, since they are read several times."""
    query = f"select * exclude (series) from ({samples.query})"  # noqa: S608 - quoted names
    if samples.is_text:
        con.execute(f"create or replace temp view parsed_sample as {query}")
        con.execute(f"create or replace temp table {view}_parsed as {load_sql('utilization/parsed')}")
        con.execute(f"drop table {view}_csv")
        query = f"from {view}_parsed"
    con.execute(f"create or replace temp view {view} as {query}")


def _count(con: duckdb.DuckDBPyConnection, source: DeclaredFiles, query: str, view: str) -> Warnings:
    """Make the view of what counters rose by and rates add up to, beside the gauges as they are."""
    con.execute(f"create or replace temp table shaped_row as select *, {_shape(source)} as shape from ({query})")  # noqa: S608 - quoted names
    con.execute("set variable rate_step_s = $step_s", {"step_s": source.step_s})
    for macro in ("counter_rise", "rate_count"):
        con.execute(load_sql(f"utilization/{macro}"))
    con.execute(f"create or replace temp table {view}_shaped as {load_sql('utilization/shaped')}")
    con.execute(f"create or replace temp view {view} as select * exclude (is_gap) from {view}_shaped where not is_gap")  # noqa: S608 - our own name
    con.execute(f"create or replace temp view shaped as from {view}_shaped")
    con.execute("drop table shaped_row")
    gaps = con.execute(load_sql("utilization/counter_gap")).fetchall()
    return tuple((file, OVER_A_GAP, f"{rises} times, such as {example}") for file, rises, example in gaps)


def _shape(source: DeclaredFiles) -> str:
    """Return the SQL of the shape of a row's metric."""
    if isinstance(source.shape, str):
        return literal(source.shape)
    cases = " ".join(f"when {literal(metric)} then {literal(shape)}" for metric, shape in source.shapes.items())
    return f"case {identifier('metric')} {cases} else 'gauge' end"


def _named(source: DeclaredFiles, key: str) -> tuple[str | None, str | None]:
    """Return the service and the metric that a path says; None where it does not."""
    match = re.search(source.filename_pattern, _ENDING.sub("", key)) if source.filename_pattern else None
    groups = match.groupdict() if match else {}
    return groups.get("service"), groups.get("metric")
