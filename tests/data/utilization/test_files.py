"""Load from files: what is read, what is rejected, and that reading again changes nothing."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import pytest

from data.errors import BrokenDelivery, NoData, SchemaMismatch
from data.utilization.files.files import Files

HEADER = "service,metric,timestamp,value\n"


def files(path: Path | str, **more) -> Files:
    return Files(kind="files", name="metrics", path=path, **more)


def at(hour: str) -> datetime:
    return datetime.fromisoformat(hour)


@pytest.mark.shared
def test_requests_of_the_estate_are_the_truth_and_five_rows_are_rejected(con, night, shared):
    stored = night(files(shared / "estate/utilization/*"))
    truth = json.loads((shared / "estate/truth.json").read_text())["requests_day"]
    found = con.execute(
        "select service, hour_utc::date::varchar, sum(value_sum) from utilization_hour where metric = 'requests' "
        "group by all"
    ).fetchall()
    known = {(service, day): total for service, days in truth.items() for day, total in days.items()}
    assert {(service, day): total for service, day, total in found if (service, day) in known} == known
    assert stored.rows_rejected == 5
    assert con.execute("select sum(rows) from input_issue where severity = 'rejected'").fetchall() == [(5,)]


def test_a_second_night_reads_no_file_that_has_not_changed(night, hours, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-11-01T00:00:00Z,1\n")
    first = night(files(tmp_path))
    before = hours()
    second = night(files(tmp_path))
    assert (first.rows_read, second.rows_read) == (1, 0)
    assert hours() == before


def test_a_changed_file_replaces_its_hours_and_hours_that_are_gone_stay(night, hours, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(HEADER + "web,cpu,2026-11-01T00:00:00Z,1\nweb,cpu,2026-11-01T01:00:00Z,2\n")
    night(files(tmp_path))
    file.write_text(HEADER + "web,cpu,2026-11-01T01:00:00Z,30\nweb,cpu,2026-11-01T02:00:00Z,40\n")
    night(files(tmp_path))
    assert [(hour, largest) for _, _, hour, _, largest, *_ in hours()] == [
        (at("2026-11-01T00"), 1),
        (at("2026-11-01T01"), 30),
        (at("2026-11-01T02"), 40),
    ]


def test_an_hour_that_two_files_share_is_whole_when_one_of_them_changes(night, hours, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-11-01T00:00:00Z,1\n")
    (tmp_path / "b.csv").write_text(HEADER + "web,cpu,2026-11-01T00:20:00Z,2\n")
    night(files(tmp_path))
    (tmp_path / "b.csv").write_text(HEADER + "web,cpu,2026-11-01T00:20:00Z,2\nweb,cpu,2026-11-01T00:40:00Z,6\n")
    night(files(tmp_path))
    assert hours() == [("web", "cpu", at("2026-11-01T00"), 3.0, 6.0, pytest.approx(5.6), 9.0, 3)]


def test_rows_behind_the_night_are_read_by_the_next_though_the_file_is_the_same(night, hours, issues, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-11-01T00:00:00Z,1\nweb,cpu,2026-11-02T00:00:00Z,2\n")
    night(files(tmp_path), "2026-11-02")
    assert len(hours()) == 1
    assert issues() == [("a.csv", "rejected", "at or after as_of", 1)]
    night(files(tmp_path), "2026-11-03")
    assert len(hours()) == 2
    assert issues() == []


def test_a_file_that_is_gone_loses_nothing_but_what_was_wrong_with_it(night, hours, issues, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-11-01T00:00:00Z,1\nweb,cpu,then,1\n")
    (tmp_path / "b.csv").write_text(HEADER + "web,cpu,2026-11-01T01:00:00Z,1\n")
    night(files(tmp_path))
    assert len(issues()) == 1
    (tmp_path / "a.csv").unlink()
    night(files(tmp_path))
    assert len(hours()) == 2
    assert issues() == []


def test_damaged_lines_are_rejected_and_the_lines_around_them_are_kept(night, hours, issues, tmp_path):
    (tmp_path / "a.csv").write_bytes(
        HEADER.encode()
        + b"web,cpu,2026-11-01T00:00:00Z,1\n"
        + b"web,cpu,2026-11-01T01:00:00Z,1,678\n"  # a thousand's comma
        + b"web,cpu\n"
        + b'web,"cpu,2026-11-01T02:00:00Z,3\n'  # a quote that is never closed
        + b"web,cpu,2026-11-01T03:00:00Z,4\n"
        + b"web,c\xff\xfepu,2026-11-01T04:00:00Z,5\n"
        + b"\n"
        + b"web,cpu,2026-11-01T05:00:00Z,6"
    )
    stored = night(files(tmp_path))
    assert [hour.hour for _, _, hour, *_ in hours()] == [0, 2, 3, 5]
    assert issues() == [
        ("a.csv", "rejected", "line cannot be read", 1),
        ("a.csv", "rejected", "more columns than the header", 1),
        ("a.csv", "rejected", "time cannot be read", 1),
    ]
    assert (stored.rows_read, stored.rows_rejected) == (7, 3)


def test_files_of_different_columns_order_and_delimiter_are_read_together(night, hours, tmp_path):
    (tmp_path / "a.csv").write_text("value;timestamp;service;metric\n1;2026-11-01T00:00:00Z;web;cpu\n")
    (tmp_path / "b.csv").write_bytes(
        b'\xef\xbb\xbf"service","metric","timestamp","value"\r\n"api","cpu","2026-11-01 00:00","2"\r\n'
    )
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "header.csv").write_text(HEADER)
    night(files(tmp_path))
    assert [(service, total) for service, _, _, _, _, _, total, _ in hours()] == [("api", 2), ("web", 1)]


def test_a_gzip_that_is_cut_short_is_one_error_that_names_it(night, tmp_path):
    whole = gzip.compress((HEADER + "web,cpu,2026-11-01T00:00:00Z,1\n" * 50_000).encode())
    (tmp_path / "good.csv").write_text(HEADER)
    (tmp_path / "bad.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BrokenDelivery, match=r"bad\.csv\.gz.*copy it again"):
        night(files(tmp_path))


def test_a_parquet_that_is_cut_short_is_one_error_that_names_it(con, night, tmp_path):
    con.execute(f"copy (select 'web' as service) to '{tmp_path}/a.parquet'")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BrokenDelivery, match=r"a\.parquet"):
        night(files(tmp_path))


def test_no_file_and_a_missing_column_say_what_to_do(night, tmp_path):
    with pytest.raises(NoData, match="check `path`"):
        night(files(tmp_path))
    (tmp_path / "a.csv").write_text("service,metric,when,value\nweb,cpu,2026-11-01,1\n")
    with pytest.raises(
        SchemaMismatch, match=r"'timestamp' is missing; found service, metric, when, value; set columns"
    ):
        night(files(tmp_path))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_an_hour_written_twice_in_autumn_is_two_hours_and_one_missing_in_spring_is_rejected(  # noqa: PLR0917
    con, night, hours, issues, tmp_path, suffix
):
    local = ["2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 02:00", "2026-10-25 03:00"]
    missing = ["2026-03-29 01:00", "2026-03-29 02:00", "2026-03-29 03:00"]
    rows = ", ".join(f"('web', 'cpu', timestamp '{stamp}', {n})" for n, stamp in enumerate(local + missing, 1))
    con.execute(
        f"copy (from (values {rows}) t(service, metric, timestamp, value) order by value) to '{tmp_path}/a.{suffix}'"
    )
    night(files(tmp_path / f"a.{suffix}", timezone="Europe/Berlin"))
    assert [(hour.isoformat(), value) for _, _, hour, value, *_ in hours()] == [
        ("2026-03-29T00:00:00", 5),
        ("2026-03-29T01:00:00", 7),
        ("2026-10-24T23:00:00", 1),
        ("2026-10-25T00:00:00", 2),
        ("2026-10-25T01:00:00", 3),
        ("2026-10-25T02:00:00", 4),
    ]
    assert issues() == [(f"a.{suffix}", "rejected", "hour does not exist in its zone", 1)]


def test_the_newest_first_and_finer_than_an_hour_are_told_apart_too(night, hours, tmp_path):
    stamps = ["03:00", "02:30", "02:00", "02:30", "02:00", "01:30"]
    lines = [f"web,cpu,2026-10-25T{stamp}:00,{n}" for n, stamp in enumerate(stamps, 1)]
    (tmp_path / "a.csv").write_text(HEADER + "\n".join(lines))
    night(files(tmp_path, timezone="Europe/Berlin"))
    assert [(hour.hour, total, samples) for *_, hour, _, _, _, total, samples in hours()] == [
        (23, 6, 1),
        (0, 9, 2),
        (1, 5, 2),
        (2, 1, 1),
    ]


def test_an_hour_that_is_twice_and_cannot_be_told_apart_is_rejected(night, hours, issues, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-10-25 01:00,1\nweb,cpu,2026-10-25 02:00,2\n")
    night(files(tmp_path, timezone="Europe/Berlin"))
    assert len(hours()) == 1
    assert issues() == [("a.csv", "rejected", "hour is twice in its zone, and the file's order does not tell which", 1)]


def test_a_time_with_an_offset_is_what_it_says_unless_the_offset_is_known_to_be_wrong(con, night, hours, tmp_path):
    (tmp_path / "a.csv").write_text(HEADER + "web,cpu,2026-07-01T12:00:00Z,1\n")
    night(files(tmp_path, timezone="Europe/Berlin"))
    assert [hour.hour for _, _, hour, *_ in hours()] == [12]
    con.execute("delete from utilization_hour")
    night(files(tmp_path, timezone="Europe/Berlin", is_offset_ignored=True))
    assert [hour.hour for _, _, hour, *_ in hours()] == [10]


def test_files_by_date_say_service_and_metric_in_their_path(night, hours, tmp_path):
    for day in ("2026-11-01", "2026-11-02"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "web_cpu.csv").write_text(f"timestamp,value\n{day}T00:00:00Z,1\n")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "web_cpu.csv").write_text("not,load\n")
    night(files(tmp_path / "2026-*/*.csv", filename_pattern="(?P<service>[a-z]+)_(?P<metric>[a-z]+)$"))
    assert [(service, metric, hour.day) for service, metric, hour, *_ in hours()] == [
        ("web", "cpu", 1),
        ("web", "cpu", 2),
    ]


def test_what_is_rolled_up_in_slices_is_as_if_it_were_in_one(con, night, hours, tmp_path, monkeypatch):
    lines = [f"web,cpu,{day}T{hour:02}:{minute}:00Z,{hour * 0.1 + minute}" for day in ("2026-11-01", "2026-11-05")
             for hour in range(24) for minute in (10, 30, 50)]  # fmt: skip
    (tmp_path / "a.csv").write_text(HEADER + "\n".join([*lines, lines[0]]))
    whole = night(files(tmp_path, metric="cpu"))
    before = hours()
    monkeypatch.setattr("data.utilization.store.SLICE_ROWS", 10)
    for table in ("utilization_hour", "utilization_file"):
        con.execute(f"delete from {table}")
    assert night(files(tmp_path, metric="cpu")) == whole
    assert hours() == before
    assert whole.rows_duplicate == 1


def test_a_measured_limit_is_a_row_where_it_changes_and_the_catalog_holds(con, night, tmp_path):
    source = files(tmp_path, columns={"limit": "capacity"})
    con.execute(
        "insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) "
        "values ('api', 'cpu', '2026-10-01', 0.8, 30)"
    )
    header = "service,metric,timestamp,value,capacity\n"
    for day, limit in ((1, 10), (2, 10), (3, 12)):
        (tmp_path / f"{day}.csv").write_text(
            header + "".join(f"{name},cpu,2026-11-{day:02}T00:00:00Z,1,{limit}\n" for name in ("web", "api"))
        )
        for _ in range(2):
            night(source, f"2026-11-{day + 1:02}")
    rows = con.execute(
        "select service, valid_from::varchar, limit_value, source from capacity_limit order by all"
    ).fetchall()
    assert rows == [
        ("api", "2026-10-01", 0.8, None),
        ("web", "2026-11-02", 10.0, "metrics"),
        ("web", "2026-11-04", 12.0, "metrics"),
    ]
