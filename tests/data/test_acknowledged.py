"""What people say of anomalies: read strictly, stored with its days."""

from datetime import date
from pathlib import Path

import pytest

from data.acknowledged import read_acknowledged, store_anomaly_settings
from data.errors import ConfigError

ONE = """
[[acknowledged]]
service = "checkout"
metric = "cost_usd"
first_day = 2026-10-05
last_day = 2026-10-09
reason = "load test"
[[acknowledged]]
service = "search"
first_day = 2026-10-05
reason = "new region"
"""


def test_what_is_acknowledged_becomes_rows_and_holds_thirty_days_where_no_end_is_said(con, tmp_path):
    file = tmp_path / "acknowledged.toml"
    file.write_text(ONE)
    con.execute(
        "insert into service (service, is_catalogued, accounts, aliases, is_telemetry) "
        "values ('checkout', true, [], [], false), ('search', true, [], [], false)"
    )
    store_anomaly_settings(con, read_acknowledged(file), 20, {"checkout": 100})
    assert con.execute("from anomaly_ack order by service").fetchall() == [
        ("checkout", "cost_usd", date(2026, 10, 5), date(2026, 10, 9), "load test"),
        ("search", None, date(2026, 10, 5), date(2026, 11, 4), "new region"),
    ]
    assert con.execute("from anomaly_minimum order by service").fetchall() == [("checkout", 100.0), ("search", 20.0)]
    store_anomaly_settings(con, (), 5, {})
    assert con.execute("select count(*) from anomaly_ack").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ONE.replace("metric", "metrik"), "did you mean 'metric'"),
        (ONE.replace("2026-10-09", "2026-10-01"), "before first_day"),
        (ONE.replace('service = "search"\n', ""), "service: is missing"),
        ("[[acknowledged]", "not TOML"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_key(tmp_path, text, said):
    file = tmp_path / "acknowledged.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_acknowledged(file)


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(ConfigError, match="check \\[anomaly\\] acknowledged"):
        read_acknowledged(Path("nowhere.toml"))
