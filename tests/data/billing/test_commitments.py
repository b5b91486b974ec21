"""What was committed to, and the hours that it is measured against."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import build, load

NOON = {"ChargePeriodStart": "2026-10-05T12:00:00Z", "ChargePeriodEnd": "2026-10-05T13:00:00Z"}


def loaded(con, file: Path, *lines: dict[str, object]) -> None:
    write_lines(file, list(lines))
    load(con, Focus(kind="focus", name="bill", uri=str(file)))
    build(con)


def hours(con) -> list[tuple[object, ...]]:
    return con.execute(
        "select hour_utc, commitment_status, product, list_cost, contracted_cost, effective_cost "
        "from charge_hour order by all"
    ).fetchall()


@pytest.mark.parametrize("ending", ["csv", "parquet", "csv.gz"])
def test_hourly_usage_keeps_its_hour_and_its_lines_add_up(con, tmp_path, ending) -> None:
    loaded(
        con,
        tmp_path / f"bill.{ending}",
        line("0.1", **NOON, PricingCategory="Standard", ConsumedQuantity="2"),
        line("0.2", **NOON, PricingCategory="standard", SubAccountId="2"),
        line("0.4", ChargePeriodStart="2026-10-05T13:00:00Z", ChargePeriodEnd="2026-10-05T14:00:00Z"),
    )
    same = (None, "Amazon Elastic Compute Cloud")
    assert hours(con) == [
        (datetime(2026, 10, 5, 12), *same, *[Decimal("0.3")] * 3),
        (datetime(2026, 10, 5, 13), *same, *[Decimal("0.4")] * 3),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {},  # a day long
        NOON | {"ServiceCategory": "Storage"},
        NOON | {"ServiceCategory": "Analytics"},
        NOON | {"ChargeCategory": "Tax"},
        NOON | {"PricingCategory": "Dynamic"},
        NOON | {"ChargePeriodEnd": "2026-10-05T14:00:00Z"},
        NOON | {"ChargePeriodEnd": None},
    ],
)
def test_what_cannot_be_committed_to_or_has_no_hour_is_not_kept_by_the_hour(con, tmp_path, other) -> None:
    loaded(con, tmp_path / "bill.csv", line(1, **other))
    assert hours(con) == []


def test_a_month_that_is_delivered_again_replaces_its_hours(con, tmp_path) -> None:
    for cost in (1, 5):
        loaded(con, tmp_path / "bill.csv", line(cost, **NOON))
    assert [row[5] for row in hours(con)] == [5]


PLAN = {"CommitmentDiscountId": "sp-1", "CommitmentDiscountType": "Compute Savings Plan"}
FEE = {"ChargeCategory": "Purchase", "ChargeFrequency": "Recurring"} | PLAN
MONTH = {"ChargePeriodStart": "2026-10-01T00:00:00Z", "ChargePeriodEnd": "2026-11-01T00:00:00Z"}


def committed(con) -> list[tuple[object, ...]]:
    return con.execute(
        "select commitment_id, account, payment_option, start_utc, end_utc, hourly_commitment "
        "from commitment order by 1"
    ).fetchall()


def test_an_hour_of_a_commitment_costs_what_was_used_and_what_was_not(con, tmp_path) -> None:
    used = {"CommitmentDiscountStatus": "Used", "BilledCost": 0} | PLAN
    loaded(
        con,
        tmp_path / "bill.csv",
        line(3, **NOON | used),
        line(1, **NOON | used, SubAccountId="2"),
        line(2, **NOON | used | {"CommitmentDiscountStatus": "Unused"}),
        line(744 * 6, **FEE | MONTH | {"EffectiveCost": 0, "SubAccountId": "9"}),
    )
    assert committed(con) == [("sp-1", "9", "No Upfront", None, None, Decimal(6))]


def test_an_hour_costs_what_it_did_in_the_newest_month_that_is_over(con, tmp_path) -> None:
    used = {"CommitmentDiscountStatus": "Used", "BilledCost": 0} | PLAN
    later = {"ChargePeriodStart": "2026-11-01T12:00:00Z", "ChargePeriodEnd": "2026-11-01T13:00:00Z"}
    november = {"BillingPeriodStart": "2026-11-01T00:00:00Z", "BillingPeriodEnd": "2026-12-01T00:00:00Z"}
    loaded(con, tmp_path / "bill.csv", line(6, **NOON | used), line(2, **later | november | used))
    assert committed(con)[0][5] == 6


def test_a_monthly_line_of_what_was_not_used_lies_over_the_hours_that_were(con, tmp_path) -> None:
    used = {"CommitmentDiscountStatus": "Used", "BilledCost": 0} | PLAN
    loaded(
        con,
        tmp_path / "bill.csv",
        line(1, **NOON | used),
        line(743, **MONTH | used | {"CommitmentDiscountStatus": "Unused"}),
    )
    assert committed(con)[0][5] == 1


def test_an_upfront_fee_says_its_term_where_its_period_is_the_term(con, tmp_path) -> None:
    term = {"ChargePeriodStart": "2026-10-03T00:00:00Z", "ChargePeriodEnd": "2027-10-03T00:00:00Z"}
    loaded(con, tmp_path / "bill.csv", line(8760, **FEE | term | {"ChargeFrequency": "One-Time", "EffectiveCost": 0}))
    assert committed(con) == [
        ("sp-1", "1", "All Upfront", datetime(2026, 10, 3), datetime(2027, 10, 3), Decimal(1)),
    ]


CUR = """\
bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,\
lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode,\
savingsPlan/SavingsPlanARN,savingsPlan/OfferingType,savingsPlan/PaymentOption,savingsPlan/StartTime,\
savingsPlan/EndTime,savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,\
reservation/ReservationARN,reservation/StartTime,reservation/EndTime,reservation/EffectiveCost,pricing/PurchaseOption
2026-10-01T00:00:00Z,1,SavingsPlanCoveredUsage,2026-10-05T12:00:00Z,2026-10-05T13:00:00Z,AmazonEC2,5,USD,\
arn:sp,ComputeSavingsPlans,No Upfront,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,3,,,,,,,
2026-10-01T00:00:00Z,9,SavingsPlanRecurringFee,2026-10-05T12:00:00Z,2026-10-05T13:00:00Z,ComputeSavingsPlans,4,USD,\
arn:sp,ComputeSavingsPlans,No Upfront,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,,4,3,,,,,
2026-10-01T00:00:00Z,1,DiscountedUsage,2026-10-05T12:00:00Z,2026-10-05T13:00:00Z,AmazonRDS,0,USD,,,,,,,,,\
arn:ri,2026-03-01T00:00:00.000Z,2027-02-28T23:59:59.000Z,2,Partial Upfront
"""


def test_a_cost_and_usage_report_says_the_terms_of_plans_and_reservations(con, tmp_path) -> None:
    (tmp_path / "bill.csv").write_text(CUR, encoding="utf-8")
    load(con, Cur(kind="cur", name="bill", uri=str(tmp_path / "bill.csv")))
    build(con)
    assert committed(con) == [
        ("arn:ri", "1", "Partial Upfront", datetime(2026, 3, 1), datetime(2027, 2, 28, 23, 59, 59), Decimal(2)),
        ("arn:sp", "9", "No Upfront", datetime(2026, 1, 1), datetime(2027, 1, 1), Decimal(4)),
    ]
    kinds = con.execute("select commitment_type, commitment_category, currency from commitment order by 1").fetchall()
    assert kinds == [("Compute Savings Plan", "Spend", "USD"), ("Reservation", "Usage", "USD")]
    assert con.execute("select distinct billing_period, count(*) from charge_hour group by all").fetchall() == [
        (date(2026, 10, 1), 2)
    ]
