"""What cost is forecast from: a day that the bill reaches without a charge is zero, other days are unknown."""

from datetime import date, timedelta

import pytest

from tests.warehouses import new_warehouse

MONDAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    with new_warehouse(tmp_path_factory.mktemp("actual") / "warehouse.duckdb") as connection:
        yield connection


@pytest.fixture
def con(warehouse):
    warehouse.execute("delete from cost_day")
    warehouse.execute("delete from cost_service_day")
    return warehouse


CHARGE = """
insert into cost_day by name
select $source as source, date '2026-06-01' as billing_period, $at as charge_date, $service as service,
    'tag' as allocation_reason, 'Usage' as charge_category, 'USD' as currency, 10 as billed_cost,
    10 as effective_cost, 1 as lines
"""
DAY = """
insert or replace into cost_service_day by name
select service, charge_date as date, 'direct' as component, currency, sum(effective_cost) as effective_cost,
    sum(billed_cost) as billed_cost, $settled as is_settled
from cost_day
where service = $service and charge_date = $at
group by all
"""


def charge(con, service, days, *, source="aws", settled=True):
    """Ten dollars on each of these days, counted from Monday."""
    for day in days:
        where = {"at": MONDAY + timedelta(days=day), "service": service}
        con.execute(CHARGE, where | {"source": source})
        con.execute(DAY, where | {"settled": settled})


def known(con, service):
    rows = con.execute(
        "select time_utc::date, value from actual where service = $service and metric = 'cost_usd' order by 1",
        {"service": service},
    ).fetchall()
    return {(day - MONDAY).days: value for day, value in rows}


def test_a_day_without_a_charge_on_a_bill_that_reaches_it_cost_nothing(con):
    charge(con, "always", range(14))
    charge(con, "weekdays", [0, 1, 2, 3, 4, 7, 8, 9, 10, 11])
    assert known(con, "weekdays") == {day: 0.0 if day % 7 > 4 else 10.0 for day in range(14)}


def test_before_its_first_charge_the_cost_of_a_service_is_not_known(con):
    charge(con, "always", range(5))
    charge(con, "born", [3, 4])
    assert known(con, "born") == {3: 10.0, 4: 10.0}


def test_a_day_that_no_bill_of_the_service_reaches_is_not_zero(con):
    charge(con, "always", range(6))
    charge(con, "other", [0, 1, 2, 5], source="gcp")
    assert known(con, "other") == {0: 10.0, 1: 10.0, 2: 10.0, 5: 10.0}


def test_a_service_on_two_bills_is_known_on_the_days_that_both_reach(con):
    charge(con, "always", range(4))
    charge(con, "gcp only", [0, 1, 3], source="gcp")
    charge(con, "both", [0])
    charge(con, "both", [0], source="gcp")
    assert known(con, "both") == {0: 20.0, 1: 0.0, 3: 0.0}


def test_a_day_that_is_not_settled_is_not_zero(con):
    charge(con, "always", range(3))
    charge(con, "always", [3], settled=False)
    charge(con, "seldom", [0, 2])
    assert known(con, "seldom") == {0: 10.0, 1: 0.0, 2: 10.0}


def test_the_whole_bill_is_the_sum_of_what_was_charged(con):
    charge(con, "always", range(3))
    charge(con, "seldom", [1])
    assert known(con, "(total)") == {0: 10.0, 1: 20.0, 2: 10.0}
