"""Files as people really write them: what can be read without a doubt is, everything else is told."""

import gzip
import re

import pytest

from data.errors import BrokenDelivery, SchemaMismatch
from data.utilization.files.files import Files

HEADER = "service,metric,timestamp,value\n"
ROW = "web,cpu,2026-11-05T10:00:00Z,1\n"


@pytest.fixture
def read(night, hours, issues, tmp_path):
    """Return a function that writes files, reads them, and gives the hours with their sums, and what was wrong."""

    def read(files: dict[str, str | bytes], *, is_failed: bool = False, **more):
        (tmp_path / "load").mkdir()
        for name, content in files.items():
            (tmp_path / "load" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        source = Files(kind="files", name="metrics", path=tmp_path / "load", **more)
        if is_failed:
            with pytest.raises(BrokenDelivery, match="rows of metrics"):
                night(source)
        else:
            night(source)
        found = {f"{hour:%d %H}": total for _, _, hour, *_, total, _ in hours()}
        return found, {reason: rows for _, _, reason, rows in issues()}

    return read


def test_seconds_and_thousandths_since_1970_are_times_in_any_zone_and_other_digits_are_not(read):
    stamps = (
        "1793872800",
        "1793876400.5",
        "1793880000000",
        "1793883600000000",
        "20261105",
        "20261105100000",
        "0",
        "-1",
    )
    found = read({"a.csv": HEADER + "".join(f"web,cpu,{stamp},1\n" for stamp in stamps)}, timezone="Asia/Kolkata")
    assert found == ({f"05 {hour:02}": 1 for hour in (10, 11, 12, 13)}, {"time cannot be read": 4})


@pytest.mark.parametrize("kind", ["bigint", "double", "decimal(18, 3)"])
def test_numbers_of_parquet_are_times_too(con, read, tmp_path, kind):
    query = f"select 'web' as service, 'cpu' as metric, 1793872800::{kind} as timestamp, 1 as value"
    con.execute(f"copy ({query}) to '{tmp_path}/a.parquet'")
    assert read({"a.parquet": (tmp_path / "a.parquet").read_bytes()}, timezone="Europe/Berlin") == ({"05 10": 1}, {})


def test_dates_that_could_be_of_either_order_are_never_guessed(read):
    stamps = ("11/05/2026 10:00", "13.11.2026 10:00", "05-11-2026 10:00")
    found = read({"a.csv": HEADER + "".join(f"web,cpu,{stamp},1\n" for stamp in stamps)}, is_failed=True)
    assert found == ({}, {"day or month first? say time_format": 3})


def test_a_clock_that_was_not_set_and_values_that_cannot_be_added_are_rejected(read):
    odd = ("1970-01-01,1", "0001-01-01,1", "-infinity,1", "infinity,1", "2026-11-05T10:20:00Z,1e308")
    found = read({"a.csv": HEADER + ROW + "".join(f"web,cpu,{row}\n" for row in odd)}, is_failed=True)
    assert found == (
        {"05 10": 1},
        {"before 1990: a clock that was not set": 3, "at or after as_of": 1, "value is too large to be added": 1},
    )


@pytest.mark.parametrize(
    ("values", "line"),
    [
        (("0,75", "12,5"), 'set number_format = "1.234,5"'),
        (("1,234.5", "12"), 'set number_format = "1,234.5"'),
        (("1,234", "12,345"), 'set number_format = "1,234.5" or number_format = "1.234,5"'),
        (("1.234.567,5",), 'set number_format = "1.234,5"'),
    ],
)
def test_a_comma_that_could_be_of_two_kinds_is_refused_with_the_line_to_write(read, values, line):
    lines = "".join(f"web;cpu;2026-11-05T{hour + 10}:00:00Z;{value}\n" for hour, value in enumerate(values))
    with pytest.raises(SchemaMismatch, match=re.escape(line)):
        read({"a.csv": "service;metric;timestamp;value\n" + lines})


def test_packed_plain_and_loudly_named_files_lie_side_by_side(read):
    lines = [ROW.replace("10:", f"{hour}:") for hour in (10, 11, 12, 13)]
    files = {
        "a.csv": HEADER + lines[0],
        "b.csv.gz": gzip.compress((HEADER + lines[1]).encode()) + gzip.compress(lines[2].encode()),
        "C.CSV.GZ": gzip.compress((HEADER + lines[3]).replace("\n", "\r\n").encode()),
    }
    assert read(files) == ({f"05 {hour}": 1 for hour in (10, 11, 12, 13)}, {})


@pytest.mark.parametrize(
    ("name", "pack", "advice"),
    [
        pytest.param("a.csv", lambda text: text.encode("utf-16"), "it is UTF-16: write it as UTF-8", id="utf-16"),
        pytest.param(
            "a.csv.gz", lambda text: gzip.compress(text.encode("utf-16")), "it is UTF-16: write", id="packed utf-16"
        ),
        pytest.param("a.csv", lambda text: gzip.compress(text.encode()), "let its name end with .csv.gz", id="gzip"),
        pytest.param("a.csv", lambda text: text.replace("\n", "\r"), "write them with a newline", id="old mac"),
    ],
)
def test_a_file_that_is_something_else_says_what_to_do(read, name, pack, advice):
    with pytest.raises(BrokenDelivery, match=advice):
        read({name: pack(HEADER + ROW)})


def test_a_zone_that_moves_its_clocks_by_half_an_hour_has_its_half_hour_twice(read):
    stamps = ("01:00", "01:30", "01:30", "02:00", "02:30")
    lines = "".join(f"web,cpu,2026-04-05 {stamp},{n}\n" for n, stamp in enumerate(stamps, 1))
    assert read({"a.csv": HEADER + lines}, timezone="Australia/Lord_Howe") == ({"04 14": 3, "04 15": 7, "04 16": 5}, {})


def test_a_file_under_a_new_name_and_a_copy_beside_it_change_nothing(read, night, hours, issues, tmp_path):
    found, _ = read({"a.csv": HEADER + ROW})
    source = Files(kind="files", name="metrics", path=tmp_path / "load")
    (tmp_path / "load/a.csv").rename(tmp_path / "load/b.csv")
    night(source)
    (tmp_path / "load/c.csv").write_text(HEADER + ROW)
    assert night(source).rows_duplicate == 1
    assert ([total for *_, total, _ in hours()], issues(), found) == ([1], [], {"05 10": 1})


def test_a_carriage_return_within_a_line_harms_that_line_alone(read):
    found, _ = read({"a.csv": HEADER + ROW + "web,c\rpu,2026-11-05T11:00:00Z,1\n" + ROW.replace("T10", "T12")})
    assert {"05 10", "05 12"} <= set(found)
