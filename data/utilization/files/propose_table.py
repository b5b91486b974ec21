"""The first rows of a file as a table of texts: where its header is, which column its times, which are numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from data.errors import BrokenDelivery, InputError
from data.utilization.files.layout import DELIMITERS, check_text, first_lines, joined, split
from data.utilization.files.numbers import SPACES
from data.utilization.files.propose_times import is_time
from data.warehouse import literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOOKED_AT = 1000  # rows
FULL_MIN = 0.8  # of a column's texts that are numbers, or times: some rows are damaged
TIME_TITLE = re.compile(
    r"(?i)time|date|zeit|datum|fecha|hora|heure|\bts\b|stamp|label|hour|\bday|\bbin\b|^_?(begin|start)"
)
VALUE = re.compile(
    rf"^\s*[-+\u2212]?[\d.,'{SPACES} ]*\d[\d.,'{SPACES}]*\s*([A-Za-zµμ%/][A-Za-zµμ%/ ]*)?$|^nan$", re.IGNORECASE
)
_NO_VALUE = {"", "null", "undefined", "none", "n/a", "-"}


@dataclass(frozen=True)
class Table:
    """A file's first rows: what stands before the header, the header, what is about the columns, and the samples."""

    before: list[list[str]]
    titles: list[str]
    labels: list[list[str]]
    rows: list[list[str]]
    time: int  # which column is the time

    def column(self, at: int) -> list[str]:
        """Return what a column holds, without its empty cells."""
        return [row[at] for row in self.rows if at < len(row) and row[at].lower() not in _NO_VALUE]

    def is_full(self, at: int) -> bool:
        """Return whether most rows have something in a column."""
        return len(self.column(at)) >= max(1, FULL_MIN * len(self.rows))


def read_table(path: Path) -> Table:
    """Return the table in a csv or parquet file; raises InputError where no column of times can be told."""
    if path.suffix.lower() == ".parquet":
        return _of_parquet(path)
    lines = first_lines("doctor", path, LOOKED_AT)
    check_text("doctor", path, lines[0] if lines else b"")
    text = [line.decode("utf-8", "replace") for line in lines]
    tables = [table for delim in DELIMITERS if (table := _table([split(line, delim) for line in text]))]
    if not tables:
        raise InputError(f"{path}: no column of times and a header above it were found in its first {len(text)} lines")
    return max(tables, key=lambda table: (len(table.titles), len(table.rows)))


def is_clock(table: Table, at: int) -> bool:
    """Return whether a column is the time of day of dates in another."""
    texts = table.column(at)
    clocks = sum(bool(re.fullmatch(r"(?i)\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?", text)) for text in texts)
    return bool(texts) and clocks >= FULL_MIN * len(texts) and not any(":" in text for text in table.column(table.time))


def is_numeric(texts: Sequence[str]) -> bool:
    """Return whether most texts are numbers, with a unit or without."""
    return bool(texts) and sum(bool(VALUE.match(text)) for text in texts) >= FULL_MIN * len(texts)


def is_times(texts: Sequence[str]) -> bool:
    """Return whether most texts could be times."""
    return bool(texts) and sum(is_time(text) for text in texts) >= FULL_MIN * len(texts)


def _table(lines: list[list[str]]) -> Table | None:
    """Return the table in some lines: its time is the first column of which most texts could be times."""
    widths = [len(cells) for cells in lines if len(cells) > 1]
    if not widths:
        return None
    usual = max(set(widths), key=widths.count)
    full = [cells for cells in lines if len(cells) == usual]
    enough = FULL_MIN * (len(full) - 10)
    times = [at for at in range(usual) if (count := sum(is_time(row[at]) for row in full)) and count >= enough]
    if not times:
        return None
    time = max(times, key=lambda at: (len({row[at] for row in full}), -at))  # a span's ends stand beside each time
    first = next(number for number, cells in enumerate(lines) if len(cells) == usual and is_time(cells[time]))
    above = first - 1
    while above > 0 and len(lines[above - 1]) > 1:
        above -= 1
    titled = [
        number
        for number in range(max(above, 0), first)
        if time < len(lines[number]) and _is_title(lines[number][time]) and lines[number][0][:1] != "#"
    ]
    header = titled[0] if titled else first - 1
    if header < 0:
        return None
    rows = [cells for cells in lines[first:] if len(cells) == usual]
    return Table(lines[:header], joined(lines[header], usual), lines[header + 1 : first], rows, time)


def _is_title(text: str) -> bool:
    """Return whether a text could be the name of a column of times; `Start time:` stands before a header."""
    return bool(TIME_TITLE.search(text)) and not text.endswith(":")


def _of_parquet(path: Path) -> Table:
    try:
        with duckdb.connect() as con:
            con.execute("set TimeZone = 'UTC'")
            query = f"select columns(*)::varchar from read_parquet({literal(str(path))}) limit {LOOKED_AT}"  # noqa: S608 - quoted
            result = con.execute(query)
            titles = [column[0] for column in result.description or ()]
            rows = [["" if cell is None else cell for cell in row] for row in result.fetchall()]
    except duckdb.Error as error:
        raise BrokenDelivery(f"{path}: {str(error).splitlines()[0]}; is it parquet, and whole?") from error
    table = _table([titles, *rows])
    if not table:
        raise InputError(f"{path}: no column of times was found among {', '.join(titles)}")
    return table
