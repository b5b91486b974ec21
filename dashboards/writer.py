"""Writing the site: a file that is as it was in the release before is not written again but linked to it."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Writer:
    """Writes files below `folder`; `previous` is the site of the release before, where there is one."""

    folder: Path
    previous: Path | None = None

    def put(self, name: str, content: str | bytes) -> None:
        """Write a file, whatever folder it is in."""
        data = content.encode("utf-8") if isinstance(content, str) else content
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before = self.previous / name if self.previous else None
        if before and self._is_same(before, data):
            file.unlink(missing_ok=True)
            try:
                os.link(before, file)
            except OSError:  # another file system, or one without links
                file.write_bytes(data)
        else:
            file.unlink(missing_ok=True)  # it may be a link to an earlier release's
            file.write_bytes(data)

    @staticmethod
    def _is_same(before: Path, data: bytes) -> bool:
        try:
            return before.stat().st_size == len(data) and before.read_bytes() == data
        except OSError:
            return False
