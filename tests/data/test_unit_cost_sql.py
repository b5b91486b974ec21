"""Which months and days unit_cost_change is told from, and what a unit costs: the real queries on a small bill."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from data.unit_cost import store_non_production, store_telemetry_budgets
from data.warehouse import load_sql, run

AS_OF = date(2026, 11, 20)
SETTLED = date(2026, 11, 17)


@pytest.fixture
def bill(con):
    """A service that uses 10 GB a day at 2 USD from 15 September to 19 November, settled to the 17th."""
    con.execute(
        "insert into service (service, is_catalogued, accounts, aliases, is_telemetry, request_metric, "
        "target_cost_per_million_usd) values ('shop', true, [], [], false, 'orders', 150000)"
    )
    day = date(2026, 8, 15)
    rows, settled, units = [], [], []
    while day < AS_OF:
        rows.append(
            (
                "aws",
                date(day.year, day.month, 1),
                day,
                "shop",
                "tag",
                "100",
                "Store",
                "eu",
                "Usage",
                "USD",
                20,
                20,
                20,
                10.0,
                1,
                "GB",
            )
        )
        settled.append(("shop", day, "direct", "USD", 20, 20, day <= SETTLED))
        units.append(("shop", day, 100.0 + day.day, 20, day <= SETTLED, True))
        day += timedelta(days=1)
    columns = (
        "source, billing_period, charge_date, service, allocation_reason, account, product, region, "
        "charge_category, currency, billed_cost, effective_cost, list_cost, consumed_quantity, lines, "
        "consumed_unit"
    )
    con.executemany(f"insert into cost_day ({columns}) values ({', '.join('?' * 16)})", rows)
    con.executemany("insert into cost_service_day values (?, ?, ?, ?, ?, ?, ?)", settled)
    con.executemany(
        "insert into unit_cost_day (service, date, requests, cost, is_settled, is_complete, currency) "
        "values (?, ?, ?, ?, ?, ?, 'USD')",
        units,
    )
    return con


def cells(con, as_of=AS_OF):
    return run(con, load_sql("decide/unit_cost_change/cell"), {"as_of": as_of}).df()


def test_whole_months_are_told_whole_and_the_running_one_by_the_same_days(bill):
    found = cells(bill).set_index(cells(bill)["month"].dt.date)
    assert list(found.index) == [date(2026, 10, 1), date(2026, 11, 1)]  # September has no whole month before it
    assert list(found["days_before"]) == [30, 17]
    assert list(found["days_after"]) == [31, 17]
    assert list(found["is_running"]) == [False, True]
    assert [float(cost) for cost in found["cost_before"]] == [600, 340]
    assert [float(cost) for cost in found["cost_after"]] == [620, 340]


def test_what_is_told_already_is_told_again_only_where_it_may_have_changed(bill):
    run(
        bill,
        "insert into unit_cost_change select 'service', 'shop', month, 'USD', 30, 31, false, 0, 0, 0, 0, 0, 0, 0, "
        "0, 0, 0, 0, 0, null, null, null, null, '' from (select unnest([date '2026-10-01', date '2026-11-01']) "
        "as month)",
    )
    later = date(2027, 3, 1)
    assert len(cells(bill, later)) == 0
    bill.execute(
        "insert into billing_load (source, billing_period, execution_id, currency, fingerprint, files, lines, "
        "billed_cost, last_charge_date, loaded_at, is_current) values ('aws', date '2026-10-01', 'x', 'USD', "
        "'f', 1, 1, 1, date '2026-10-31', timestamp '2027-02-27', true)"
    )
    assert set(cells(bill, later)["month"].dt.date) == {date(2026, 10, 1), date(2026, 11, 1)}


def test_february_is_no_saving(con):
    con.executemany(
        "insert into cost_day (source, billing_period, charge_date, service, allocation_reason, product, "
        "charge_category, currency, billed_cost, effective_cost, list_cost, consumed_quantity, lines) "
        "values ('aws', date '2027-01-01', ?, 'shop', 'tag', 'Store', 'Usage', 'USD', 1, 1, 1, 1, 1)",
        [(date(2027, 1, 1) + timedelta(days=day),) for day in range(59)],
    )
    con.execute("insert into cost_service_day select 'shop', charge_date, 'direct', 'USD', 1, 1, true from cost_day")
    found = cells(con, date(2027, 3, 5))
    assert (found["days_before"].item(), found["days_after"].item()) == (31, 28)
    assert float(found["cost_before"].item()) / 31 == float(found["cost_after"].item()) / 28


def test_tax_credit_and_purchases_are_not_in_it_and_unused_commitments_cost_without_a_list_price(bill):
    day = "date '2026-10-10'"
    for category, status, cost in (
        ("Tax", None, 5),
        ("Credit", None, -5),
        ("Purchase", None, 50),
        ("Usage", "Unused", 3),
    ):
        bill.execute(
            "insert into cost_day (source, billing_period, charge_date, service, allocation_reason, product, region, "
            "charge_category, commitment_status, currency, billed_cost, effective_cost, list_cost, lines, "
            f"consumed_unit) values ('aws', {day}, {day}, 'shop', 'tag', 'Store', 'eu', $category, $status, 'USD', "
            "$cost, $cost, $cost, 1, 'GB')",
            {"category": category, "status": status, "cost": cost},
        )
    october = cells(bill).iloc[0]
    assert float(october["cost_after"]) == 623
    assert float(october["list_after"]) == 620


def test_since_when_a_price_differs(bill):
    bill.execute("update cost_day set list_cost = 23 where charge_date >= date '2026-10-08'")
    found = run(bill, load_sql("decide/unit_cost_change/price"), {"as_of": AS_OF}).df()
    assert list(found["since"]) == [pd.Timestamp("2026-10-08")]


def status(con):
    query = load_sql("decide/unit_cost_status")
    (row,) = run(con, query, {"as_of": AS_OF}).df().to_dict("records")
    return row


def test_a_units_cost_its_trend_and_what_one_more_costs(bill):
    store_telemetry_budgets(bill, 0.1, {})
    bill.execute(
        "update unit_cost_day set requests = 100 + 10 * (day(date) % 7), cost = 50 + 0.3 * (100 + 10 * (day(date) % 7))"
    )
    row = status(bill)
    assert row["unit"] == "orders"
    assert row["marginal_unit_cost"] == pytest.approx(0.3)
    assert row["mean_unit_cost"] > row["marginal_unit_cost"]
    assert row["trend_28d"] == pytest.approx(0, abs=0.02)
    assert row["target_status"] == "missed"
    assert pd.isna(row["non_production_cost"])


def test_a_target_that_will_be_missed_is_at_risk(bill):
    store_telemetry_budgets(bill, 0.1, {})
    bill.execute("update service set target_cost_per_million_usd = 200000")
    assert status(bill)["target_status"] == "met"
    bill.execute(
        "insert into unit_cost_forecast values ($as_of, 'shop', 'm', date '2026-12-01', 'orders', 'USD', 0.3, "
        "0.2, 0.4, 0.1, 0.5, 1, 1, 0.5)",
        {"as_of": AS_OF},
    )
    assert status(bill)["target_status"] == "at risk"


def test_a_service_that_is_billed_in_euro_has_a_unit_cost_in_euro_and_no_target_in_dollars(bill):
    store_telemetry_budgets(bill, 0.1, {})
    for table in ("unit_cost_day", "cost_service_day", "cost_day"):
        bill.execute(f"update {table} set currency = 'EUR'")
    row = status(bill)
    assert row["currency"] == "EUR"
    assert row["unit_cost_28d"] > 0
    assert pd.isna(row["target_unit_cost"])
    assert pd.isna(row["target_status"])


def test_telemetry_and_non_production_are_told_apart(bill):
    bill.execute(
        "insert into cost_service_day select service, date, 'telemetry', currency, 5, 5, is_settled "
        "from cost_service_day"
    )
    store_telemetry_budgets(bill, 0.3, {})
    store_non_production(bill, ["100"], [])
    row = status(bill)
    assert row["telemetry_ratio"] == pytest.approx(0.2)
    assert row["telemetry_status"] == "within"
    assert float(row["non_production_cost"]) == 28 * 20
    store_telemetry_budgets(bill, 0.3, {"shop": 0.1})
    store_non_production(bill, ["999"], [])
    row = status(bill)
    assert row["telemetry_status"] == "over"
    assert float(row["non_production_cost"]) == 0


@pytest.mark.parametrize(
    ("environment", "cost"), [("NonProd", 28 * 20), ("non_prod", 28 * 20), ("prod", 0), (None, None)]
)
def test_an_environment_that_serves_nobody_is_told_apart_however_it_is_spelt(bill, environment, cost):
    bill.execute("update cost_day set environment = $environment", {"environment": environment})
    store_non_production(bill, [], ["non-prod", "QA"])
    said = status(bill)["non_production_cost"]
    assert pd.isna(said) if cost is None else float(said) == cost


def test_every_query_reads_an_empty_warehouse(con):
    queries = Path(__file__).parents[2] / "data" / "sql" / "decide"
    for file in sorted(queries.glob("*/*.sql")) + sorted(queries.glob("unit_cost*.sql")):
        parameters = {"as_of": AS_OF, "month": AS_OF, "fiscal_year_starts": 1}
        assert len(run(con, file.read_text(), parameters).df()) == 0, file
