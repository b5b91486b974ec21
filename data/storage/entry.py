"""A file as its folder or bucket knows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`key` is below the folder, with `/`; `tag` changes when the content does; `size` is in bytes."""

    key: str
    size: int
    tag: str

    @property
    def name(self) -> str:
        """Return the last part of the key."""
        return self.key.rpartition("/")[2]
