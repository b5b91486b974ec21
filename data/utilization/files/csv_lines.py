"""Csv files of load as one temporary table of text: lines that cannot be read are rows with their reason.

A quote that is never closed would swallow the lines after it: a file in which a value runs over a line's end is read
again line by line, its quotes taken off.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from data.errors import BrokenDelivery
from data.utilization.files.layout import DAMAGED, Layout
from data.warehouse import first_line, identifier, literal

MORE = "(more)"  # what a line has after its last column
FILE = "(file)"
PROBLEM = "(problem)"
_READ = (
    "read_csv({files}, auto_detect = false, header = false, skip = {skip}, columns = {columns}, delim = {delim}, "
    "quote = {quote}, escape = {quote}, filename = '"
    + FILE
    + "', null_padding = true, strict_mode = false, store_rejects = true, "
    "rejects_table = 'csv_reject', rejects_scan = 'csv_scan')"
)


def load_lines(
    con: duckdb.DuckDBPyConnection,
    source: str,
    layouts: Mapping[Path, Layout],
    table: str,
    most: int | None = None,
) -> list[str]:
    """Make the temporary table `table` in the files' order; return its columns, besides (file) and (problem).

    Raises BrokenDelivery where a file is damaged as a whole. `most` is how many lines of each layout are enough.
    """
    alike: dict[Layout, list[Path]] = defaultdict(list)
    for file, layout in layouts.items():
        alike[layout].append(file)
    columns = list(dict.fromkeys(name for layout in alike for name in layout.names))
    declared = ", ".join(f"{identifier(name)} varchar" for name in [FILE, PROBLEM, MORE, *columns])
    con.execute(f"create or replace temp table {table} ({declared})")
    for layout, members in alike.items():
        try:
            _load(con, table, members, layout, quote='"', most=most)
        except duckdb.Error:
            swallowed = members
        else:
            swallowed = _swallowed(con, table, members, layout.names)
        for file in swallowed:
            con.execute(f'delete from {table} where "(file)" = $file', {"file": str(file)})  # noqa: S608 - our own name
            try:
                _load(con, table, [file], layout, quote="", most=most)
            except duckdb.Error as error:
                raise BrokenDelivery(f"{source}: {file}: {first_line(error)}; {DAMAGED}, or take it away") from error
    return columns


def _load(  # noqa: PLR0913 - what is read, how, into what and how much of it are separate facts
    con: duckdb.DuckDBPyConnection,
    table: str,
    files: Sequence[Path],
    layout: Layout,
    *,
    quote: str,
    most: int | None,
) -> None:
    names = layout.names
    listed = "[" + ", ".join(literal(str(file)) for file in files) + "]"
    columns = "{" + ", ".join(f"{literal(name)}: 'varchar'" for name in [*names, MORE]) + "}"
    scan = _READ.format(
        files=listed, columns=columns, skip=layout.skip, delim=literal(layout.delim), quote=literal(quote)
    )
    for name in ("csv_reject", "csv_scan"):
        con.execute(f"drop table if exists {name}")
    taken = ", ".join(
        f"trim({identifier(name)}, ' \"') as {identifier(name)}" if not quote else identifier(name) for name in names
    )
    problem = f"case when {identifier(MORE)} is not null then 'more columns than the header' end"
    con.execute(
        f"insert into {table} by name select {identifier(FILE)}, {problem} as {identifier(PROBLEM)}, "  # noqa: S608 - quoted names
        f"{identifier(MORE)}, {taken} from {scan}{f' limit {most}' if most else ''}"
    )
    if not con.execute("select 1 from duckdb_tables() where table_name = 'csv_reject'").fetchall():
        return  # DuckDB makes it with the first line that it rejects
    con.execute(
        f"insert into {table} by name select any_value(s.file_path) as {identifier(FILE)}, "  # noqa: S608 - our own names
        f"'line cannot be read' as {identifier(PROBLEM)}, any_value(left(r.csv_line, 200)) as {identifier(MORE)} "
        "from csv_reject r join csv_scan s using (scan_id, file_id) group by r.scan_id, r.file_id, r.line"
    )


def _swallowed(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], names: Sequence[str]) -> list[Path]:
    """Return the files in which a value runs over the end of a line."""
    runs_over = " or ".join(f"contains({identifier(name)}, chr(10))" for name in [*names, MORE])
    swallowed = con.execute(f'select distinct "(file)" from {table} where {runs_over}').fetchall()  # noqa: S608 - quoted names
    return [file for file in files if (str(file),) in swallowed]
