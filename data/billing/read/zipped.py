"""A folder whose zip files are read as the csv that each holds; unpacked into the cache, never beside the original."""

import os
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import BrokenDelivery
from data.storage.cache import fingerprint
from data.storage.entry import Entry
from data.storage.folder import Folder
from data.storage.unpacked import check_ratio


@dataclass(frozen=True)
class Zipped:
    """`inner` with local copies of what its zip files hold."""

    source: str
    inner: Folder
    cache: Path
    max_ratio: int

    @property
    def where(self) -> str:
        """Return the address."""
        return self.inner.where

    def folders(self) -> set[str]:
        """Return the names of the folders directly in it."""
        return self.inner.folders()

    def entries(self, below: str = "", *, is_deep: bool = True) -> list[Entry]:
        """Return the files below it, by key."""
        return self.inner.entries(below, is_deep=is_deep)

    def read(self, entry: Entry) -> bytes:
        """Return the content of a small file."""
        return self.inner.read(entry)

    def local(self, entries: Sequence[Entry]) -> list[Path]:
        """Return local paths: of a zip file the csv that it holds."""
        return [
            self._unzipped(entry, file) if file.suffix.lower() == ".zip" else file
            for entry, file in zip(entries, self.inner.local(entries), strict=True)
        ]

    def _unzipped(self, entry: Entry, file: Path) -> Path:
        where = f"{self.source}: {self.where}/{entry.key}"
        known = fingerprint(self.where, entry.key, entry.tag, entry.size)
        target = self.cache / "unzipped" / known / f"{file.stem}.csv"
        if target.is_file():
            os.utime(target)  # what was used longest ago leaves the cache first
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        try:
            with zipfile.ZipFile(file) as packed:
                names = [
                    member
                    for member in packed.infolist()
                    # macOS packs a shadow of each file too.
                    if member.filename.lower().endswith(".csv") and not member.filename.startswith("__MACOSX/")
                ]
                if len(names) != 1:
                    raise BrokenDelivery(f"{where}: holds {len(names)} csv files, want 1; copy it again")
                check_ratio(where, names[0].compress_size, names[0].file_size, self.max_ratio)
                with packed.open(names[0]) as content, part.open("wb") as copy:
                    shutil.copyfileobj(content, copy, 1 << 20)
        except (zipfile.BadZipFile, EOFError) as error:
            raise BrokenDelivery(f"{where}: is not zip or is cut short ({error}); copy it again") from error
        part.replace(target)
        return target
