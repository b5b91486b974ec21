"""What holds for every source of bills, whatever its kind."""

from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from data.billing import Source
from data.billing.focus import Focus
from data.errors import InputError
from data.storage.aws import AwsAccess
from tests.data.billing.export import line
from tests.data.billing.loading import load, totals
from tests.data.billing.test_azure_gcp import run

SPECS = {
    "focus": {"uri": "bills"},
    "cur": {"uri": "s3://bucket/report"},
    "cost_explorer": {"months": 2},
    "azure": {"uri": "bills", "amortized_uri": "more"},
    "gcp": {"uri": "bills/*.csv"},
    "oci": {"uri": "bills/*.csv"},
    "athena": {"database": "billing", "table": "focus", "output": "s3://bucket/sums/"},
}
ADAPTER: TypeAdapter[Source] = TypeAdapter(Source)


@pytest.mark.parametrize("kind", SPECS)
def test_every_kind_is_frozen_refuses_unknown_keys_and_reads_the_table_of_aws(kind) -> None:
    spec = {"kind": kind, "name": "bill"} | SPECS[kind]
    source = ADAPTER.validate_python(spec | {"aws": {"region": "eu-west-1", "assume_role": "arn:aws:iam::1:role/r"}})
    assert source.aws.region == "eu-west-1"
    assert source.located(Path("/etc")).name == "bill"
    with pytest.raises(ValidationError, match="frozen"):
        source.name = "other"
    with pytest.raises(ValidationError, match="Extra inputs"):
        ADAPTER.validate_python(spec | {"urii": "x"})
    with pytest.raises(ValidationError, match="Extra inputs"):
        ADAPTER.validate_python(spec | {"aws": {"secret_key": "x"}})


def test_every_kind_of_the_union_is_held_to_it() -> None:
    kinds = {get_args(member.model_fields["kind"].annotation)[0] for member in get_args(get_args(Source)[0])}
    assert kinds == set(SPECS)


@pytest.mark.parametrize("table", ["focus; drop table x", 'a"b', "a b"])
def test_names_that_would_change_athenas_query_are_refused(table) -> None:
    with pytest.raises(ValidationError, match="String should match pattern"):
        ADAPTER.validate_python({"kind": "athena", "name": "a"} | SPECS["athena"] | {"table": table})


def test_a_customers_key_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    access = AwsAccess(sse_customer_key_env="BILLS_KEY", requester_pays=True)
    with pytest.raises(InputError, match=r"environment variable BILLS_KEY .* is not set to a key in base64"):
        access.object_arguments()
    monkeypatch.setenv("BILLS_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
    found = access.object_arguments()
    assert found["SSECustomerKey"] == b"01234567890123456789012345678901"
    assert found["RequestPayer"] == "requester"


def test_focus_is_read_from_azures_runs_too(con, tmp_path) -> None:
    run(tmp_path, "old", "2026-10-20T05:00:00Z", 10)
    run(tmp_path, "new", "2026-11-03T05:00:00Z", 1)
    for name, cost in (("old", 10), ("new", 1)):
        row = line(cost, Tags="{}") | dict.fromkeys(("BillingPeriodStart", "ChargePeriodStart"), "2026-10-01T00:00Z")
        content = f"{','.join(row)}\n{','.join(str(value or '') for value in row.values())}\n"
        (tmp_path / "20261001-20261031" / name / "part_0_0000.csv").write_text(content)
    load(con, Focus(kind="focus", name="azure", uri=str(tmp_path)))
    assert [found[4] for found in totals(con)] == [1]
