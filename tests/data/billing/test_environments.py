"""Which environment a charge is of: its own tags say, whatever the vendor's form, or its account's."""

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.billing.store import BillingSource
from tests.data.billing.export import line, write_lines
from tests.data.billing.test_kubernetes import DAY, NODE, allocation, pod
from tests.data.billing.test_owners import CUR, CUR_LINE, gcp_line, owners

KEYS = {"environment_keys": ("user:environment", "env")}
FOUND = "select environment, sum(effective_cost) from cost_day group by all order by all"


def found(con: duckdb.DuckDBPyConnection, source: BillingSource, **keys: object) -> dict[str | None, Decimal]:
    owners(con, source, **keys)
    return dict(con.execute(FOUND).fetchall())


def focus(root: Path, *lines: dict[str, object], **others: object) -> Focus:
    write_lines(root / "bill.csv", list(lines))
    return Focus.model_validate({"kind": "focus", "name": "bill", "uri": str(root / "bill.csv")} | others)


@pytest.mark.parametrize(
    ("tags", "environment"),
    [
        ({"env": "prod"}, "prod"),
        ({"Env": "Staging", "service": "shop"}, "Staging"),
        ({"env": "prod", "user:environment": "test"}, "test"),
        ({"env": "prod", "user:environment": "n/a"}, "prod"),
        ({"service": "shop"}, None),
        ({}, None),
    ],
)
def test_the_first_key_that_says_something_decides(con, tmp_path, tags, environment) -> None:
    assert found(con, focus(tmp_path, line(1, Tags=tags)), **KEYS) == {environment: 1}


def test_without_keys_nothing_is_told_apart_and_naming_one_reads_the_bill_again(con, tmp_path) -> None:
    bill = focus(tmp_path, line(1, Tags={"env": "prod"}), line(2, Tags={"env": "test"}))
    assert found(con, bill) == {None: 3}
    assert found(con, bill, **KEYS) == {"prod": 1, "test": 2}
    assert found(con, bill) == {None: 3}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("resourceTags/user:environment", "test"),
        ("resource_tags_user_environment", "test"),
        ("cost_category", '"{""env"": ""test""}"'),
        ("tags", '"{""resourceTags/user:environment"": ""test""}"'),
    ],
)
def test_a_cost_and_usage_report_says_it(con, tmp_path, column, value) -> None:
    (tmp_path / "bill.csv").write_text(f"{CUR},{column}\n{CUR_LINE},{value}\n")
    assert found(con, Cur(kind="cur", name="bill", uri=str(tmp_path / "bill.csv")), **KEYS) == {"test": 10}


def test_a_label_of_google_s_says_it(con, tmp_path) -> None:
    (tmp_path / "bill.json").write_text(json.dumps(gcp_line(_labels=[{"key": "env", "value": "test"}])) + "\n")
    assert found(con, Gcp(kind="gcp", name="bill", uri=str(tmp_path / "bill.json")), **KEYS) == {"test": 10}


def test_an_account_has_the_environment_that_a_file_gives_it_where_a_line_has_none(con, tmp_path) -> None:
    (tmp_path / "accounts.csv").write_text("account,env\n1,test\n2,n/a\n")
    lines = [line(1, Tags={}), line(2, SubAccountId="2", Tags={}), line(4, Tags={"env": "prod"})]
    said = found(con, focus(tmp_path, *lines), account_tags=tmp_path / "accounts.csv", **KEYS)
    assert said == {"test": 1, None: 2, "prod": 4}
    (tmp_path / "accounts.csv").write_text("account,env\n1,prod\n2,n/a\n")  # built again, though no bill changed
    said = found(con, focus(tmp_path, *lines), account_tags=tmp_path / "accounts.csv", **KEYS)
    assert said == {"prod": 5, None: 2}


def test_a_pod_is_of_its_own_environment_and_what_is_left_of_the_node_s(con, tmp_path) -> None:
    rows = [
        pod("a", 4, **{"label.env": "test"}),
        pod("a", 4, **{"label.env": "qa"}),
        pod("b", 2, **{"label.env": None}),
    ]
    node = line(10, **DAY | {"Tags": {"env": "prod"}}, ResourceId=NODE)
    bill = focus(tmp_path, node, kubernetes=allocation(tmp_path, *rows))
    assert found(con, bill, **KEYS) == {"test": 4, "qa": 4, "prod": 2}
