"""Which demand can be committed to, what is owned, and what that did by month: the real queries on a small bill."""

from datetime import date, timedelta

import numpy as np
import pytest

from data.commitment_offer import store_offers
from data.warehouse import load_sql, run

AS_OF = date(2026, 11, 20)


@pytest.fixture
def bill(con):
    """Ten days of machines at 48 USD a day list, half of it covered at 30 % off, 2 USD a day unused, spot, a store."""
    rows = []
    for back in range(10):
        day = AS_OF - timedelta(days=3 + back)
        rows += [
            (day, "Compute", "Machines", "eu", "Standard", None, 24, 24, 24),
            (day, "Compute", "Machines", "eu", "Committed", "Used", 0, 16.8, 24),
            (day, "Compute", "Machines", None, "Committed", "Unused", 0, 2, 2),
            (day, "Compute", "Machines", "eu", "Dynamic", None, 5, 5, 10),
            (day, "Compute", "Functions", "eu", "Standard", None, 6, 6, 6),
            (day, "Storage", "Store", "eu", "Standard", None, 100, 100, 100),
        ]
    con.executemany(
        "insert into cost_day (source, billing_period, charge_date, service, allocation_reason, provider, "
        "service_category, product, region, charge_category, pricing_category, commitment_status, currency, "
        "billed_cost, effective_cost, list_cost, lines) "
        "values ('aws', date '2026-11-01', $1, 'shop', 'tag', 'AWS', $2, $3, $4, 'Usage', $5, $6, 'USD', $7, $8, "
        "$9, 1)",
        rows,
    )
    con.execute(
        "insert into cost_service_day select distinct service, charge_date, 'direct', 'USD', 0, 0, true from cost_day"
    )
    con.execute(
        "insert into service (service, is_catalogued, accounts, aliases, is_telemetry, request_metric) "
        "values ('shop', true, [], [], false, 'requests')"
    )
    return con


def demand(con, scope="Compute"):
    frame = run(con, load_sql("decide/commitment_option/demand"), {"as_of": AS_OF}).df()
    return frame.set_index("scope").loc[scope]


def test_demand_is_of_covered_products_at_list_price_without_spot_and_unused(bill):
    found = demand(bill)
    assert len(found["hour"]) == 240
    assert found["demand"] == pytest.approx([2.0] * 240)  # even hours: no load is known
    assert found["basis"].startswith("daily charges")


def test_the_load_of_the_service_shapes_the_hours_of_its_charge(bill):
    bill.execute(
        "insert into utilization_hour select 'shop', 'requests', hour, v, v, v, v, 1, 'load' from (select hour, "
        "case when hour(hour) = 12 then 77 else 1 end::double as v from (select unnest(range("
        "timestamp '2026-11-01', timestamp '2026-11-20', interval 1 hour)) as hour))"
    )
    found = demand(bill)
    by_day = np.array(found["demand"]).reshape(10, 24)
    assert by_day.sum(axis=1) == pytest.approx([48.0] * 10)
    assert by_day[:, 12] == pytest.approx([48 * 0.77] * 10)


def test_without_commitments_everything_of_compute_can_be_covered(bill):
    bill.execute("delete from cost_day where commitment_status is not null")
    assert sum(demand(bill)["demand"]) == pytest.approx(10 * 30)


def test_owned_is_what_an_hour_costs_used_or_not_and_its_discount(bill):
    owned = run(bill, load_sql("decide/commitment_option/owned"), {"as_of": AS_OF}).df().set_index("scope")
    assert owned.loc["Compute", "owned_hour"] == pytest.approx(18.8 / 24)
    assert owned.loc["Compute", "discount"] == pytest.approx(0.3)


@pytest.mark.parametrize(("days", "hour"), [(4, 24.0), (3, 0.0)])
def test_what_was_bought_four_days_ago_is_owned_whole_and_what_ended_is_not(bill, days, hour):
    """The older days of the fixture own 18.8 USD a day; the newest `days` of them something else."""
    newest = AS_OF - timedelta(days=2 + days)
    bill.execute(
        "update cost_day set effective_cost = 24 * 24 where commitment_status = 'Unused' and charge_date >= $1",
        [newest],
    )
    bill.execute("delete from cost_day where commitment_status = 'Used' and charge_date >= $1", [newest])
    owned = run(bill, load_sql("decide/commitment_option/owned"), {"as_of": AS_OF}).df().set_index("scope")
    assert owned.loc["Compute", "owned_hour"] == pytest.approx(hour or 18.8 / 24)


