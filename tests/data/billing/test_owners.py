"""The owner is not always in one column: allocated tags, categories, labels, groups, accounts, and rules on a line."""

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.allocation import Allocation, build_cost
from data.billing.azure.azure import Azure
from data.billing.cur.cur import Cur
from data.billing.deliveries import BillReading
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.billing.store import BillingSource, load_bills
from data.errors import ConfigError
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import AS_OF

KEYS = ("user:service", "service", "resource_group", "folder")


def owners(con: duckdb.DuckDBPyConnection, source: BillingSource, **keys: object) -> dict[str, Decimal]:
    """Load a source and return the effective cost of each service."""
    allocation = Allocation.model_validate({"tag_keys": KEYS} | keys)
    load_bills(con, source, allocation.owners, datetime(2026, 11, 20), BillReading(Path("/nowhere"), AS_OF))
    build_cost(con, allocation, (), None, AS_OF)
    return dict(con.execute("select service, sum(effective_cost) from cost_day group by all order by 1").fetchall())


def focus(con: duckdb.DuckDBPyConnection, file: Path, *lines: dict[str, object], **keys: object) -> dict[str, Decimal]:
    write_lines(file, list(lines))
    return owners(con, Focus(kind="focus", name="bill", uri=str(file)), **keys)


def tags(**found: str) -> str:
    return json.dumps(found)


@pytest.mark.parametrize(
    ("others", "service"),
    [
        ({"AllocatedTags": tags(service="pod"), "Tags": {"service": "node"}}, "pod"),
        ({"AllocatedTags": tags(service="pod"), "Tags": {"user:service": "node"}}, "pod"),  # whatever the key's rank
        ({"AllocatedTags": tags(team="x"), "Tags": {"service": "node"}}, "node"),
        ({"AllocatedTags": "", "Tags": {"service": "node"}}, "node"),
        ({"x_CostCategories": tags(Service="category"), "Tags": {}}, "category"),
        ({"x_CostCategories": tags(Service="category"), "Tags": {"service": "tag"}}, "tag"),
        ({"x_ResourceGroupName": "group", "Tags": {}}, "group"),
        ({"x_ResourceGroupName": "group", "Tags": {"service": "none"}}, "group"),
        *(
            ({"Tags": {"service": text}}, "(unallocated)")
            for text in ("true", "TRUE", "", "null", "None", "n/a", " - ")
        ),
        ({"Tags": {"user:service": "n/a", "service": "second"}}, "second"),
    ],
)
def test_the_owner_is_found_wherever_a_line_says_it(con, tmp_path, others, service) -> None:
    assert focus(con, tmp_path / "bill.csv", line(1, **others)) == {service: 1}


@pytest.mark.parametrize(
    ("text", "service", "is_said"),
    [
        ('{"service": "shop"}', "shop", False),
        ("{'service': 'shop', 'note': None}", "shop", False),  # as Python prints it
        ("{'service': \"bob's\"}", "bob's", False),
        ("service=shop;env=prod", "(unallocated)", True),
        ('{"note": "cut short by a spread', "(unallocated)", True),
        ('[{"key": "service", "value": "sho', "(unallocated)", True),
        ("{}", "(unallocated)", False),
        ("NULL", "(unallocated)", False),
        ('"service": "shop","env": "prod"', "shop", False),
        ('[{"Key": "service", "Value": "shop"}]', "shop", False),  # as AWS's own tools list them
        ('[{"name": "service", "value": "shop"}]', "(unallocated)", True),
        ('["service=shop"]', "(unallocated)", True),
        ("{service=shop, env=prod}", "(unallocated)", True),  # as Athena prints a map
        ('{""service"": ""shop""}', "(unallocated)", True),  # quoted twice
    ],
)
def test_tags_that_cannot_be_read_are_said(con, tmp_path, text, service, is_said) -> None:
    file = tmp_path / "bill.csv"
    write_lines(file, [line(1)])
    with file.open(encoding="utf-8", newline="") as content:
        (row,) = csv.DictReader(content)
    with file.open("w", encoding="utf-8", newline="") as content:
        writer = csv.DictWriter(content, row)
        writer.writeheader()
        writer.writerow(row | {"Tags": text})
    assert owners(con, Focus(kind="focus", name="bill", uri=str(file))) == {service: 1}
    found = con.execute("select count(*) from input_issue where reason like '1 lines have Tags that cannot be read%'")
    assert found.fetchall() == [(int(is_said),)]


def test_a_column_of_tags_without_keys_is_said(con, tmp_path) -> None:
    file = write_lines(tmp_path / "bill.parquet", [line(1)])
    with duckdb.connect() as other:
        other.execute(f"create table lines as select * replace (['service:shop'] as Tags) from '{file}'")
        other.execute(f"copy lines to '{file}' (format parquet)")
    assert owners(con, Focus(kind="focus", name="bill", uri=str(file))) == {"(unallocated)": 1}
    found = con.execute("select reason from input_issue where reason like 'Tags of type VARCHAR[] cannot be read%'")
    assert len(found.fetchall()) == 1


