"""Whether a file is whole and of a sane size once unpacked, before anything is read from it.

https://parquet.apache.org/docs/file-format/ : a parquet file begins and ends with PAR1. A gzip stream ends with the
checksum and length of its content: https://www.rfc-editor.org/rfc/rfc1952
"""

import zlib
from pathlib import Path

from data.errors import BrokenDelivery

_MAGIC = b"PAR1"
_PIECE_BYTES = 1 << 18
_FREE_BYTES = 64 << 20  # small files may unpack to this much whatever the ratio
MAX_RATIO = 200  # bills pack 10 to 40 times; a gzip stream can reach 1000


def are_intact(where: str, file: Path) -> None:
    """Raise BrokenDelivery where a file has no bytes, is cut short, or unpacks beyond reason."""
    size = file.stat().st_size
    if size == 0:
        raise BrokenDelivery(f"{where}: has 0 bytes; wait for the next delivery, or copy it again")
    if file.suffix == ".parquet":
        _is_parquet(where, file, size)
    elif file.suffix == ".gz":
        _is_gzip(where, file, size)


def _is_parquet(where: str, file: Path, size: int) -> None:
    with file.open("rb") as content:
        head = content.read(len(_MAGIC))
        content.seek(-min(len(_MAGIC), size), 2)
        tail = content.read()
    if head != _MAGIC or tail != _MAGIC:
        what = "is cut short" if head == _MAGIC else "is not parquet"
        raise BrokenDelivery(f"{where}: {what}; copy it again, or wait for the next delivery")


def _is_gzip(where: str, file: Path, size: int) -> None:
    """Unpack a stream of gzip members without keeping it; stops where it grows beyond MAX_RATIO."""
    allowed = max(_FREE_BYTES, size * MAX_RATIO)
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
            if unpacked > allowed:
                raise BrokenDelivery(
                    f"{where}: unpacks to more than {allowed >> 20} MiB from {size} bytes; it is not a bill: "
                    "find out where it comes from"
                )
            if stream.eof:
                waiting = stream.unused_data.lstrip(b"\0") or content.read(_PIECE_BYTES)
                if waiting:
                    stream = zlib.decompressobj(wbits=31)
            else:
                waiting = stream.unconsumed_tail or content.read(_PIECE_BYTES)
    if not stream.eof:
        raise BrokenDelivery(f"{where}: is cut short; copy it again, or wait for the next delivery")
