"""Empty warehouses with the current schema: one is made a process, the others are copies in a hundredth of the time."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from data.warehouse import migrate, open_warehouse


@cache
def empty_warehouse() -> bytes:
    """Return the content of the file of an empty warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "warehouse.duckdb")
        with open_warehouse(file) as con:
            migrate(con)
        return file.read_bytes()


@contextmanager
def new_warehouse(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Make an empty warehouse at `file` and open it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(empty_warehouse())
    with open_warehouse(file) as con:
        yield con
