"""Public data as published, each with the configuration that its README would suggest."""

import csv
import gzip
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from data.utilization.files.files import Files

pytestmark = pytest.mark.shared


def read(path) -> list[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))


def by_hour(rows: list[tuple[str, datetime, float]]) -> dict[tuple[str, datetime], list[float]]:
    """The values of each hour; one time counts once, with its largest value."""
    largest: dict[tuple[str, datetime], float] = {}
    for service, stamp, value in rows:
        largest[service, stamp] = max(value, largest.get((service, stamp), value))
    hours = defaultdict(list)
    for (service, stamp), value in sorted(largest.items()):
        hours[service, stamp.replace(minute=0, second=0, microsecond=0)].append(value)
    return hours


def test_cloudwatch_series_of_nab_are_read_by_their_names(con, night, shared):
    folder = shared / "real/nab_cloudwatch"
    metrics = (
        "ec2_cpu_utilization",
        "rds_cpu_utilization",
        "elb_request_count",
        "ec2_network_in",
        "ec2_disk_write_bytes",
    )
    pattern = f"(?P<metric>{'|'.join(metrics)})_(?P<service>[0-9a-f]+)$"
    source = Files(
        kind="files", name="nab", path=folder, filename_pattern=pattern,
        columns={"timestamp": "timestamp", "value": "value"},
    )  # fmt: skip
    stored = night(source)
    expected = {}
    for file in sorted(folder.glob("*_*_*.csv")):
        name, _, service = file.stem.rpartition("_")
        if name in metrics:
            rows = [(service, datetime.fromisoformat(row["timestamp"]), float(row["value"])) for row in read(file)]
            expected |= {(name, *key): values for key, values in by_hour(rows).items()}
    found = con.execute(
        "select metric, service, hour_utc, value_sum, value_max, samples from utilization_hour"
    ).fetchall()
    assert {row[:3]: row[3] for row in found} == pytest.approx({key: sum(values) for key, values in expected.items()})
    assert {row[:3]: (row[4], row[5]) for row in found} == {k: (max(v), len(v)) for k, v in expected.items()}
    unnamed = sum(len(read(folder / f)) for f in ("grok_asg_anomaly.csv", "iio_us-east-1_i-a2eb1cd9_NetworkIn.csv"))
    assert stored.rows_rejected == unnamed
    assert con.execute("select distinct reason from input_issue where severity = 'rejected'").fetchall() == [
        ("no service",)
    ]


def test_series_of_ms_cloud_with_quotes_api_stamps_and_repeats_are_read_whole(con, night, shared):
    folder = shared / "real/ms_cloud"
    columns = {"timestamp": "TimeStamp", "value": "Value"}
    source = Files(
        kind="files", name="ms", path=folder, metric="load", filename_pattern="(?P<service>.+)", columns=columns
    )
    stored = night(source)
    files = {file.stem: read(file) for file in sorted(folder.glob("*.csv"))}
    rows = [
        (service, datetime.fromisoformat(row["TimeStamp"]).replace(tzinfo=None), float(row["Value"]))
        for service, lines in files.items()
        for row in lines
    ]
    expected = by_hour(rows)
    found = con.execute("select service, hour_utc, value_sum, samples from utilization_hour").fetchall()
    assert {row[:2]: row[2] for row in found} == pytest.approx({key: sum(values) for key, values in expected.items()})
    assert (stored.rows_read, stored.rows_rejected) == (len(rows), 0)
    assert stored.rows_duplicate == len(rows) - len({row[:2] for row in rows})


def test_hours_of_nasa_in_their_own_zone_are_counted_in_utc(con, night, shared):
    columns = {"timestamp": "hour_start_local_minus0400", "value": "requests"}
    source = Files(
        kind="files", name="nasa", path=shared / "real/requests/nasa_http_hourly.csv", service="www",
        metric="requests", columns=columns, timezone="Etc/GMT+4",
    )  # fmt: skip
    night(source)
    lines = read(shared / "real/requests/nasa_http_hourly.csv")
    expected = [
        (datetime.fromisoformat(line[columns["timestamp"]]) + timedelta(hours=4), float(line["requests"]))
        for line in lines
        if line["requests"]
    ]
    assert con.execute("select hour_utc, value_sum from utilization_hour order by all").fetchall() == sorted(expected)


def test_car_parks_have_their_load_and_their_limit_from_one_file(con, night, shared):
    columns = {"service": "SystemCodeNumber", "timestamp": "LastUpdated", "value": "Occupancy", "limit": "Capacity"}
    file = shared / "real/capacity/car_parks_occupancy.csv.gz"
    source = Files(kind="files", name="parks", path=file, metric="cars", columns=columns, timezone="Europe/London")
    night(source)
    night(source)
    lines = read(file)
    newest = {
        line["SystemCodeNumber"]: float(line["Capacity"])
        for line in sorted(lines, key=lambda line: line["LastUpdated"])
    }
    limits = con.execute(
        "select service, limit_value from capacity_limit where metric = 'cars' and source = 'parks'"
    ).fetchall()
    assert dict(limits) == newest
    rows = [(n["SystemCodeNumber"], datetime.fromisoformat(n["LastUpdated"]), float(n["Occupancy"])) for n in lines]
    local = {key: max(values) for key, values in by_hour(rows).items()}
    found = con.execute(
        "select service, timezone('Europe/London', hour_utc at time zone 'UTC'), value_max from utilization_hour"
    ).fetchall()
    assert {row[:2]: row[2] for row in found} == local
