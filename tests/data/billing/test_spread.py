"""Charges that span days: effective cost is spread over them to the last digit, billed cost stays on the first."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import build, load

OCTOBER = {"ChargePeriodStart": "2026-10-01T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}


def loaded(con: duckdb.DuckDBPyConnection, file: Path, *lines: dict[str, object]) -> None:
    write_lines(file, list(lines))
    load(con, Focus(kind="focus", name="bill", uri=str(file)))
    build(con)


def days(con: duckdb.DuckDBPyConnection, cost: str = "effective_cost") -> dict[date, Decimal]:
    found = con.execute(f"select charge_date, sum({cost}) from cost_day group by all order by all").fetchall()
    return dict(found)


@pytest.mark.parametrize("ending", ["csv", "parquet", "csv.gz"])
def test_a_monthly_fee_is_a_day_of_it_each_day_and_billed_once(con, tmp_path, ending) -> None:
    fee = line(310, **OCTOBER, ProviderName="MongoDB", ChargeFrequency="Recurring")
    day = line(5, ChargePeriodStart="2026-10-02T00:00:00Z", ChargePeriodEnd="2026-10-03T00:00:00Z")
    loaded(con, tmp_path / f"bill.{ending}", fee, day)
    assert days(con) == {date(2026, 10, n): Decimal(15 if n == 2 else 10) for n in range(1, 32)}
    billed = {day: cost for day, cost in days(con, "billed_cost").items() if cost}
    assert billed == {date(2026, 10, 1): Decimal(310), date(2026, 10, 2): Decimal(5)}
    assert con.execute("select sum(lines), sum(list_cost) from cost_day").fetchall() == [(2, 315)]


def period(start: str, end: str | None) -> dict[str, object]:
    return {"ChargePeriodStart": start, "ChargePeriodEnd": end}


FIRST, SECOND, THIRD = date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7)


@pytest.mark.parametrize(
    ("when", "parts"),
    [
        (period("2026-10-05T12:00:00Z", "2026-10-06T12:00:00Z"), {FIRST: 12, SECOND: 12}),
        (period("2026-10-05T18:00:00Z", "2026-10-07T00:00:00Z"), {FIRST: 4.8, SECOND: 19.2}),
        (period("2026-10-05T00:00:00+02:00", "2026-10-06T00:00:00+02:00"), {date(2026, 10, 4): 2, FIRST: 22}),
        (period("2026-10-05T00:00:00Z", "2026-10-06T23:59:59Z"), {FIRST: 12, SECOND: 12}),
        (period("2026-10-05", "2026-10-08"), {FIRST: 8, SECOND: 8, THIRD: 8}),
        (period("2026-10-05T00:00:00Z", "2026-10-06T00:00:00Z"), {FIRST: 24}),
        (period("2026-10-05T23:00:00Z", "2026-10-06T00:00:00Z"), {FIRST: 24}),
        (period("2026-10-05T00:00:00Z", None), {FIRST: 24}),
        (period("2026-10-05T00:00:00Z", "2026-10-05T00:00:00Z"), {FIRST: 24}),
        (period("2026-10-05T00:00:00Z", "2026-10-01T00:00:00Z"), {FIRST: 24}),
        (period("2026-10-05T00:00:00Z", "9999-12-31T00:00:00Z"), {FIRST: 24}),
    ],
)
def test_a_charge_is_spread_by_the_time_in_each_day(con, tmp_path, when, parts) -> None:
    loaded(con, tmp_path / "bill.csv", line(24, **when))
    assert days(con) == {day: Decimal(str(cost)) for day, cost in parts.items()}


def test_an_end_that_is_no_time_stops_the_load_and_says_what_it_found(con, tmp_path) -> None:
    with pytest.raises(Exception, match="ChargePeriodEnd holds soon, want a time"):
        loaded(con, tmp_path / "bill.csv", line(24, **period("2026-10-05T00:00:00Z", "soon")))


def test_an_upfront_fee_of_a_commitment_makes_no_days_of_nothing(con, tmp_path) -> None:
    term = period("2026-10-05T00:00:00Z", "2029-10-05T00:00:00Z")
    loaded(con, tmp_path / "bill.csv", line(1200, **term, EffectiveCost=0, ChargeCategory="Purchase"))
    assert days(con, "billed_cost") == {FIRST: Decimal(1200)}


CUR = """\
bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,\
lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode,reservation/ReservationARN,\
reservation/UnusedRecurringFee,reservation/UnusedAmortizedUpfrontFeeForBillingPeriod
2026-10-01T00:00:00Z,1,RIFee,2026-10-01T00:00:00Z,2026-10-31T23:59:59Z,AmazonRDS,93,USD,arn,31,31
2026-10-01T00:00:00Z,1,Fee,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,AmazonRegistrar,31,USD,,,
"""


def test_fees_of_a_cost_and_usage_report_are_spread_too(con, tmp_path) -> None:
    (tmp_path / "bill.csv").write_text(CUR, encoding="utf-8")
    load(con, Cur(kind="cur", name="bill", uri=str(tmp_path / "bill.csv")))
    build(con)
    assert days(con) == {date(2026, 10, day): Decimal(3) for day in range(1, 32)}
    assert con.execute("select sum(billed_cost) from cost_day").fetchall() == [(124,)]


def test_how_far_a_bill_goes_is_told_by_use_and_not_by_a_fee_of_the_whole_month(con, tmp_path) -> None:
    loaded(con, tmp_path / "bill.csv", line(310, **OCTOBER), line(1, **period("2026-10-05", "2026-10-06")))
    assert con.execute("select last_charge_date from billing_load").fetchall() == [(FIRST,)]
    settled = con.execute("select max(date) from cost_service_day where is_settled").fetchall()
    assert settled == [(FIRST - timedelta(days=2),)]
    assert con.execute("select charge_date, usage_cost from billing_load_day").fetchall() == [(FIRST, 1)]


def test_a_bill_of_fees_alone_is_settled_as_far_as_they_go(con, tmp_path) -> None:
    loaded(con, tmp_path / "bill.csv", line(310, **OCTOBER))
    assert con.execute("select last_charge_date from billing_load").fetchall() == [(date(2026, 10, 31),)]


@pytest.mark.parametrize(
    ("start", "month"),
    [
        ("2026-10-01T00:00:00Z", 10),
        ("2026-09-30T16:00:00Z", 10),  # midnight in Shanghai
        ("2026-10-01T00:00:00+08:00", 10),
        ("2026-10-01T05:00:00Z", 10),  # midnight in New York
        ("2026-10-01T00:00:00-05:00", 10),
        ("2026-09-30T11:00:00Z", 10),  # midnight in Auckland
        ("2026-10-01 00:00:00+05:30", 10),
        ("2026-10-01", 10),
        ("2026-09-15T00:00:00Z", 9),  # a period that begins within a month
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_billing_period_belongs_to_the_month_of_the_vendors_clock(con, tmp_path, start, month, ending) -> None:
    if ending == "parquet":  # a timestamp has no offset: it is UTC
        start = datetime.fromisoformat(start).isoformat() if "+" not in start and "-05" not in start else "2026-10-01"
    loaded(con, tmp_path / f"bill.{ending}", line(1, BillingPeriodStart=start))
    assert con.execute("select billing_period from billing_load").fetchall() == [(date(2026, month, 1),)]


moments = st.datetimes(datetime(2026, 10, 1), datetime(2026, 10, 28)).map(lambda found: found.replace(microsecond=0))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    charges=st.lists(
        st.tuples(st.decimals(-9999, 9999, places=18), moments, st.timedeltas(timedelta(hours=1), timedelta(days=400))),
        min_size=1,
        max_size=5,
    )
)
def test_the_days_of_a_charge_add_up_to_it_to_the_last_digit(con, tmp_path_factory, charges) -> None:
    lines = [
        line(str(cost), **period(f"{start}Z", f"{start + span.__class__(seconds=int(span.total_seconds()))}Z"))
        for cost, start, span in charges
    ]
    con.execute("delete from billing_load")  # another bill, and no part of the one before
    loaded(con, tmp_path_factory.mktemp("spread") / "bill.csv", *lines)
    total = sum((cost for cost, _, _ in charges), Decimal(0))
    assert con.execute(
        "select sum(effective_cost), sum(billed_cost), sum(list_cost), sum(contracted_cost), sum(lines) from cost_day"
    ).fetchall() == [(total, total, total, total, len(charges))]
