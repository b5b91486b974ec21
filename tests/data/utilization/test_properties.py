"""What holds for any file of load: reading again, and the order of rows and of files, change nothing."""

import csv
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import BrokenDelivery
from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.utilization.store import load_utilization
from data.window import Window
from tests.warehouses import new_warehouse

START = datetime(2026, 11, 1)
KNOWN = Window(datetime(1970, 1, 1), datetime(2026, 11, 20))
QUICK = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))

row = st.tuples(
    st.sampled_from(["web", "api", ""]),
    st.sampled_from(["cpu", "requests"]),
    st.integers(0, 60 * 5).map(lambda minutes: (START + timedelta(minutes=10 * minutes)).isoformat()),
    st.one_of(
        st.floats(-1e6, 1e6, allow_nan=False).map(repr),
        st.sampled_from(["0.1", "0.2", "0.3", "NaN", "inf", "", "n/a", "1e3"]),
    ),
)
rows = st.lists(row, min_size=1, max_size=60)


def write(file: Path, lines: list[tuple]) -> None:
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("service", "metric", "timestamp", "value"), *lines])


def stored(*nights: list[list[tuple]]) -> tuple[list, list]:
    """The hours and the issues after some nights, each given the rows of its files."""
    with tempfile.TemporaryDirectory() as name, new_warehouse(Path(name, "warehouse.duckdb")) as con:
        folder = Path(name) / "load"
        folder.mkdir()
        for files in nights:
            for number, lines in enumerate(files):
                write(folder / f"{number}.csv", lines)
            source = Files(kind="files", name="metrics", path=folder)
            with suppress(BrokenDelivery):  # most rows may be made to be rejected
                load_utilization(con, source, LoadReading(KNOWN, Path(name)), lambda _event, _keys: None)
        hours = con.execute("from utilization_hour order by all").fetchall()
        issues = con.execute(
            "select reason, sum(rows) from input_issue where severity = 'rejected' group by all order by all"
        )
        return hours, issues.fetchall()


@QUICK
@given(rows)
def test_a_repeated_read_changes_nothing(lines):
    # A changed size makes the second night read the file again: a blank line is nothing to read.
    assert stored([lines], [[*lines, ()]]) == stored([lines])


@QUICK
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert stored([shuffled]) == stored([lines])


@QUICK
@given(st.lists(rows, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_files_changes_nothing(files, random):
    shuffled = list(files)
    random.shuffle(shuffled)
    assert stored(shuffled) == stored(files)


@QUICK
@given(rows)
def test_exact_repeats_count_once(lines):
    assert stored([lines + lines])[0] == stored([lines])[0]


@QUICK
@given(rows, rows)
def test_what_arrives_in_a_second_file_is_as_if_it_had_been_there_from_the_start(first, second):
    assert stored([first], [first, second])[0] == stored([first, second])[0]


@QUICK
@given(rows)
def test_every_row_is_either_counted_or_rejected_with_a_reason(lines):
    hours, issues = stored([lines])
    usable = {
        (service, metric, stamp)
        for service, metric, stamp, value in lines
        if service and value not in {"NaN", "inf", "", "n/a"}
    }
    assert sum(hour[7] for hour in hours) == len(usable)
    assert sum(count for _, count in issues) == sum(
        not service or value in {"NaN", "inf", "", "n/a"} for service, _, _, value in lines
    )
