"""Use without a list price counts at its contracted cost, or at what it cost; how many lines did is said."""

from decimal import Decimal

import pytest

from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import load
from tests.data.billing.test_cur import RI, SP, row, written

REASON = "use without a list price: counted at its contracted price, or its cost"
PUBLIC = "pricing__publicOnDemandCost"


def listed(con) -> tuple[Decimal | None, int]:
    """Return the list cost, and how many lines had none."""
    ((cost,),) = con.execute("select sum(list_cost) from charge_day").fetchall()
    ((lines,),) = con.execute("select coalesce(sum(rows), 0) from input_issue where reason = $1", [REASON]).fetchall()
    return cost, lines


@pytest.mark.parametrize(
    ("others", "cost"),
    [
        ({"ListCost": None, "ContractedCost": 3}, (3, 1)),
        ({"ListCost": None, "ContractedCost": 0}, (2, 1)),
        ({"ListCost": None, "ContractedCost": None}, (2, 1)),
        ({"ListCost": 5}, (5, 0)),
        ({"ListCost": 0}, (0, 0)),  # the vendor says so
        ({"ListCost": None, "ChargeCategory": "Tax"}, (0, 0)),
        ({"ListCost": None, "ChargeCategory": "Purchase"}, (0, 0)),
        ({"ListCost": None, "CommitmentDiscountStatus": "Unused"}, (0, 0)),  # nobody would have paid for it
        ({"ListCost": None, "EffectiveCost": -2, "BilledCost": -2}, (0, 0)),  # a discount, say
        ({"ListCost": None, "EffectiveCost": 0, "BilledCost": 0}, (0, 0)),  # free of charge
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_focus_falls_back_where_use_has_no_list_cost(con, tmp_path, others, cost, ending) -> None:
    lines = [line(2) | others, line(1, ListCost=4)]  # a line with a list price beside it, in the same sum
    file = write_lines(tmp_path / f"bill.{ending}", lines)
    load(con, Focus(kind="focus", name="bill", uri=str(file)))
    assert listed(con) == (cost[0] + 4, cost[1])


@pytest.mark.parametrize(
    ("rows", "cost"),
    [
        ([row("Usage", 2, **{PUBLIC: ""}), row("Usage", 2, **{PUBLIC: 3})], (5, 1)),
        ([row("DiscountedUsage", 0, **{PUBLIC: 0, RI: 2})], (2, 1)),
        ([row("SavingsPlanCoveredUsage", 5, **{PUBLIC: 0, SP: 3}), row("SavingsPlanNegation", -5)], (5, 1)),
        ([row("Usage", 2, **{PUBLIC: 3}), row("EdpDiscount", -1)], (3, 0)),
        ([row("Usage", 2)], (None, 0)),  # a report without the column has no list prices
    ],
)
def test_a_cost_and_usage_report_falls_back_too(con, tmp_path, rows, cost) -> None:
    load(con, Cur(kind="cur", name="cur", uri=str(written(tmp_path, rows))))
    assert listed(con) == cost