@pytest.mark.parametrize(
    ("wanted", "key", "service"),
    [("équipe", "Équipe", "shop"), ("größe", "grüße", "(unallocated)"), ("команда", "сервисы", "(unallocated)")],
)
def test_letters_of_any_alphabet_tell_keys_apart(con, tmp_path, wanted, key, service) -> None:
    assert focus(con, tmp_path / "bill.csv", line(1, Tags={key: "shop"}), tag_keys=(wanted,)) == {service: 1}


def test_what_says_nothing_is_configurable(con, tmp_path) -> None:
    lines = [line(1, Tags={"service": "none"}), line(2, Tags={"service": "tbd"})]
    assert focus(con, tmp_path / "bill.csv", *lines, silent_values=("TBD",)) == {"(unallocated)": 2, "none": 1}


@pytest.mark.parametrize(
    ("rule", "owned"),
    [
        ({"resource": "/.*:db-[0-9]+/"}, 1),
        ({"tag": {"team": "Payments"}}, 2),
        ({"tag": {"TEAM": "/pay.*/"}}, 2),
        ({"tag": {"team": "payments"}, "region": "eu-west-1"}, 0),
        ({"resource": "/.*/", "tag": {"team": "/.+/"}, "product": "Amazon Elastic Compute Cloud"}, 2),
        ({"tag": {"missing": "x"}}, 0),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_rules_may_look_at_any_tag_and_at_the_resource(con, tmp_path, rule, owned, ending) -> None:
    lines = [
        line(1, ResourceId="arn:aws:rds:db-1", Tags={"env": "prod"}),
        line(2, ResourceId="i-1", Tags={"team": "payments"}),
        line(4, ResourceId="i-2", Tags={}),
    ]
    found = focus(con, tmp_path / f"bill.{ending}", *lines, rule=[{"service": "ruled"} | rule])
    assert found.get("ruled", 0) == owned
    assert sum(found.values()) == 7


def test_the_first_rule_of_any_kind_decides(con, tmp_path) -> None:
    rules = [{"service": "first", "resource": "i-1"}, {"service": "second", "provider": "AWS"}]
    lines = [line(1, ResourceId="i-1", Tags={}), line(2, ResourceId="i-2", Tags={})]
    assert focus(con, tmp_path / "bill.csv", *lines, rule=rules) == {"first": 1, "second": 2}
    assert focus(con, tmp_path / "bill.csv", *lines, rule=rules[::-1]) == {"second": 3}


def test_a_changed_rule_reads_the_bill_again(con, tmp_path) -> None:
    one = line(1, ResourceId="i-1", Tags={})
    assert focus(con, tmp_path / "bill.csv", one, rule=[{"service": "a", "resource": "i-1"}]) == {"a": 1}
    assert focus(con, tmp_path / "bill.csv", one, rule=[{"service": "a", "resource": "i-2"}]) == {"(unallocated)": 1}


def test_an_account_has_the_tags_that_a_file_gives_it(con, tmp_path) -> None:
    with (tmp_path / "accounts.csv").open("w", newline="") as content:
        csv.writer(content).writerows([("account", "Service", "team"), ("1", "shop", "x"), ("2", "n/a", "y")])
    lines = [line(1, Tags={}), line(2, SubAccountId="2", Tags={}), line(4, Tags={"service": "own"})]
    found = focus(con, tmp_path / "bill.csv", *lines, account_tags=tmp_path / "accounts.csv")
    assert found == {"(unallocated)": 2, "own": 4, "shop": 1}
    reasons = {reason for (reason,) in con.execute("select allocation_reason from cost_day").fetchall()}
    assert reasons == {"tag Service of the account", "none", "tag service"}


def test_a_file_of_accounts_without_their_column_is_a_wrong_configuration(con, tmp_path) -> None:
    (tmp_path / "accounts.csv").write_text("id,service\n1,a\n")
    with pytest.raises(ConfigError, match=r"accounts\.csv: has no column account"):
        focus(con, tmp_path / "bill.csv", line(1), account_tags=tmp_path / "accounts.csv")


CUR = (
    "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/LineItemType,lineItem/UsageStartDate,"
    "lineItem/ProductCode,lineItem/UnblendedCost,lineItem/CurrencyCode"
)
CUR_LINE = "2026-10-01T00:00:00Z,1,Usage,2026-10-05T00:00:00Z,AmazonEC2,10,USD"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("resourceTags/user:service", "shop"),
        ("resource_tags_user_service", "shop"),
        ("costCategory/Service", "shop"),
        ("cost_category", '"{""service"": ""shop""}"'),
        ("tags", '"{""accountTag/service"": ""shop""}"'),
        ("tags", '"{""resourceTags/user:service"": ""shop"", ""costCategory/x"": ""y""}"'),
        ("account_tags", '"{""service"": ""shop""}"'),
    ],
)
def test_a_cost_and_usage_report_has_tags_of_many_kinds(con, tmp_path, column, value) -> None:
    (tmp_path / "bill.csv").write_text(f"{CUR},{column}\n{CUR_LINE},{value}\n")
    assert owners(con, Cur(kind="cur", name="bill", uri=str(tmp_path / "bill.csv"))) == {"shop": 10}


