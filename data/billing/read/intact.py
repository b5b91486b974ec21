"""Whether a file is whole, text that can be read, and of a sane size once unpacked, before anything is read from it.

https://parquet.apache.org/docs/file-format/ : a parquet file begins and ends with PAR1; its footer says how many values
each column has and how large they are before compression. Encodings make many values of few bytes (a dictionary of one
entry, runs), so a value counts 8 bytes at least. A gzip stream ends with the checksum and length of its content:
https://www.rfc-editor.org/rfc/rfc1952 ; a zip archive's directory says what it unpacks to.
"""

import codecs
import gzip
import zlib
from io import BufferedReader
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pyarrow import parquet
from pydantic import Field

from data.errors import BrokenDelivery
from data.warehouse import first_line

MaxRatio = Annotated[int, Field(ge=1)]  # of unpacked to packed bytes: what is beyond it is no bill
MAX_RATIO = 200  # bills pack 5 to 40 times; a gzip stream can reach 1000, parquet millions
_FREE_BYTES = 64 << 20  # small files may unpack to this much whatever the ratio
_MAGIC = b"PAR1"
_PIECE_BYTES = 1 << 18
_VALUE_BYTES = 8


def check_intact(where: str, file: Path, max_ratio: int = MAX_RATIO) -> None:
    """Raise BrokenDelivery where a file has no bytes, is cut short, is not UTF-8, or unpacks beyond `max_ratio`."""
    size = file.stat().st_size
    if size == 0:
        raise BrokenDelivery(f"{where}: has 0 bytes; wait for the next delivery, or copy it again")
    if is_parquet(file):
        _begins_and_ends(where, file, size)
        check_ratio(where, size, _parquet_bytes(where, file), max_ratio)
    elif file.suffix.lower() == ".gz":
        _is_gzip(where, file, size, max_ratio)
    if not is_parquet(file):
        _is_text(where, file)


def is_parquet(file: Path) -> bool:
    """Tell what a file is by its name; Athena gives the parquet that it writes no ending."""
    return file.suffix.lower() in {".parquet", ""}


def is_json(file: Path) -> bool:
    """Tell what a file is by its name: newline-delimited JSON, an object a line."""
    return file.name.lower().removesuffix(".gz").endswith((".json", ".jsonl", ".ndjson"))


def opened(file: Path) -> gzip.GzipFile | BufferedReader:
    """Return a csv's content, unpacked."""
    return gzip.open(file) if file.suffix.lower() == ".gz" else file.open("rb")


def check_ratio(where: str, packed: int, unpacked: int, max_ratio: int) -> None:
    """Raise BrokenDelivery where so many bytes out of so few are no bill."""
    allowed = _allowed(packed, max_ratio)
    if unpacked > allowed:
        raise BrokenDelivery(
            f"{where}: unpacks to more than {allowed >> 20} MiB from {packed} bytes; it is not a bill: find out where "
            "it comes from, or allow it with `max_ratio`"
        )


def _allowed(packed: int, max_ratio: int) -> int:
    return max(_FREE_BYTES, packed * max_ratio)


def _begins_and_ends(where: str, file: Path, size: int) -> None:
    with file.open("rb") as content:
        head = content.read(len(_MAGIC))
        content.seek(-min(len(_MAGIC), size), 2)
        tail = content.read()
    if head != _MAGIC or tail != _MAGIC:
        what = "is cut short" if head == _MAGIC else "is not parquet"
        raise BrokenDelivery(f"{where}: {what}; copy it again, or wait for the next delivery")


def _parquet_bytes(where: str, file: Path) -> int:
    """Return what a file's columns unpack to, by its footer alone."""
    try:
        footer = parquet.read_metadata(file)
        groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
        columns = [group.column(number) for group in groups for number in range(group.num_columns)]
        return sum(max(column.total_uncompressed_size, column.num_values * _VALUE_BYTES) for column in columns)
    except (pa.ArrowException, OSError) as error:
        raise BrokenDelivery(
            f"{where}: its footer cannot be read ({first_line(error)}); the file is cut short or damaged: copy it again"
        ) from error


def _is_gzip(where: str, file: Path, size: int, max_ratio: int) -> None:
    """Unpack a stream of gzip members without keeping it; stops where it grows beyond what is allowed."""
    unpacked, stream = 0, zlib.decompressobj(wbits=31)
    with file.open("rb") as content:
        waiting = content.read(_PIECE_BYTES)
        while waiting:
            try:
                unpacked += len(stream.decompress(waiting, _PIECE_BYTES * 16))
            except zlib.error as error:
                raise BrokenDelivery(
                    f"{where}: is not gzip or is damaged ({error}); copy it again, or wait for the next delivery"
                ) from error
            check_ratio(where, size, unpacked, max_ratio)
            if stream.eof:
                waiting = stream.unused_data.lstrip(b"\0") or content.read(_PIECE_BYTES)
                if waiting:
                    stream = zlib.decompressobj(wbits=31)
            else:
                waiting = stream.unconsumed_tail or content.read(_PIECE_BYTES)
    if not stream.eof:
        raise BrokenDelivery(f"{where}: is cut short; copy it again, or wait for the next delivery")


def _is_text(where: str, file: Path) -> None:
    """Raise where a csv says that it is UTF-16, as spreadsheets save it."""
    with opened(file) as content:
        begin = content.read(2)
    if begin in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raise BrokenDelivery(f"{where}: is UTF-16; save it as UTF-8, or export it again")
