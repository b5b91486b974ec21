"""Damaged files of load against its readers: every one is read with its rows told, or refused in one line.

    python -m tests.chaos.fuzz_load [INPUTS] [FIRST]

Input N is the same on every machine: where one fails, its number is printed, and FIRST begins there.
"""

import gzip
import random
import sys
import tempfile
from contextlib import suppress
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
from tests.data.utilization.layouts import LAYOUTS

KNOWN = Window(datetime(1970, 1, 1), datetime(2026, 11, 20))
MUTATIONS_MAX = 6
PROPOSED_EVERY = 4  # inputs: it tries what it proposes, and takes as long as all else
PIECES = (
    b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=|\n", b"NaN",
    b"-inf", b"1e999", b"99999999999999999999", b"0x10", b"1_000", b"1,234", b"12 ms", b"%", b"\xc2\xa0",
    b"\xe2\x80\xaf",
    b"(file)", b"(value)", b"row_number", b"'; drop table raw_sample; --", b"$window_end", b"{{", b"2026-02-30 00:00",
    b"0000-00-00", b"infinity", b"epoch", b"now", b"10/1/2026", b"Thu Oct 01 2026 25:00:00 GMT+9999", b"GMT+0100 (",
    b"+99:99", b"CST", b"1790812800", b"-1", b"\xf0\x9f\x9a\xa2", b"a" * 5000, b"(" * 200, b"\\", b"{service=",
)  # fmt: skip
SAID = (
    {}, {"timezone": "Europe/Berlin"}, {"timezone": "Asia/Kolkata", "is_offset_ignored": True}, {"shape": "counter"},
    {"shape": "rate"}, {"number_format": "1.234,5"}, {"number_format": "1 234,5"}, {"unit": "ms"}, {"service": "web"},
    {"metric": "cpu"}, {"time_format": "%d/%m/%Y %H:%M"}, {"time_format": ["%Y-%m-%d %H:%M:%S", "%b %d %Y %z"]},
)  # fmt: skip


def make_input(number: int) -> tuple[str, bytes, dict]:
    """Return the name, the content and the rules of an input: a tool's file, damaged a few times."""
    chance = random.Random(number)  # noqa: S311 - the same every time
    layout = chance.choice(list(LAYOUTS.values()))
    content = bytearray(layout.text.encode())
    for _ in range(chance.randint(0, MUTATIONS_MAX)):
        at = chance.randrange(len(content) + 1)
        kind = chance.choice(("insert", "replace", "delete", "flip", "cut", "repeat"))
        if kind == "insert":
            content[at:at] = chance.choice(PIECES)
        elif kind == "replace":
            piece = chance.choice(PIECES)
            content[at : at + len(piece)] = piece
        elif kind == "delete":
            del content[at : at + chance.randint(1, 30)]
        elif kind == "flip" and at < len(content):
            content[at] ^= 1 << chance.randrange(8)
        elif kind == "cut" and chance.random() < 1 / 3:
            del content[at:]
        elif kind == "repeat":
            content[at:at] = content[at : at + 200] * chance.randint(1, 5)
    said = chance.choice((layout.said, layout.said, chance.choice(list(LAYOUTS.values())).said)) | chance.choice(SAID)
    if chance.random() < 1 / 10:
        packed = gzip.compress(bytes(content), mtime=0)
        return "a.csv.gz", packed[: len(packed) if chance.random() < 1 / 2 else chance.randrange(len(packed))], said
    return "a.csv", bytes(content), said


def read_input(con: duckdb.DuckDBPyConnection, folder: Path, number: int) -> str:
    """Read an input as a night does and propose how to; return how it ended. Raises what is not foreseen."""
    name, content, said = make_input(number)
    path = folder / name
    path.write_bytes(content)
    if number % PROPOSED_EVERY == 0:
        with suppress(PlimsollError):
            propose(path)
    try:
        source = Files.model_validate({"kind": "files", "name": "fuzz", "path": str(path)} | said)
    except ValidationError:
        return "no rules"
    try:
        source.read(con, LoadReading(KNOWN, folder))
    except PlimsollError as error:
        check(len(str(error).splitlines()) == 1, number, f"an error of several lines: {error}")
        return "refused"
    con.execute(load_sql("utilization/classified"))
    rows = con.execute("select reason, stamp, value, service, metric from classified('raw_sample')").fetchall()
    for reason, stamp, value, service, metric in rows:
        if reason is None:
            is_usable = stamp is not None and KNOWN.start < stamp < KNOWN.end and abs(value) <= 1e300
            check(is_usable and bool(service and metric), number, f"a row that cannot be used was: {stamp}, {value}")
    check(con.execute("select 42").fetchall() == [(42,)], number, "the connection is broken")
    return "read"


def check(holds: bool, number: int, what: str) -> None:  # noqa: FBT001 - what holds is what it says
    """Raise AssertionError, which names the input, where something does not hold."""
    if not holds:
        raise AssertionError(f"input {number}: {what}")


def run(inputs: int, first: int = 0) -> dict[str, int]:
    """Read so many inputs; return how often each ended how."""
    ends: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set threads = 1")
        for number in range(first, first + inputs):
            try:
                end = read_input(con, Path(folder), number)
            except Exception as error:
                raise AssertionError(f"input {number}: {type(error).__name__}: {error}") from error
            ends[end] = ends.get(end, 0) + 1
            for path in Path(folder).iterdir():
                path.unlink()
    return ends


if __name__ == "__main__":
    asked = [int(text) for text in sys.argv[1:]] or [10_000]
    print(", ".join(f"{count:,} {end}" for end, count in sorted(run(*asked).items())))
