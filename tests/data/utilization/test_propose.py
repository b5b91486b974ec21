"""`plimsoll doctor --file`: the table that it prints loads the file, and what a file cannot say is never made up."""

import subprocess
import sys
import tomllib
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.errors import BrokenDelivery, InputError, NoData, SchemaMismatch
from data.utilization.files.files import Files
from data.utilization.files.propose import propose
from tests.data.utilization.layouts import LAYOUTS

SHARED_FILES = {  # hours after 1 October 2026, 00:00 UTC, at which each file begins, and how many it has
    "azure_monitor.csv": (0, 392), "azure_nopre.csv": (0, 399), "cloudwatch.csv": (0, 398), "datadog.csv": (0, 399),
    "datadog_long.csv": (0, 399), "gcp.csv": (-1, 397), "grafana_excel.csv": (0, 398), "grafana_rows.csv": (-1, 399),
    "grafana_thousands.csv": (-11, 399), "grafana_units.csv": (0, 399), "grafana_wide.csv": (0, 399),
    "insights.csv": (0, 399), "newrelic.csv": (0, 399),
}  # fmt: skip
VALUES = {
    "grafana_thousands.csv": (100125730.221, 112802437.339, 125628927.783),
    "grafana_units.csv": (100.1, 112.8, 125.6),
}


def proposed(path: Path, **more) -> Files:
    return Files.model_validate(tomllib.loads(propose(path))["utilization"][0] | more)


@pytest.fixture
def load(night, hours):
    """Return a function that loads a file as it is proposed; no row may be rejected; {service: [(hour, sum)]}."""

    def load(path: Path, **more) -> dict:
        assert night(proposed(path, **more)).rows_rejected == 0
        found: dict = {}
        for service, _, hour, *_, total, _ in hours():
            found.setdefault(service, []).append((hour, total))
        return found

    return load


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_what_is_proposed_of_a_file_loads_it(load, tmp_path, layout):
    path = tmp_path / layout.name
    path.write_text(layout.text, encoding="utf-8")
    # What three hours do not say: whose times they are, and what could be two things, which it does not choose.
    chosen = [key for key in ("time_format", "number_format") if f"# {key} = " in propose(path)]
    whose = {key: layout.said[key] for key in ("timezone", "shape", *chosen) if key in layout.said}
    found = load(path, **whose)
    start = datetime.fromisoformat(f"{layout.first}:00")
    hour = timedelta(hours=1)
    expected = {
        service: [(start + at * hour, pytest.approx(value, rel=1e-12)) for at, value in enumerate(values)]
        for service, values in layout.values.items()
    }
    if "service" in layout.said and "checkout" not in layout.text:
        expected = {"a": expected["checkout"]}  # named for its file
    assert found == expected


@pytest.mark.shared
@pytest.mark.parametrize(("name", "span"), SHARED_FILES.items())
def test_what_is_proposed_of_a_real_export_loads_every_value_at_its_hour(load, shared, name, span):
    found = load(shared / "cases/layouts" / name)
    start = datetime(2026, 10, 1) + timedelta(hours=span[0])
    known = VALUES.get(name, (100.126, 112.802, 125.629))
    checkout = next(series for service, series in found.items() if service != "search")
    assert checkout[:3] == [(start + timedelta(hours=at), pytest.approx(known[at])) for at in range(3)]
    assert [hour for hour, _ in checkout] == [start + timedelta(hours=at) for at in range(span[1])]
    if "search" in found:
        assert [total for _, total in found["search"][:3]] == [200.251, 225.605, 251.258]
        assert [hour for hour, _ in found["search"]] == [hour for hour, _ in checkout]


@pytest.mark.shared
def test_a_rate_of_a_real_export_is_a_count_of_the_hour(load, shared):
    found = load(shared / "cases/layouts/rps.csv")["checkout"]
    assert found[:33] == [(datetime(2026, 10, 1) + timedelta(hours=at), 36000) for at in range(33)]


