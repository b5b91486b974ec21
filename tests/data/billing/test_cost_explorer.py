"""Bills that are asked of Cost Explorer, against moto's server."""

import json
import urllib.request
from datetime import date
from decimal import Decimal

import pytest

from data.billing import cost_explorer
from data.billing.cost_explorer import CostExplorer
from data.errors import BrokenDelivery, NoData
from data.storage.aws import AwsAccess
from tests.data.billing.loading import load


def group(keys: list[str], unblended: str, amortized: str) -> dict[str, object]:
    amounts = {"UnblendedCost": unblended, "NetAmortizedCost": amortized}
    return {"Keys": keys, "Metrics": {name: {"Amount": cost, "Unit": "USD"} for name, cost in amounts.items()}}


def day(start: str, end: str, *groups: dict[str, object], estimated: bool = False) -> dict[str, object]:
    return {"TimePeriod": {"Start": start, "End": end}, "Total": {}, "Groups": list(groups), "Estimated": estimated}


def answers(moto: str, *pages: dict[str, object]) -> None:
    """Queue what moto's Cost Explorer answers, one page a different question."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{moto}/moto-api/static/ce/cost-and-usage-results",
        data=json.dumps({"results": list(pages)}).encode(),
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - loopback


@pytest.fixture
def explorer(moto: str) -> CostExplorer:
    urllib.request.urlopen(urllib.request.Request(f"{moto}/moto-api/reset", method="POST"), timeout=5).close()  # noqa: S310
    return CostExplorer(kind="cost_explorer", name="ce", months=1, aws=AwsAccess(endpoint_url=moto))


NOTHING: dict[str, object] = {"ResultsByTime": []}


def test_cost_explorer_answers_become_a_bill(con, explorer, moto, tmp_path) -> None:
    ec2 = ["Amazon Elastic Compute Cloud - Compute", "100000000000"]
    first = {
        "ResultsByTime": [day("2026-11-01", "2026-11-02", group(ec2, "1.5", "1.25"), group(["Free", "1"], "0", "0"))],
        "NextPageToken": "next",
    }
    second = {"ResultsByTime": [day("2026-11-02", "2026-11-03", group(ec2, "2", "2"), estimated=True)]}
    tax = {"ResultsByTime": [day("2026-11-01", "2026-11-02", group(["Tax", "1"], "4", "4"))]}
    answers(moto, first, second, tax, NOTHING, NOTHING)
    assert load(con, explorer, tmp_path).lines == 3
    found = con.execute(
        "select charge_date, charge_category, account, product, billed_cost, effective_cost "
        "from charge_day order by all"
    ).fetchall()
    assert found == [
        (date(2026, 11, 1), "Tax", "1", "Tax", 4, 4),
        (date(2026, 11, 1), "Usage", "100000000000", ec2[0], Decimal("1.5"), Decimal("1.25")),
        (date(2026, 11, 2), "Usage", "100000000000", ec2[0], 2, 2),
    ]
    assert con.execute("select lines_without_invoice from billing_load").fetchall() == [(1,)]
    assert load(con, explorer, tmp_path, day=1).lines == 0  # the same answers are no new delivery


def test_cost_explorer_by_tag_names_the_owner(explorer) -> None:
    by_tag = explorer.model_copy(update={"tag": "service"})
    page = {"ResultsByTime": [day("2026-11-01", "2026-11-02", group(["EC2", "service$checkout"], "1", "1"))]}
    (row,) = by_tag.parse([page], "Usage")
    assert (json.loads(row["Tags"]), row["SubAccountId"]) == ({"service": "checkout"}, "")


def test_an_answer_without_an_end_is_refused_not_cut_short(con, explorer, moto, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(cost_explorer, "MAX_PAGES", 1)
    answers(moto, {"ResultsByTime": [], "NextPageToken": "next"})
    with pytest.raises(BrokenDelivery, match="has more than 1 pages; use an export"):
        load(con, explorer, tmp_path)


def test_an_account_without_cost_is_named(con, explorer, tmp_path) -> None:
    with pytest.raises(NoData, match="ce: Cost Explorer knows no cost of the last 1 months"):
        load(con, explorer, tmp_path)
