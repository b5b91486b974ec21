# ruff: noqa: PLR0917 - fixtures are positional
"""Bills that are asked of a service: Cost Explorer and Athena, against moto's server."""

import json
import urllib.request
from datetime import date
from decimal import Decimal

import pytest

from data.aws import AwsAccess
from data.billing import athena as athena_module
from data.billing.athena import Athena
from data.billing.cost_explorer import CostExplorer
from data.billing.deliveries import Reading
from data.errors import InputError, NoData
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import AS_OF, load, totals


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


def test_an_account_without_cost_is_named(con, explorer, tmp_path) -> None:
    with pytest.raises(NoData, match="ce: Cost Explorer knows no cost of the last 1 months"):
        load(con, explorer, tmp_path)


@pytest.fixture
def lake(moto: str, flaky: str) -> Athena:
    client = AwsAccess(endpoint_url=moto).client("s3")
    client.create_bucket(Bucket="athena-sums")
    return Athena(
        kind="athena",
        name="lake",
        database="billing",
        table="focus",
        output="s3://athena-sums/plimsoll/",
        tag_keys=("user:service",),
        aws=AwsAccess(endpoint_url=flaky),
    )


def test_athena_sums_once_a_night_and_only_the_sums_are_fetched(con, lake, moto, faults, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(athena_module, "POLL_S", 0.01)
    sums = write_lines(
        tmp_path / "sums.parquet",
        [line(5, Tags={"user:service": "checkout"}), line(7, Tags={})],
        date(2026, 11, 1),
    )
    client, statements = AwsAccess(endpoint_url=moto).client("s3"), []

    def write(command: str, path: str) -> None:
        if command == "POST" and path == "/" and not statements:
            statements.append(path)
            below = f"plimsoll/{AS_OF}-{athena_module.fingerprint(lake.query(Reading(tmp_path, AS_OF)))}/"
            client.put_object(Bucket="athena-sums", Key=f"{below}part-0.parquet", Body=sums.read_bytes())

    faults.before = write
    assert load(con, lake, tmp_path / "cache").lines == 2
    assert statements
    assert totals(con)[0][4] == 12
    assert con.execute("select owner_tag from charge_day order by all").fetchall() == [("checkout",), (None,)]
    assert load(con, lake, tmp_path / "cache", day=1).lines == 0


def test_athena_that_writes_nothing_is_named(con, lake, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(athena_module, "POLL_S", 0.01)
    lake = lake.model_copy(update={"table": "empty"})
    with pytest.raises(InputError, match=r"Athena wrote nothing; has billing\.empty the partitions"):
        load(con, lake, tmp_path)


def test_athena_asks_for_the_months_and_tags_that_are_wanted(lake, tmp_path) -> None:
    query = lake.query(Reading(tmp_path, date(2026, 3, 1)))
    assert "billing_period in ('2026-02', '2026-01', '2025-12')" in query
    assert "map(array['user:service'], array[element_at(tags, 'user:service')])" in query
    assert 'from "billing"."focus"' in query
    assert "$" not in query.partition("select")[2]