def test_days_that_fit_both_orders_are_not_chosen_between(night, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Time,web\n" + "".join(f"10/1/2026 {hour}:00,{hour}\n" for hour in range(24)))
    text = propose(path)
    assert '\n# time_format = "%m/%d/%Y %H:%M"  # 10/1/2026 0:00 is 01 October 2026' in text
    assert '\n# time_format = "%d/%m/%Y %H:%M"  # 10/1/2026 0:00 is 10 January 2026' in text
    assert "# day or month first? say time_format: 24 of 24 rows" in text
    with pytest.raises(BrokenDelivery, match="day or month first"):
        night(proposed(path))


@pytest.mark.parametrize(("form", "day"), [("%m/%d/%Y", 1), ("%d/%m/%Y", 8)])
def test_days_whose_steps_are_regular_in_one_order_are_in_it(load, tmp_path, form, day):
    start = datetime(2026, 8, 9)
    stamps = [start + timedelta(hours=at) for at in range(60)]
    path = tmp_path / "a.csv"
    path.write_text("Time,web\n" + "".join(f"{stamp.strftime(form)} {stamp:%H:%M},{day}\n" for stamp in stamps))
    assert [hour for hour, _ in load(path)["web"]] == stamps


def test_a_comma_that_can_be_of_two_kinds_is_not_chosen_between(night, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Time;web\n2026-10-01 00:00;1,234\n2026-10-01 01:00;5,678\n")
    text = propose(path)
    assert '# 1,234 can be two numbers. Take the # from the right line:\n# number_format = "1,234.5"\n' in text
    with pytest.raises(SchemaMismatch, match=r'set number_format = "1,234\.5" or number_format = "1\.234,5"'):
        night(proposed(path))


def test_a_metric_a_column_beside_a_column_of_services(con, night, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("@timestamp,app,cpu_percent,requests\n2026-10-01 00:00,web,40,7\n2026-10-01 00:00,api,50,\n")
    assert night(proposed(path)).rows_rejected == 0
    assert con.execute("select service, metric, value_sum from utilization_hour order by all").fetchall() == [
        ("api", "cpu_percent", 50),
        ("web", "cpu_percent", 40),
        ("web", "requests", 7),
    ]


def test_metrics_without_a_service_are_of_the_file(con, night, tmp_path):
    path = tmp_path / "shop.csv"
    path.write_text("date,cpu,requests\n2026-10-01 00:00,0.4,7\n2026-10-01 01:00,0.5,8\n")
    night(proposed(path))
    assert con.execute("select distinct service, metric from utilization_hour order by all").fetchall() == [
        ("shop", "cpu"),
        ("shop", "requests"),
    ]


def test_a_counter_is_seen_by_its_resets(tmp_path):
    path = tmp_path / "a.csv"
    lines = [f"{name},requests,2026-10-{1 + h // 24:02}T{h % 24:02}:00Z,{(h % 31 + 1) * n}" for h in range(70)
             for n, name in ((100, "web"), (7, "api"))]  # fmt: skip
    path.write_text("service,metric,timestamp,value\n" + "\n".join(lines))
    assert 'shape = "counter"' in propose(path)


def test_parquet_is_proposed_too(con, night, tmp_path):
    path = tmp_path / "a.parquet"
    con.execute(f"copy (select timestamp '2026-10-01 00:00' as at_time, 'web' as app, 1.5 as load) to '{path}'")
    assert night(proposed(path)).rows_read == 1


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("a,b\n1,2\n", InputError, "no column of times and a header above it"),
        ("Time,name\n2026-10-01 00:00,web\n", InputError, "no column has numbers; found Time, name"),
        (None, NoData, "no such file"),
    ],
)
def test_what_cannot_be_load_says_why(tmp_path, text, error, words):
    path = tmp_path / "a.csv"
    if text:
        path.write_text(text)
    with pytest.raises(error, match=words):
        propose(path)


def test_the_command_prints_the_table_and_needs_no_configuration(tmp_path):
    (tmp_path / "a.csv").write_text("Time,web\n2026-10-01 00:00,1\n2026-10-01 01:00,2\n")
    call = [sys.executable, "-c", "from flows.cli import main; main()", "doctor", "--file", tmp_path / "a.csv"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert tomllib.loads(done.stdout)["utilization"][0]["series_pattern"] == "(?P<service>.+)"
    assert "# 2 rows, 0 rejected of a.csv" in done.stdout


HOURS_OF_DAY = [datetime(2026, 10, 1) + timedelta(hours=at) for at in range(26)]
INFLUXDB = """#group,false,false,true,true,false,false,true,true
#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string
#default,_result,,,,,,,
,result,table,_start,_stop,_time,_value,_field,service
"""
EXPORTS = {  # what is written of an hour and a value, under which header, and which series it is
    "influxdb, annotated": (
        INFLUXDB,
        lambda at, n: f",,0,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,{at.isoformat()}Z,{n},usage,web",
        [("web", "usage")],
    ),
    "influxdb, its command line": (
        "name,tags,time,value\n",
        lambda at, n: f"requests,service=web,{(at - datetime(1970, 1, 1)) // timedelta(seconds=1)}000000000,{n}",
        [("web", "requests")],
    ),
    "splunk, a timechart": (
        "_time,web,api,_span\n",
        lambda at, n: f"{at.isoformat()}.000+0000,{n},{n},3600",
        [("api", "load"), ("web", "load")],
    ),
    "a date and a time of day": (
        "Date;Time;Service;Requests\n",
        lambda at, n: f"{at:%d/%m/%Y};{at:%H:%M:%S};web;{n}",
        [("web", "requests")],
    ),
    "zabbix, items of hosts": (
        '"Host";"Item";"Clock";"Value"\n',
        lambda at, n: f'"web";"CPU utilization";"{at}";"{n} %"',
        [("web", "CPU utilization")],
    ),
    "azure, split by a dimension": (
        "Resource:,plan\nTimestamp (UTC),CPU Percentage (Avg) - web,CPU Percentage (Avg) - api\n",
        lambda at, n: f"{at.month}/{at.day}/{at.year} {at:%I:%M:%S %p},{n},{n}",
        [("api", "CPU Percentage (Avg)"), ("web", "CPU Percentage (Avg)")],
    ),
    "grafana, legends with labels": (
        '"Time","web {env=""prod""}","api {env=""prod""}"\n',
        lambda at, n: f"{(at - datetime(1970, 1, 1)) // timedelta(milliseconds=1)},{n},{n}",
        [("api", "load"), ("web", "load")],
    ),
    "a note beside the series": (
        "Time,web,note\n",
        lambda at, n: f"{at},{n},{'deploy' if n == 3 else ''}",
        [("web", "load")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("header", "line", "series"), EXPORTS.values(), ids=EXPORTS)
def test_what_is_proposed_of_exports_of_other_tools_loads_them(  # noqa: PLR0917 - a line of the table
    con, night, tmp_path, header, line, series
):
    path = tmp_path / "a.csv"
    path.write_text(header + "".join(f"{line(at, n * 7 % 5)}\n" for n, at in enumerate(HOURS_OF_DAY)))
    assert night(proposed(path)).rows_rejected == 0
    assert con.execute("select distinct service, metric from utilization_hour order by all").fetchall() == series
    for service, _ in series:
        found = con.execute(
            "select hour_utc, value_sum from utilization_hour where service = $service order by all",
            {"service": service},
        ).fetchall()
        assert found == [(at, n * 7 % 5) for n, at in enumerate(HOURS_OF_DAY)]


def test_what_cannot_be_printed_is_escaped_in_the_proposal(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Time;web\n2026-10-01 01:00:00\x1b[2J;22\n", encoding="utf-8")
    assert all(line.isprintable() for line in propose(path).splitlines())
