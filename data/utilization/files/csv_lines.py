"""Csv files of load as one temporary table of text: lines that cannot be read are rows with their reason.

A quote that is never closed would swallow the lines after it: a file in which a value runs over a line's end is read
again line by line, its quotes taken off.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from data.errors import BrokenDelivery
from data.warehouse import first_line, identifier, literal

Layout = tuple[str, tuple[str, ...]]  # delimiter, names of the columns
DELIMITERS = ",;\t|"
MORE = "(more)"  # what a line has after its last column
FILE = "(file)"
PROBLEM = "(problem)"
_DAMAGED = "the file is cut short or damaged: copy it again"
_OTHERS = {  # what a file begins with
    b"\xff\xfe": "it is UTF-16: write it as UTF-8",
    b"\xfe\xff": "it is UTF-16: write it as UTF-8",
    b"\x1f\x8b": "it is packed with gzip: let its name end with .csv.gz",
}
_READ = (
    "read_csv({files}, auto_detect = false, header = true, columns = {columns}, delim = {delim}, quote = {quote}, "
    "escape = {quote}, filename = '" + FILE + "', null_padding = true, strict_mode = false, store_rejects = true, "
    "rejects_table = 'csv_reject', rejects_scan = 'csv_scan')"
)


def load_lines(con: duckdb.DuckDBPyConnection, source: str, files: Sequence[Path], table: str) -> list[str]:
    """Make the temporary table `table` in the files' order; return its columns, besides (file) and (problem).

    Raises BrokenDelivery where a file is damaged as a whole.
    """
    layouts: dict[Layout, list[Path]] = defaultdict(list)
    for file in files:
        if found := _layout(source, file):
            layouts[found].append(file)
    columns = list(dict.fromkeys(name for _, names in layouts for name in names))
    declared = ", ".join(f"{identifier(name)} varchar" for name in [FILE, PROBLEM, MORE, *columns])
    con.execute(f"create or replace temp table {table} ({declared})")
    for layout, members in layouts.items():
        try:
            _load(con, table, members, layout, quote='"')
        except duckdb.Error:
            swallowed = members
        else:
            swallowed = _swallowed(con, table, members, layout[1])
        for file in swallowed:
            con.execute(f'delete from {table} where "(file)" = $file', {"file": str(file)})  # noqa: S608 - our own name
            try:
                _load(con, table, [file], layout, quote="")
            except duckdb.Error as error:
                raise BrokenDelivery(
                    f"{source}: {file}: {first_line(error)}; the file is cut short or damaged: copy it again, "
                    "or take it away"
                ) from error
    return columns


def _layout(source: str, file: Path) -> Layout | None:
    """Return the delimiter and the names of a file's columns; None where it is empty."""
    try:
        with gzip.open(file, "rb") if file.suffix.lower() == ".gz" else file.open("rb") as content:
            start = content.readline(1 << 20)
        header = start.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError as error:
        advice = next((advice for mark, advice in _OTHERS.items() if start.startswith(mark)), _DAMAGED)
        raise BrokenDelivery(f"{source}: {file}: {error}; {advice}") from error
    except (OSError, EOFError) as error:
        raise BrokenDelivery(f"{source}: {file}: {error}; {_DAMAGED}") from error
    if "\r" in header:
        raise BrokenDelivery(f"{source}: {file}: its lines end with a carriage return alone; write them with a newline")
    if not header.strip():
        return None
    delim = max(DELIMITERS, key=header.count)
    names: list[str] = []
    for name in next(csv.reader([header], delimiter=delim)):
        plain = name.strip() or f"column{len(names)}"
        names.append(plain if plain not in names else f"{plain}_{len(names)}")
    return delim, tuple(names)


def _load(con: duckdb.DuckDBPyConnection, table: str, files: Sequence[Path], layout: Layout, *, quote: str) -> None:
    delim, names = layout
    listed = "[" + ", ".join(literal(str(file)) for file in files) + "]"
    columns = "{" + ", ".join(f"{literal(name)}: 'varchar'" for name in [*names, MORE]) + "}"
    scan = _READ.format(files=listed, columns=columns, delim=literal(delim), quote=literal(quote))
    for name in ("csv_reject", "csv_scan"):
        con.execute(f"drop table if exists {name}")
    taken = ", ".join(
        f"trim({identifier(name)}, ' \"') as {identifier(name)}" if not quote else identifier(name) for name in names
    )
    problem = f"case when {identifier(MORE)} is not null then 'more columns than the header' end"
    con.execute(
        f"insert into {table} by name select {identifier(FILE)}, {problem} as {identifier(PROBLEM)}, "  # noqa: S608 - quoted names
        f"{identifier(MORE)}, {taken} from {scan}"
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
    found = con.execute(f'select distinct "(file)" from {table} where {runs_over}').fetchall()  # noqa: S608 - quoted names
    return [file for file in files if (str(file),) in found]
