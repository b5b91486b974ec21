"""Files of load: what monitoring tools export."""

import gzip
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import duckdb
from pydantic import ValidationError

from data.errors import PlimsollError
from data.utilization.files.files import Files
from data.utilization.files.propose import propose
from data.utilization.part import LoadReading
from data.warehouse import load_sql
from data.window import Window
from tests.chaos.fuzz.damage import check_is_one_line, damaged
from tests.data.utilization.layouts import LAYOUTS

KNOWN = Window(datetime(1970, 1, 1), datetime(2026, 11, 20))
PROPOSED = 1 / 4  # of the inputs: it tries what it proposes, and takes as long as all else
SAID = (
    {}, {"timezone": "Europe/Berlin"}, {"timezone": "Asia/Kolkata", "is_offset_ignored": True}, {"shape": "counter"},
    {"shape": "rate"}, {"number_format": "1.234,5"}, {"number_format": "1 234,5"}, {"unit": "ms"}, {"service": "web"},
    {"metric": "cpu"}, {"time_format": "%d/%m/%Y %H:%M"}, {"time_format": ["%Y-%m-%d %H:%M:%S", "%b %d %Y %z"]},
)  # fmt: skip


@contextmanager
def reader(folder: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what makes an input, reads it as a night does, and returns how it ended."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set threads = 1")
        yield lambda chance: _read(con, folder, chance)


def _read(con: duckdb.DuckDBPyConnection, folder: Path, chance: random.Random) -> str:
    path, said = _write(folder, chance)
    if chance.random() < PROPOSED:
        with suppress(PlimsollError):
            propose(path)
    try:
        source = Files.model_validate({"kind": "files", "name": "fuzz", "path": str(path)} | said)
    except ValidationError:
        return "no rules"
    try:
        source.read(con, LoadReading(KNOWN, folder))
    except PlimsollError as error:
        check_is_one_line(error)
        return "refused"
    con.execute(load_sql("utilization/classified"))
    rows = con.execute("select reason, stamp, value, service, metric from classified('raw_sample')").fetchall()
    for reason, stamp, value, service, metric in rows:
        if reason is None:
            is_usable = stamp is not None and KNOWN.start < stamp < KNOWN.end and abs(value) <= 1e300
            assert is_usable, f"a row that cannot be used was: {stamp}, {value}"
            assert service, stamp
            assert metric, stamp
    return "read"


def _write(folder: Path, chance: random.Random) -> tuple[Path, dict[str, object]]:
    """Write a tool's file, damaged; return it and the rules that it is read by."""
    layouts = list(LAYOUTS.values())
    layout = chance.choice(layouts)
    content = damaged(chance, layout.text.encode())
    said = chance.choice((layout.said, layout.said, chance.choice(layouts).said)) | chance.choice(SAID)
    path = folder / "a.csv"
    if chance.random() < 1 / 10:
        path, content = folder / "a.csv.gz", gzip.compress(content, mtime=0)
        content = content[: len(content) if chance.random() < 1 / 2 else chance.randrange(len(content))]
    path.write_bytes(content)
    return path, said
