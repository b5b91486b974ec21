"""A night on the made-up company of ../shared/estate, held against its truth.json, which was computed apart."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from tests.flows.conftest import plimsoll

pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("estate")]


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "estate/truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def published(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("night") / "estate"
    shutil.copytree(shared / "estate", folder)
    (folder.chmod(0o755), [path.chmod(0o755) for path in folder.rglob("*")])
    done = plimsoll("night", "--config", folder / "plimsoll.toml")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(folder / ".run/published/snapshot.duckdb"), read_only=True) as con:
        yield con


def test_bills_tie_to_the_last_digit_by_currency_and_billing_period(published, truth):
    found = published.execute(
        "select currency || '/' || strftime(billing_period, '%Y-%m'), sum(lines), sum(billed_cost), "
        "sum(effective_cost), sum(list_cost) from cost_day group by all"
    ).fetchall()
    expected = {
        month: (want["lines"], Decimal(want["billed"]), Decimal(want["effective"]), Decimal(want["list"]))
        for month, want in truth["billing_month"].items()
    }
    assert {row[0]: row[1:] for row in found} == expected


def test_effective_cost_ties_by_charge_month(published, truth):
    found = published.execute(
        "select strftime(charge_date, '%Y-%m'), sum(effective_cost) from cost_day where currency = 'USD' group by all"
    ).fetchall()
    assert dict(found) == {month: Decimal(cost) for month, cost in truth["charge_month_effective_usd"].items()}


def test_direct_cost_ties_by_service_and_month_unallocated_included(published, truth):
    found = published.execute(
        "select service, strftime(charge_date, '%Y-%m'), sum(effective_cost) from cost_day "
        "where currency = 'USD' and charge_category not in ('Tax', 'Credit') group by all"
    ).fetchall()
    expected = {
        (service, month): Decimal(cost)
        for service, months in truth["direct_effective_usd"].items()
        for month, cost in months.items()
    }
    assert {row[:2]: row[2] for row in found} == expected


def test_requests_of_a_day_are_those_measured(published, truth):
    found = dict(published.execute("select service || ' ' || date, requests from unit_cost_day").fetchall())
    for service, days in truth["requests_day"].items():
        for day, requests in days.items():
            assert found[f"{service} {day}"] == requests, (service, day)


def test_every_rejected_row_has_its_reason(published, truth):
    found = published.execute("select reason, rows from input_issue where severity = 'rejected'").fetchall()
    assert dict(found) == {
        "no value": 1,
        "value is NaN": 1,
        "value is infinite": 1,
        "time cannot be read": 1,
        "at or after as_of": 1,
    }
    assert sum(rows for _, rows in found) == truth["utilization_rejected_rows"]


def test_direct_unit_cost_is_cost_over_requests(published, truth):
    rows = published.execute(
        "select service, sum(c.effective_cost)::double / any_value(u.requests) * 1e6 "
        "from cost_service_day c join unit_cost_day u using (service, date) "
        "where date = '2026-11-12' and c.currency = 'USD' and component = 'direct' group by all"
    ).fetchall()
    found = dict(rows)
    for service, cost in truth["unit_cost_2026-11-12_direct_usd_per_million"].items():
        assert found[service] == pytest.approx(cost, rel=1e-12)


def test_hourly_requests_forecasts_beat_seasonal_naive_over_the_first_14_days(published, truth):
    hours = pd.date_range("2026-11-20", periods=14 * 24, freq="h")
    for name, future in truth["future"].items():
        service, metric = name.split("/")
        if metric != "requests":
            continue
        made = published.execute(
            "select target_time, mean from forecast where origin = 'live' and grain = 'h' and metric = 'requests' "
            "and service = $service order by target_time",
            {"service": service},
        ).df()
        last_week = published.execute(
            "select value from actual where service = $service and metric = 'requests' and grain = 'h' "
            "and time_utc >= '2026-11-13' and time_utc < '2026-11-20' order by time_utc",
            {"service": service},
        ).df()["value"]
        actual = np.array(future[: len(hours)], dtype=float)
        naive = np.tile(last_week.to_numpy(), 2)
        assert list(made["target_time"]) == list(hours)
        assert np.abs(made["mean"] - actual).sum() < np.abs(naive - actual).sum(), service


def test_a_limit_that_will_be_reached_has_a_date_and_one_that_will_not_has_none(published, truth):
    found = dict(published.execute("select service, p50_date from headroom where metric = 'cpu'").fetchall())
    for service, breach in truth["breach"].items():
        if breach:
            assert found[service] is not None, service
            assert abs((found[service] - pd.Timestamp(breach).date()).days) <= 21, service
    assert found["ads"] is None


def test_every_forecast_is_ordered_and_finite(published):
    rows = published.execute(
        "select count(*) from forecast where not (lo95 <= lo80 and lo80 <= mean and mean <= hi80 and hi80 <= hi95) "
        "or not isfinite(lo95) or not isfinite(hi95)"
    ).fetchall()
    assert rows == [(0,)]


def test_accuracy_is_there_from_the_first_night_and_marked_as_backtest(published):
    rows = published.execute("select distinct origin from forecast_score").fetchall()
    assert rows == [("backtest",)]