@pytest.mark.parametrize(
    ("start", "more"), [("2026-11-14", 0.0), ("2026-11-15", 5.0), ("2026-11-19", 5.0), ("2026-12-01", 0)]
)
def test_what_was_bought_too_late_for_the_settled_days_is_owned_by_what_it_says(bill, start, more):
    add_commitment(bill, "new", start, "2027-11-19", 5)
    owned = run(bill, load_sql("decide/commitment_option/owned"), {"as_of": AS_OF}).df().set_index("scope")
    assert owned.loc["Compute", "owned_hour"] == pytest.approx(18.8 / 24 + more)


def add_commitment(con, name, start, end, hourly):
    con.execute(
        "insert into commitment (source, commitment_id, currency, provider, start_utc, end_utc, hourly_commitment) "
        "values ('aws', $1, 'USD', 'AWS', $2, $3, $4)",
        [name, start, end, hourly],
    )


def test_a_month_of_what_is_owned(bill):
    (month,) = run(bill, load_sql("decide/commitment_month"), {"as_of": AS_OF}).df().to_dict("records")
    assert float(month["owned_cost"]) == 188
    assert float(month["saving"]) == 240 - 188
    assert month["utilisation"] == pytest.approx(168 / 188)
    assert month["coverage"] == pytest.approx(0.5)
    assert month["discount"] == pytest.approx(0.3)
    assert month["days"] == 10


def test_offers_are_replaced_as_they_are_said(con):
    store_offers(con, [(None, 1, 0.28), ("GCP", 3, 0.55)])
    store_offers(con, [("AWS", 1, 0.3)])
    assert con.execute("from commitment_offer").fetchall() == [("AWS", 1, 0.3)]


def charge_hours(con, days, ratio=1.0):
    """Machines that are billed by the hour, all at noon; `ratio` of what the days' charges say."""
    con.execute("delete from cost_day")
    con.execute("delete from cost_service_day")
    con.execute(
        "insert into cost_day (source, billing_period, charge_date, service, allocation_reason, provider, "
        "service_category, product, region, charge_category, currency, billed_cost, effective_cost, list_cost, lines) "
        "select 'aws', date '2026-11-01', day::date, 'shop', 'tag', 'AWS', 'Compute', 'Machines', 'eu', 'Usage', "
        "'USD', 24, 24, 24, 1 from (select unnest(range(timestamp '2026-11-18' - to_days($days), "
        "timestamp '2026-11-18', interval 1 day)) as day)",
        {"days": days},
    )
    con.execute("insert into cost_service_day select service, charge_date, 'direct', 'USD', 24, 24, true from cost_day")
    con.execute(
        "insert into charge_hour (source, billing_period, hour_utc, provider, service_category, product, region, "
        "currency, list_cost) select 'aws', date '2026-11-01', charge_date + to_hours(h), 'AWS', "
        "'Compute', 'Machines', 'eu', 'USD', case when h = 12 then 24 * $ratio else 0 end "
        "from cost_day, (select unnest(range(24)) as h)",
        {"ratio": ratio},
    )


@pytest.mark.parametrize(
    ("days", "ratio", "basis"),
    [
        (90, 1.0, "hourly charges"),
        (60, 1.0, "daily charges, hourly shape of the load"),  # under a quarter
        (90, 0.5, "daily charges, hourly shape of the load"),  # the hours say less than the days
    ],
)
def test_what_is_billed_by_the_hour_has_its_hours(bill, days, ratio, basis):
    charge_hours(bill, days, ratio)
    found = demand(bill)
    assert found["basis"] == basis
    by_day = np.array(found["demand"]).reshape(days, 24)
    assert by_day.sum(axis=1) == pytest.approx([24.0] * days)
    assert by_day[:, 12] == pytest.approx([24.0 if basis == "hourly charges" else 1.0] * days)
    product = demand(bill, "Machines in eu")
    np.testing.assert_allclose(np.array(product["demand"]), np.array(found["demand"]))


def test_what_ends_within_the_year_is_told_by_month(bill):
    ends = [("a", "2027-02-10", 2), ("b", "2027-02-20", 3), ("c", "2026-11-01", 5), ("d", "2028-02-01", 7)]
    bill.executemany(
        "insert into commitment (source, commitment_id, currency, provider, end_utc, hourly_commitment) "
        "values ('aws', ?, 'USD', 'AWS', ?, ?)",
        ends,
    )
    rows = run(bill, load_sql("decide/commitment_option/expiry"), {"as_of": AS_OF}).fetchall()
    assert [(str(month)[:10], hourly, soon) for _, _, month, hourly, soon in rows] == [("2027-02-01", 5.0, 2.0)]
