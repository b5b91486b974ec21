"""Files as tools write them: every sample loads at its hour in UTC, nothing is rejected, labels are no samples."""

from datetime import datetime, timedelta

import pytest

from data.errors import BrokenDelivery, SchemaMismatch
from data.utilization.files.files import Files
from tests.data.utilization.layouts import LAYOUTS

HEADER = "service,metric,timestamp,value\n"


def expected(values: dict, first: str) -> dict:
    start = datetime.fromisoformat(f"{first}:00")
    return {
        (service, start + timedelta(hours=at)): pytest.approx(value, rel=1e-12)
        for service, series in values.items()
        for at, value in enumerate(series)
    }


@pytest.fixture
def load(night, hours, tmp_path):
    """Return a function that loads a file, and gives {(service, hour): sum}; no row may be rejected."""

    def load(text: str, said: dict, name: str = "a.csv", **more):
        (tmp_path / name).write_text(text, encoding="utf-8")
        stored = night(Files(kind="files", name="metrics", path=tmp_path / name, **said), **more)
        assert stored.rows_rejected == 0
        return {(service, hour): total for service, _, hour, *_, total, _ in hours()}

    return load


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_what_a_tool_writes_is_loaded_at_its_hours_in_utc(load, issues, layout):
    assert load(layout.text, layout.said, layout.name) == expected(layout.values, layout.first)
    assert issues() == []


def test_a_wide_parquet_is_stood_up_too(con, night, hours, tmp_path):
    con.execute(
        "copy (select timestamptz '2026-10-01 00:00:00+00' + to_hours(h) as ts, h * 1.5 as checkout, "
        f"case when h > 0 then h end as search from range(3) t(h)) to '{tmp_path}/a.parquet'"
    )
    said = {"columns": {"timestamp": "ts"}, "series_pattern": "(?P<service>.+)", "metric": "cpu"}
    assert night(Files(kind="files", name="metrics", path=tmp_path / "a.parquet", **said)).rows_read == 5
    assert [(service, hour.hour, total) for service, _, hour, *_, total, _ in hours()] == [
        ("checkout", 0, 0.0),
        ("checkout", 1, 1.5),
        ("checkout", 2, 3.0),
        ("search", 1, 1.0),
        ("search", 2, 2.0),
    ]


def test_empty_cells_of_a_column_are_no_samples_and_other_columns_are_told(load, issues):
    text = "Time,checkout,search,note\n2026-10-01 00:00,1,,\n2026-10-01 01:00,null,2,x\n2026-10-01 02:00,-,,\n"
    said = {"columns": {"timestamp": "Time"}, "series_pattern": "(?P<service>checkout|search)", "metric": "cpu"}
    assert {key: value for (key, _), value in load(text, said).items()} == {"checkout": 1, "search": 2}
    assert issues() == [("a.csv", "warning", "columns that series_pattern does not match are not read", 1)]


def test_two_columns_of_one_gauge_are_refused_and_of_one_counter_are_added(load):
    text = "Time,web pod-1,web pod-2\n" + "".join(f"2026-10-01 0{h}:00,{h * 10},{h * 100}\n" for h in range(3))
    said = {"columns": {"timestamp": "Time"}, "series_pattern": r"(?P<service>\w+) pod", "metric": "requests"}
    with pytest.raises(SchemaMismatch, match="'web pod-1' and 'web pod-2' are both of web, requests; let series_patt"):
        load(text, said)
    assert list(load(text, said | {"shape": "counter"}).values()) == [110, 110]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"series_pattern": "(?P<service>app=.+)", "metric": "cpu"}, "series_pattern matches none of the columns a, b"),
        ({"series_pattern": "(?P<service>.+)"}, r"nothing says the metric of a column; set metric = "),
        ({"columns": {"timestamp": "when"}}, r"'when' is missing; found time, a, b; set columns.timestamp = "),
    ],
)
def test_a_wide_file_that_does_not_fit_says_what_to_write(load, said, words):
    with pytest.raises(SchemaMismatch, match=words):
        load("time,a,b\n2026-10-01 00:00,1,2\n", {"columns": {"timestamp": "time"}} | said)


@pytest.mark.parametrize(
    ("stamps", "reason"),
    [
        (("10/1/2026 1:00", "10/2/2026 1:00"), "day or month first? say time_format"),
        (("1-2-26 01:00", "13-2-26 01:00"), "day or month first? say time_format"),
        (("2026-10-01 01:00 PM", "2026-10-01 02:00 PM"), "AM and PM: say time_format"),
        (("2026-10-01 01:00 CST", "2026-10-01 02:00 CST"), "the name of its zone has several meanings: say timezone"),
    ],
)
def test_what_could_be_two_times_is_never_guessed_in_utc_or_in_a_zone(night, hours, tmp_path, stamps, reason):
    (tmp_path / "a.csv").write_text(HEADER + "".join(f"web,cpu,{stamp},1\n" for stamp in stamps))
    for zone in (None, "Europe/Berlin"):
        with pytest.raises(BrokenDelivery, match=r"^" + reason.replace("?", r"\?") + ": 2 of 2 rows of metrics"):
            night(Files(kind="files", name="metrics", path=tmp_path, timezone=zone))
    assert hours() == []


def test_units_of_different_things_in_one_column_are_refused(load):
    text = (
        HEADER + "web,cpu,2026-10-01T00:00Z,900K\nweb,cpu,2026-10-01T01:00Z,1.1B\n"
    )  # thousands, and bytes or billions
    with pytest.raises(SchemaMismatch, match=r"units of different things stand in one column \(B, K\); set unit"):
        load(text, {})
    with pytest.raises(SchemaMismatch, match="'B' cannot be stored in 'ms'"):
        load(text, {"unit": "ms"})


def test_a_unit_that_is_asked_for_is_what_is_stored(load):
    text = HEADER + "web,cpu,2026-10-01T00:00Z,45.2%\nweb,cpu,2026-10-01T01:00Z,100 %\n"
    assert list(load(text, {"unit": "ratio"}).values()) == [pytest.approx(0.452), 1.0]


def test_a_group_that_is_not_of_thousands_is_not_a_number(night, hours, issues, tmp_path):
    values = ("1,234.5", "12,34,567", "0,75", "1.5")
    lines = "".join(f"web;cpu;2026-10-01T0{h}:00Z;{value}\n" for h, value in enumerate(values))
    (tmp_path / "a.csv").write_text(HEADER.replace(",", ";") + lines)
    night(Files(kind="files", name="metrics", path=tmp_path, number_format="1,234.5"))
    assert [total for *_, total, _ in hours()] == [1234.5, 1234567, 1.5]
    assert issues() == [("a.csv", "rejected", "value is not a number", 1)]