def gcp_line(**others: object) -> dict[str, object]:
    return {
        "service": {"description": "Compute Engine"},
        "usage_start_time": "2026-10-05 10:00:00 UTC",
        "cost": 10,
        "currency": "USD",
        "invoice": {"month": "202610"},
        "project": {"id": "p", **{key: value for key, value in others.items() if key in {"labels", "ancestors"}}},
        **{key[1:]: value for key, value in others.items() if key.startswith("_")},
    }


@pytest.mark.parametrize(
    "others",
    [
        {"labels": [{"key": "service", "value": "shop"}]},
        {"_labels": [{"key": "service", "value": "shop"}], "labels": [{"key": "service", "value": "project"}]},
        {"_tags": [{"key": "service", "value": "shop", "inherited": True}]},
        {
            "ancestors": [
                {"resource_name": "projects/1", "display_name": "p"},
                {"resource_name": "folders/2", "display_name": "shop"},
                {"resource_name": "folders/3", "display_name": "division"},
                {"resource_name": "organizations/4", "display_name": "company"},
            ]
        },
        {
            "ancestors": [
                {"resource_name": "organizations/4", "display_name": "company"},
                {"resource_name": "folders/3", "display_name": "division"},
                {"resource_name": "folders/2", "display_name": "shop"},
            ]
        },
    ],
)
def test_google_cloud_says_it_in_labels_tags_projects_and_folders(con, tmp_path, others) -> None:
    (tmp_path / "bill-000000000000.json").write_text(json.dumps(gcp_line(**others)) + "\n")
    assert owners(con, Gcp(kind="gcp", name="bill", uri=str(tmp_path))) == {"shop": 10}


def test_an_azure_resource_group_may_be_the_owner(con, tmp_path) -> None:
    (tmp_path / "bill.csv").write_text("Date,Cost,Currency,ResourceGroup,Tags\n10/05/2026,10,EUR,shop,\n")
    assert owners(con, Azure(kind="azure", name="bill", uri=str(tmp_path / "bill.csv"))) == {"shop": 10}


SPLIT = (
    f"{CUR},lineItem/ResourceId,splitLineItem/ParentResourceId,splitLineItem/SplitCost,splitLineItem/UnusedCost,"
    "resourceTags/user:service"
)


def split_lines(*rows: tuple[str, object, str, str, object, str]) -> str:
    """Return a report of rows (product, cost, resource, parent, part of the parent, owner)."""
    lines = [
        f"2026-10-01T00:00:00Z,1,Usage,2026-10-05T00:00:00Z,{product},{cost},USD,{resource},{parent},{part},,{owner}"
        for product, cost, resource, parent, part, owner in rows
    ]
    return "\n".join([SPLIT, *lines]) + "\n"


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (
            [
                ("AmazonEC2", 10, "i-1", "", "", "platform"),
                ("AmazonEKS", 0, "pod/a", "i-1", 6, "checkout"),
                ("AmazonEKS", 0, "pod/b", "i-1", 2, "search"),
            ],
            {("checkout", "direct"): 6, ("platform", "split_unused"): 2, ("search", "direct"): 2},
        ),
        (  # ECS, whose parents are ARNs; the node has another line, which is not split
            [
                ("AmazonEC2", 9, "i-1", "", "", "platform"),
                ("AmazonEC2", 1, "i-1", "", "", "platform"),
                ("AmazonECS", 0, "task/1", "arn:aws:ec2:eu:1:instance/i-1", "0.3333333333", "checkout"),
            ],
            {
                ("checkout", "direct"): Decimal("0.3333333333"),
                ("platform", "direct"): 1,
                ("platform", "split_unused"): Decimal("8.6666666667"),
            },
        ),
        (  # the node is in another report: nothing is made out of nothing
            [("AmazonEKS", 0, "pod/a", "i-9", 6, "checkout"), ("AmazonEC2", 1, "i-2", "", "", "platform")],
            {("checkout", "direct"): 0, ("platform", "direct"): 1},
        ),
        ([("AmazonEC2", 5, "i-1", "", "", "platform")], {("platform", "direct"): 5}),
    ],
)
def test_parts_of_a_node_and_what_nobody_used_are_the_node(con, tmp_path, rows, parts) -> None:
    (tmp_path / "bill.csv").write_text(split_lines(*rows))
    owners(con, Cur(kind="cur", name="bill", uri=str(tmp_path / "bill.csv")))
    found = con.execute("select service, component, sum(effective_cost) from cost_service_day group by all").fetchall()
    assert {(service, component): cost for service, component, cost in found} == parts
    bills = con.execute("select sum(effective_cost), sum(billed_cost) from cost_day").fetchall()
    assert bills == [(sum(row[1] for row in rows), sum(row[1] for row in rows))]
