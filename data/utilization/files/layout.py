"""How a csv file is laid out: its delimiter, where its header is, and from which line on it has samples.

Tools write more than a table: Excel's `sep=;`, the chart's title and span before the header (Azure), the labels of each
column under it (CloudWatch, Google Cloud), units. The header is the line that names the column of times; what follows
it without any digit in that column is about the columns, and no sample.
"""

import csv
import gzip
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from data.errors import BrokenDelivery

DELIMITERS = ",;\t|"
LINES_MAX = 100  # the header, and what is about the columns, lie within so many lines
LINE_BYTES_MAX = 1 << 20
DAMAGED = "the file is cut short or damaged: copy it again"
_OTHERS = {  # what a file begins with
    b"\xff\xfe": "it is UTF-16: write it as UTF-8",
    b"\xfe\xff": "it is UTF-16: write it as UTF-8",
    b"\x1f\x8b": "it is packed with gzip: let its name end with .csv.gz",
}
_SEPARATOR = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)
_BRACKETS = {"{": 1, "[": 1, "(": 1, "}": -1, "]": -1, ")": -1}
_NUMBER = re.compile(r"^\s*[-+]?[\d.,]*\d[\d.,]*\s*$")


@dataclass(frozen=True)
class Layout:
    """What DuckDB has to be told; `titles` are the names as they are written, where `names` are each its own."""

    delim: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    skip: int  # lines before the first sample


def read_layout(
    source: str, file: Path, timestamp: str, *, is_wide: bool = False, names_row: str | None = None
) -> Layout | None:
    """Return the layout of a file; None where it is empty. Raises BrokenDelivery where it is not csv in UTF-8.

    `timestamp` names the column of times; `names_row` the row under the header that names the series instead of it.
    """
    lines = first_lines(source, file)
    check_text(source, file, lines[0] if lines else b"")
    text = [line.decode("utf-8", "replace") for line in lines]
    delim, header = find_header(text, {timestamp})
    if header is None:
        return None
    check_text(source, file, lines[header])
    rows = [split(line, delim) for line in text[header + 1 :]]
    titles = joined(split(text[header], delim), max(map(len, rows), default=0))
    place = titles.index(timestamp) if timestamp in titles else None
    labels = count_labels(rows, place, is_wide=is_wide) if place is not None else 0
    for row in rows[:labels]:
        if names_row is not None and place is not None and row[place] == names_row:
            titles = [title if at == place else name for at, (title, name) in enumerate(zip(titles, row, strict=False))]
    names: list[str] = []
    for title in titles:
        plain = title or f"column{len(names)}"
        is_taken = plain.lower() in {name.lower() for name in names}  # DuckDB's names have no case
        names.append(f"{plain} ({len(names) + 1})" if is_taken else plain)
    return Layout(delim, tuple(names), tuple(titles), header + 1 + labels)


def find_header(lines: Sequence[str], times: Collection[str]) -> tuple[str, int | None]:
    """Return the delimiter and which line names a column as one of `times`, else the first that is not blank."""
    stated = next((match[1] for line in lines[:1] if (match := _SEPARATOR.match(line))), None)
    best: tuple[int, int, str] | None = None
    for delim in stated or DELIMITERS:
        for number, line in enumerate(lines):
            cells = split(line, delim) if any(time in line for time in times) else []
            if set(times).intersection(cells) and (best is None or len(cells) > best[0]):
                best = len(cells), number, delim
    if best:
        return best[2], best[1]
    first = next((number for number, line in enumerate(lines) if line.strip() and not (stated and not number)), None)
    return stated or max(DELIMITERS, key=lines[first].count if first is not None else len), first


def count_labels(rows: Sequence[Sequence[str]], place: int, *, is_wide: bool) -> int:
    """Return how many rows under the header are about the columns: no digit where the time would be.

    Where each column is a series such a row says what it is about, and may hold numbers (accounts); in other files,
    and where it does not say it, a row with a number is a sample whose time is missing.
    """
    for number, row in enumerate(rows):
        stamp = row[place] if place < len(row) else ""
        has_numbers = any(_NUMBER.match(cell) for at, cell in enumerate(row) if at != place)
        if re.search(r"\d", stamp) or not any(row) or (has_numbers and not (is_wide and stamp)):
            return number
    return 0  # no time at all: that is for the reader of times to say


def split(line: str, delim: str) -> list[str]:
    """Return the cells of a line; of one that is no csv what stands between its delimiters."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delim), [])]
    except csv.Error:  # a carriage return in it, or a cell of more than 128 KiB
        return [cell.strip() for cell in line.split(delim)]


def joined(cells: list[str], most: int) -> list[str]:
    """Put names together that were cut at a delimiter within brackets, where lines have fewer cells than the header.

    Grafana and others have written `{service="checkout", job="web"}` without quotes around it.
    """
    if not most or len(cells) <= most:
        return cells
    whole: list[str] = []
    depth = 0
    for cell in cells:
        if depth > 0:
            whole[-1] += f",{cell}"
        else:
            whole.append(cell)
        depth = max(0, depth + sum(_BRACKETS.get(letter, 0) for letter in cell))
    return whole if len(whole) == most else cells


def first_lines(source: str, file: Path, count: int = LINES_MAX) -> list[bytes]:
    """Return the first lines of a file, packed or not, without their ends."""
    try:
        with gzip.open(file, "rb") if file.suffix.lower() == ".gz" else file.open("rb") as content:
            lines = [
                line.rstrip(b"\r\n") for line in islice(iter(lambda: content.readline(LINE_BYTES_MAX), b""), count)
            ]
    except (OSError, EOFError) as error:
        raise BrokenDelivery(f"{source}: {file}: {error}; {DAMAGED}") from error
    if lines:
        lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
    return lines


def check_text(source: str, file: Path, line: bytes) -> None:
    """Raise BrokenDelivery where a line is not text in UTF-8."""
    advice = next((advice for mark, advice in _OTHERS.items() if line.startswith(mark)), None)
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        advice = advice or ("write it as UTF-8" if b"\0" not in line else DAMAGED)
        raise BrokenDelivery(f"{source}: {file}: {error}; {advice}") from error
    if "\r" in text:
        raise BrokenDelivery(f"{source}: {file}: its lines end with a carriage return alone; write them with a newline")
