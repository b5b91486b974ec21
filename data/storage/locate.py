"""What a `uri` of a configuration names: a folder of this machine or a bucket's prefix, and which of its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wcmatch import glob

from data.errors import NoData
from data.storage.aws import AwsAccess
from data.storage.bucket import Bucket
from data.storage.entry import Entry
from data.storage.folder import Folder, LocalFolder

S3 = "s3://"
FILE_SUFFIXES = {".csv", ".gz", ".parquet", ".zip", ".json", ".jsonl", ".ndjson"}
_GLOB = "*?["


@dataclass(frozen=True)
class Located:
    """What a `uri` names: a folder, or the files of a folder whose key matches `pattern`."""

    folder: Folder
    pattern: str | None

    def files(self, endings: Sequence[str]) -> list[Entry]:
        """Return the files that are meant: directly in the folder, or matching; by key."""
        pattern = self.pattern
        if pattern is None:
            meant = self.folder.entries(is_deep=False)
        elif not _is_glob(pattern):
            meant = [entry for entry in self.folder.entries(pattern) if entry.key == pattern]
        else:
            every = self.folder.entries(is_deep="/" in pattern or "**" in pattern)
            meant = [entry for entry in every if glob.globmatch(entry.key, pattern, flags=glob.GLOBSTAR | glob.DOTGLOB)]
        return [entry for entry in meant if entry.key.lower().endswith(tuple(endings))]


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
    if path.is_file():
        name = glob.escape(path.name) if _is_glob(path.name) else path.name
        return Located(LocalFolder(path.parent, is_named=True), name)
    if path.is_dir() or not _is_glob(uri):
        return Located(LocalFolder(path), None)
    there = next(folder for folder in (path, *path.parents) if folder.is_dir())  # its own name may look like a pattern
    prefix, pattern = _split(str(path.relative_to(there)), is_file=False)
    return Located(LocalFolder(there / prefix), pattern)


def below(root: Path, uri: str) -> str:
    """Return a uri of a configuration: an address in a bucket as it is, a path below `root`."""
    return uri if uri.startswith(S3) else str(root / uri)


def _is_glob(text: str) -> bool:
    return any(character in text for character in _GLOB)


def _split(path: str, *, is_file: bool) -> tuple[str, str | None]:
    """Return the part of a path before its first pattern, ending in `/`, and the rest."""
    first = min((path.index(character) for character in _GLOB if character in path), default=None)
    if first is None and not is_file:
        return (path.rstrip("/") + "/" if path else ""), None
    cut = path.rfind("/", 0, first if first is not None else len(path)) + 1
    return path[:cut], path[cut:]
