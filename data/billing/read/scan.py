"""A delivery's files as one relation: the expression that reads them, and the columns it has."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data.billing.deliveries import Delivery
from data.billing.read.intact import check_intact, is_json, is_parquet, opened
from data.errors import BrokenDelivery, SchemaMismatch
from data.storage.unpacked import MAX_RATIO
from data.warehouse import identifier, literal

# DuckDB lets a line have one value too many where that is null: with a comma in an unquoted text all that follows it
# stands one column further. Nothing is null, then, but an empty text as any other.
_CSV = (
    "read_csv({files}, all_varchar = true, header = true, union_by_name = true, delim = {delim}, quote = '\"', "
    "escape = '\"', comment = '', nullstr = '\x01', strict_mode = {strict}, hive_partitioning = false)"
)
_AGAIN = re.compile(r"_\d+$")  # DuckDB makes service_1 of the second `service`
_DELIMITERS = (",", ";", "\t", "|")
_HEADER_BYTES = 1 << 16
_JSON = (  # what is nested stays JSON: its keys may differ in case from line to line
    "read_json({files}, format = 'newline_delimited', union_by_name = true, hive_partitioning = false, "
    "sample_size = -1, maximum_depth = 1, maximum_object_size = 67108864)"
)
_PARQUET = "read_parquet({files}, union_by_name = true, hive_partitioning = false)"
_NAMES = {"csv": _CSV, "JSON": _JSON, "parquet": _PARQUET}


@dataclass(frozen=True)
class Scan:
    """`sql` stands after `from`; `types` are the columns' types by their own spelling; `where` is for errors."""

    sql: str
    types: Mapping[str, str]
    where: str
    parquet: tuple[Path, ...] = ()  # the files, where they are parquet: their footers and dictionaries say much

    def find(self, *names: str, spelt: Callable[[str], str] = str.lower) -> str | None:
        """Return the file's spelling of the first of `names` that it has; names that `spelt` makes equal are one.

        Raises SchemaMismatch where the file has it twice: which of them is meant cannot be known.
        """
        columns: dict[str, list[str]] = defaultdict(list)
        for column in self.types:
            columns[spelt(self.once(column))].append(column)
        spellings: list[str] = next((columns[spelt(name)] for name in names if spelt(name) in columns), [])
        if len(spellings) > 1:
            raise SchemaMismatch(
                f"{self.where}: columns {' and '.join(map(repr, spellings))} are both {names[0]}; leave one of them out"
            )
        return spellings[0] if spellings else None

    def once(self, column: str) -> str:
        """Return a column's name as in the file: DuckDB numbers a name that it has seen before, in whatever case."""
        name = _AGAIN.sub("", column)
        return name if name.lower() in {other.lower() for other in self.types} else column

    def text(self, *names: str) -> str:
        """Return the first of `names` as an expression of type varchar, null where it has none of them."""
        column = self.find(*names)
        if column is None:
            return "null::varchar"
        # Of JSON a text has quotes of its own.
        return f"({identifier(column)} ->> '$')" if self.types[column] == "JSON" else f"{identifier(column)}::varchar"


def scan_files(
    source: str, delivery: Delivery, files: Sequence[Path], delim: str = ",", max_ratio: int = MAX_RATIO
) -> Scan:
    """Describe files of one layout; raises BrokenDelivery where one cannot be read."""
    readers = {_PARQUET if is_parquet(file) else _JSON if is_json(file) else _CSV for file in files}
    if len(readers) > 1:
        mixed = " and ".join(name for name, one in _NAMES.items() if one in readers)
        raise BrokenDelivery(
            f"{source}: {delivery.where}: the delivery mixes {mixed}; it is one or the other: "
            "move the files of one kind elsewhere"
        )
    (reader,) = readers
    for file, entry in zip(files, delivery.files, strict=True):
        check_intact(f"{source}: {delivery.folder.where}/{entry.key}", file, max_ratio)
    listed = "[" + ", ".join(literal(str(file)) for file in files) + "]"
    mark = delim if reader is not _CSV else _separator(files[0], delim)
    # Files put together from others may end lines in two ways, which strict reading refuses; what else it refuses then
    # is looked for here.
    two_ends = [number for number, file in enumerate(files) if reader is _CSV and _mixes_line_ends(file)]
    for number in two_ends:
        _check_even(f"{source}: {delivery.folder.where}/{delivery.files[number].key}", files[number], mark)
    is_strict = not two_ends
    sql = reader.format(files=listed, delim=literal(mark), strict=str(is_strict).lower())
    try:
        with duckdb.connect() as con:
            described = con.execute(f"describe from {sql}").fetchall()
    except duckdb.Error as error:
        raise BrokenDelivery(
            f"{source}: {delivery.where}: {reason(error)}; the file is cut short or is not what its name says: "
            "copy it again"
        ) from error
    parquet = tuple(files) if reader is _PARQUET else ()
    return Scan(sql, {row[0]: row[1] for row in described}, f"{source}: {delivery.where}", parquet)


def _separator(file: Path, wanted: str) -> str:
    """Return `wanted`, or what the first line has in its place: no bill is of one column."""
    with opened(file) as content:
        first = re.split(rb"[\r\n]", content.read(_HEADER_BYTES), maxsplit=1)[0].decode("utf-8", "replace")
    return next((mark for mark in (wanted, *_DELIMITERS) if mark in first), wanted)


def reason(error: duckdb.Error) -> str:
    """Return why DuckDB could not read a file, in one line: of csv it says first where, then what."""
    said = [line.strip() for line in str(error).splitlines() if not line.startswith("Original Line:")]
    return " ".join(said[:2])


def _mixes_line_ends(file: Path) -> bool:
    """Tell whether a file's lines end in CR LF and in LF alone; a line feed within quotes counts too."""
    both = alone = 0
    with opened(file) as content:
        while piece := content.read(1 << 20):
            pairs = piece.count(b"\r\n")
            both += pairs
            alone += piece.count(b"\n") - pairs
    return bool(both and alone)


def _check_even(where: str, file: Path, mark: str) -> None:
    """Raise BrokenDelivery where a line has more or fewer values than others, or quotes within quotes."""
    with opened(file) as content, io.TextIOWrapper(content, "utf-8-sig", "replace", newline="") as text:
        lines = csv.reader(text, delimiter=mark, strict=True)
        width = 0
        try:
            for values in lines:
                width = width or (len(values) if len(values) > 1 else 0)  # after what may stand before the header
                if values and width and len(values) != width:
                    raise BrokenDelivery(
                        f"{where}: line {lines.line_num} has {len(values)} values, others have {width}; "
                        "copy it again, or export it again with texts in quotes"
                    )
        except csv.Error as error:
            raise BrokenDelivery(
                f"{where}: line {lines.line_num}: {error}; copy it again, or export it again with quotes doubled"
            ) from error


def describe(con: duckdb.DuckDBPyConnection, view: str, where: str) -> Scan:
    """Return a view of the connection, named in the code, as a relation with its columns."""
    return Scan(view, {row[0]: row[1] for row in con.execute(f"describe from {view}").fetchall()}, where)
