"""Whether a file is whole, and text that can be read, before anything is read from it.

https://parquet.apache.org/docs/file-format/ : a parquet file begins and ends with PAR1.
"""

import codecs
import gzip
from io import BufferedReader
from pathlib import Path

from data.errors import BrokenDelivery
from data.storage.unpacked import MAX_RATIO, check_gzip, check_ratio, parquet_bytes

_MAGIC = b"PAR1"


def check_intact(where: str, file: Path, max_ratio: int = MAX_RATIO) -> None:
    """Raise BrokenDelivery where a file has no bytes, is cut short, is not UTF-8, or unpacks beyond `max_ratio`."""
    size = file.stat().st_size
    if size == 0:
        raise BrokenDelivery(f"{where}: has 0 bytes; wait for the next delivery, or copy it again")
    if is_parquet(file):
        _begins_and_ends(where, file, size)
        check_ratio(where, size, parquet_bytes(where, file), max_ratio)
    elif file.suffix.lower() == ".gz":
        check_gzip(where, file, size, max_ratio)
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


def _begins_and_ends(where: str, file: Path, size: int) -> None:
    with file.open("rb") as content:
        head = content.read(len(_MAGIC))
        content.seek(-min(len(_MAGIC), size), 2)
        tail = content.read()
    if head != _MAGIC or tail != _MAGIC:
        what = "is cut short" if head == _MAGIC else "is not parquet"
        raise BrokenDelivery(f"{where}: {what}; copy it again, or wait for the next delivery")


def _is_text(where: str, file: Path) -> None:
    """Raise where a csv says that it is UTF-16, as spreadsheets save it."""
    with opened(file) as content:
        begin = content.read(2)
    if begin in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        raise BrokenDelivery(f"{where}: is UTF-16; save it as UTF-8, or export it again")
