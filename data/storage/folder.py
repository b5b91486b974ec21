"""A folder as its files are listed, read, and brought to a local path; this one is of this machine, see bucket.py.

A file is known by its key below the folder, its size and a tag that changes when its content does (ETag in a bucket,
time of change on a disk).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.errors import InputError
from data.storage.entry import Entry


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
class LocalFolder:
    """A folder of this machine."""

    root: Path
    is_named: bool = False  # the file itself is named in the configuration: it may be a link to anywhere

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
        paths = start.rglob("*") if is_deep else start.iterdir()
        return sorted((self._entry(path) for path in paths if path.is_file()), key=lambda entry: entry.key)

    def read(self, entry: Entry) -> bytes:
        """Return the content of a file."""
        return self._inside(self.root / entry.key).read_bytes()

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return the paths: they are where they are."""
        return [self._inside(self.root / entry.key) for entry in entries]

    def _entry(self, path: Path) -> Entry:
        status = self._inside(path).stat()
        return Entry(path.relative_to(self.root).as_posix(), status.st_size, str(status.st_mtime_ns))

    def _inside(self, path: Path) -> Path:
        """Return a path that stays in the folder; raises InputError where a link or a key leads out of it.

        Who may only drop files into a folder must not be able to have any other file of this machine read.
        """
        target = path.resolve()
        if not self.is_named and not target.is_relative_to(self.root.resolve()):
            raise InputError(
                f"{path}: leads out of {self.root}, to {target}; put the file itself there, or name its own folder"
            )
        return path
