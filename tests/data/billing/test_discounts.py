"""Discounts meet what they discount: in a Cost and Usage Report with net columns on all, some or none of its lines."""

from decimal import Decimal

import duckdb
import pytest

from data.billing.cur.cur import Cur
from tests.data.billing.loading import load
from tests.data.billing.test_cur import ARN, RI, SP, TOTAL, UPFRONT, USED, row, written

NET = "lineItem__NetUnblendedCost"
PLAN = {"lineItem__ProductCode": "ComputeSavingsPlans"}
DAY = {"lineItem__UsageEndDate": "2026-10-06T00:00:00Z"}
TYPE = {"lineItem__UsageType": "HeavyUsage:m5.large"}
UPFRONT_PLAN = (row("SavingsPlanUpfrontFee", 1200, **PLAN), row("EdpDiscount", -120, **PLAN))
COVERED = (row("SavingsPlanCoveredUsage", 5, **{SP: 3}), row("SavingsPlanNegation", -5))


def costs(con: duckdb.DuckDBPyConnection) -> tuple[Decimal, list[str]]:
    """Return the effective cost, and what was said of the report."""
    ((effective,),) = con.execute("select sum(effective_cost) from charge_day").fetchall()
    issues = con.execute("select reason from input_issue where reason not like 'column %'").fetchall()
    return effective, [reason for (reason,) in issues]


@pytest.mark.parametrize(
    ("rows", "effective"),
    [
        # Net on some lines: a line without it costs what it costs.
        ([row("Usage", 10, **{NET: 9}), row("Usage", 5)], "14"),
        # The discount is in the net cost, whether its own line says 0 or nothing.
        ([row("Usage", 10, **{NET: 9}), row("EdpDiscount", -1, **{NET: 0})], "9"),
        ([row("Usage", 10, **{NET: 9}), row("EdpDiscount", -1, **{NET: ""})], "9"),
        ([row("Usage", 10, **{NET: 8}), row("BundledDiscount", -1), row("PrivateRateDiscount", -1)], "8"),
        # A report that has the columns, as CUR 2.0 always does, and nothing in them is one without.
        ([*(one | {"lineItem/NetUnblendedCost": ""} for one in UPFRONT_PLAN), *COVERED], "2.7"),
        ([*UPFRONT_PLAN, *COVERED], "2.7"),
        # Discounts on the fees of reservations lower what those cover and what of them nobody used.
        (
            [
                row("Fee", 1200, **{ARN: "arn"}),
                row("EdpDiscount", -120, **{ARN: "arn"}),
                row("DiscountedUsage", 0, **{ARN: "arn", RI: 3}),
                row("RIFee", 0, **{ARN: "arn", UPFRONT: 2}, **DAY),
            ],
            "4.5",
        ),
        (
            [
                row("RIFee", 31, **{ARN: "arn", "reservation__UnusedRecurringFee": 10}, **TYPE, **DAY),
                row("EdpDiscount", "-3.1", **TYPE),  # of the fee: its usage type
                row("EdpDiscount", -1, lineItem__UsageType="BoxUsage:m5.large"),  # of use
                row("Usage", 10, lineItem__UsageType="BoxUsage:m5.large"),
                row("DiscountedUsage", 0, **{ARN: "arn", RI: 21}),
            ],
            "36.9",
        ),
        (
            [
                row("SavingsPlanRecurringFee", 24, **{TOTAL: 24, USED: 20}, **PLAN),
                row("SppDiscount", "-2.4", **PLAN),
                row("SavingsPlanCoveredUsage", 30, **{SP: 20}),
                row("SavingsPlanNegation", -30),
            ],
            "21.6",
        ),
    ],
)
def test_a_discount_lowers_what_it_is_on_and_nothing_twice(con, tmp_path, rows, effective) -> None:
    load(con, Cur(kind="cur", name="cur", uri=str(written(tmp_path, rows))))
    assert costs(con) == (Decimal(effective), [])


def test_a_discount_on_fees_of_an_earlier_month_is_said_to_be_unknown(con, tmp_path) -> None:
    load(con, Cur(kind="cur", name="cur", uri=str(written(tmp_path, [*COVERED, row("EdpDiscount", -1)]))))
    effective, said = costs(con)
    assert effective == 2
    assert len(said) == 1
    assert "let the report have its net columns" in said[0]


def test_parts_of_a_node_that_is_not_in_the_report_are_said(con, tmp_path) -> None:
    parent, part = "splitLineItem__ParentResourceId", "splitLineItem__SplitCost"
    rows = [
        row("Usage", 10, lineItem__ResourceId="i-1"),
        row("Usage", 0, lineItem__ResourceId="pod/a", **{parent: "i-1", part: 6}),
        row("Usage", 0, lineItem__ResourceId="pod/b", **{parent: "i-2", part: 5}),
    ]
    load(con, Cur(kind="cur", name="cur", uri=str(written(tmp_path, rows))))
    assert costs(con) == (Decimal(10), ["1 parts of nodes that are not in this report: they count nothing"])
