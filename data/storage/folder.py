"""Files that a source names, wherever they are: listed, read, and brought to a local path; a folder or a bucket.

A file is known by its key below the folder, its size and a tag that changes when its content does (ETag in a bucket,
time of change on a disk).
"""

import fnmatch
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.errors import NoData
from data.storage.aws import AwsAccess
from data.storage.bucket import Bucket
from data.storage.entry import Entry

S3 = "s3://"
FILE_SUFFIXES = {".csv", ".gz", ".parquet", ".zip"}
_GLOB = "*?["


class Folder(Protocol):
    """What a local folder and a bucket's prefix both offer; keys are relative to it, with `/`."""

    @property
    def where(self) -> str: ...  # noqa: D102

    def folders(self) -> set[str]:
        """Return the names of the folders directly in it."""
        ...

    def entries(self, below: str = "", *, is_deep: bool = True) -> list[Entry]:
        """Return the files whose key starts with `below`, by key; only those directly in that folder if not deep."""
        ...

    def read(self, entry: Entry) -> bytes:
        """Return the content of a small file."""
        ...

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return local paths of files that are whole and what `entries` says; raises Changed where they are not."""
        ...


@dataclass(frozen=True)
class Located:
    """What a `uri` names: a folder, or the files of a folder whose key matches `pattern`."""

    folder: Folder
    pattern: str | None

    def files(self, endings: Sequence[str]) -> list[Entry]:
        """Return the files that are meant: directly in the folder, or matching; by key."""
        pattern = self.pattern
        if pattern is None:
            found = self.folder.entries(is_deep=False)
        elif not _is_glob(pattern):
            found = [entry for entry in self.folder.entries(pattern) if entry.key == pattern]
        else:
            every = self.folder.entries(is_deep="/" in pattern or "**" in pattern)
            found = [entry for entry in every if _matches(entry.key.split("/"), pattern.split("/"))]
        return [entry for entry in found if entry.key.lower().endswith(tuple(endings))]


@dataclass(frozen=True)
class LocalFolder:
    """A folder of this machine."""

    root: Path

    @property
    def where(self) -> str:
        """Return the path."""
        return str(self.root)

    def folders(self) -> set[str]:
        """Return the names of the folders directly in it."""
        return {path.name for path in self.root.iterdir() if path.is_dir()} if self.root.is_dir() else set()

    def entries(self, below: str = "", *, is_deep: bool = True) -> list[Entry]:
        """Return the files below it, by key."""
        start = self.root / below
        if not start.is_dir():
            return [self._entry(start)] if start.is_file() else []
        found = start.rglob("*") if is_deep else start.iterdir()
        return sorted((self._entry(path) for path in found if path.is_file()), key=lambda entry: entry.key)

    def read(self, entry: Entry) -> bytes:
        """Return the content of a file."""
        return (self.root / entry.key).read_bytes()

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return the paths: they are where they are."""
        return [self.root / entry.key for entry in entries]

    def _entry(self, path: Path) -> Entry:
        status = path.stat()
        return Entry(path.relative_to(self.root).as_posix(), status.st_size, str(status.st_mtime_ns))


def locate(source: str, uri: str, aws: AwsAccess, cache: Path) -> Located:
    """Return what `uri` names, a local path or s3://bucket/prefix, with a pattern or without; a file is a pattern."""
    if uri.startswith(S3):
        bucket, _, key = uri.removeprefix(S3).partition("/")
        if not bucket:
            raise NoData(f"{source}: {uri}: names no bucket; want s3://bucket/prefix")
        prefix, pattern = _split(key, is_file=Path(key).suffix in FILE_SUFFIXES)
        client = aws.client("s3")
        return Located(Bucket(source, client, bucket, prefix, aws.object_arguments(), cache), pattern)
    path = Path(uri)
    if _is_glob(uri):
        prefix, pattern = _split(uri, is_file=False)
        return Located(LocalFolder(Path(prefix)), pattern)
    return Located(LocalFolder(path.parent), path.name) if path.is_file() else Located(LocalFolder(path), None)


def below(root: Path, uri: str) -> str:
    """Return a uri of a configuration: an address in a bucket as it is, a path below `root`."""
    return uri if uri.startswith(S3) else str(root / uri)


def fingerprint(*facts: object) -> str:
    """Return a short hash: equal facts, equal hash."""
    return hashlib.blake2b("\0".join(map(str, facts)).encode(), digest_size=16).hexdigest()


def _is_glob(text: str) -> bool:
    return any(character in text for character in _GLOB)


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether a key's parts match a pattern's: `**` stands for any number of them."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatch.fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _split(path: str, *, is_file: bool) -> tuple[str, str | None]:
    """Return the part of a path before its first pattern, ending in `/`, and the rest."""
    first = min((path.index(character) for character in _GLOB if character in path), default=None)
    if first is None and not is_file:
        return (path.rstrip("/") + "/" if path else ""), None
    cut = path.rfind("/", 0, first if first is not None else len(path)) + 1
    return path[:cut], path[cut:]


def trim_cache(cache: Path, limit_bytes: int) -> None:
    """Remove the files of the cache that were used longest ago until it is within `limit_bytes`."""
    if not cache.is_dir():
        return
    files = [(path.stat(), path) for path in cache.rglob("*") if path.is_file()]
    total = sum(status.st_size for status, _ in files)
    for status, path in sorted(files, key=lambda found: found[0].st_mtime_ns):
        if total <= limit_bytes:
            break
        path.unlink(missing_ok=True)
        total -= status.st_size
    for folder in sorted((path for path in cache.rglob("*") if path.is_dir()), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
