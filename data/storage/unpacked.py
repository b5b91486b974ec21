"""How large a file is once unpacked, before anything is read from it: a few bytes can unpack to what fills a machine.

https://parquet.apache.org/docs/file-format/ : a parquet footer says how many values each column has and how large they
are before compression. Encodings make many values of few bytes (a dictionary of one entry, runs), so a value counts 8
bytes at least. A gzip stream ends with the checksum and length of its content: https://www.rfc-editor.org/rfc/rfc1952
"""

import zlib
from pathlib import Path
from typing import Annotated

import pyarrow as pa
from pyarrow import parquet
from pydantic import Field

from data.errors import BrokenDelivery
from data.warehouse import first_line

MaxRatio = Annotated[int, Field(ge=1)]  # of unpacked to packed bytes: what is beyond it is neither a bill nor load
MAX_RATIO = 200  # bills and load pack 5 to 40 times; a gzip stream can reach 1000, parquet millions
_FREE_BYTES = 64 << 20  # small files may unpack to this much whatever the ratio
_PIECE_BYTES = 1 << 18
_VALUE_BYTES = 8


def check_unpacked(where: str, file: Path, max_ratio: int) -> None:
    """Raise BrokenDelivery where a packed file is damaged, or unpacks beyond `max_ratio`; others are what they are."""
    size = file.stat().st_size
    if file.suffix.lower() == ".gz" and size:
        check_gzip(where, file, size, max_ratio)
    elif file.suffix.lower() == ".parquet" and size:
        check_ratio(where, size, parquet_bytes(where, file), max_ratio)


def check_ratio(where: str, packed: int, unpacked: int, max_ratio: int) -> None:
    """Raise BrokenDelivery where so many bytes out of so few are no bill."""
    allowed = _allowed(packed, max_ratio)
    if unpacked > allowed:
        raise BrokenDelivery(
            f"{where}: unpacks to more than {allowed >> 20} MiB from {packed} bytes; that is a bomb: find out where "
            "it comes from, or allow it with `max_ratio`"
        )


def _allowed(packed: int, max_ratio: int) -> int:
    return max(_FREE_BYTES, packed * max_ratio)


def check_gzip(where: str, file: Path, size: int, max_ratio: int) -> None:
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


def parquet_bytes(where: str, file: Path) -> int:
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
