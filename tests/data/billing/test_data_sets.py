"""FOCUS's other data sets, Oracle's own report, and vendors that publish FOCUS: each by naming its files."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.billing.allocation import Allocation, Invoice, build_cost
from data.billing.focus import Focus
from data.billing.oci import Oci
from data.catalog import store_catalog
from data.errors import InputError
from tests.data.billing.charged import service
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import AS_OF, build, load

OCTOBER = date(2026, 10, 1)


def focus(folder: Path, **keys: object) -> Focus:
    return Focus.model_validate({"kind": "focus", "name": "bill", "uri": str(folder / "bill.csv")} | keys)


CONTRACT = {
    "BillingCurrency": "USD",
    "ContractCommitmentCategory": "Spend",
    "ContractCommitmentCost": 8760,
    "ContractCommitmentId": "contract-1",
    "ContractCommitmentPeriodStart": "2026-01-01T00:00:00Z",
    "ContractCommitmentPeriodEnd": "2027-01-01T00:00:00Z",
    "ContractCommitmentType": "Enterprise plan",
}


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_contract_commitment_is_a_commitment(con, tmp_path, ending) -> None:
    write_lines(tmp_path / "bill.csv", [line(1)])
    cancelled = CONTRACT | {"ContractCommitmentId": "x", "ContractCommitmentLifecycleStatus": "Canceled"}
    rows = [CONTRACT | {"ContractCommitmentLifecycleStatus": "Active"}, cancelled]
    file = tmp_path / f"contracts.{ending}"
    if ending == "jsonl":
        file.write_text("\n".join(map(json.dumps, rows)) + "\n")
    else:
        file.write_text("\n".join([",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]) + "\n")
    load(con, focus(tmp_path, contract_commitments=str(file)))
    build(con)
    assert con.execute(
        "select commitment_id, commitment_type, commitment_category, start_utc, end_utc, hourly_commitment "
        "from commitment"
    ).fetchall() == [("contract-1", "Enterprise plan", "Spend", datetime(2026, 1, 1), datetime(2027, 1, 1), Decimal(1))]


def test_a_data_set_without_its_columns_is_refused_with_its_file(con, tmp_path) -> None:
    write_lines(tmp_path / "bill.csv", [line(1)])
    (tmp_path / "contracts.csv").write_text("Id,Cost\nx,1\n")
    with pytest.raises(InputError, match=r"contracts\.csv: column ContractCommitmentId is missing"):
        load(con, focus(tmp_path, contract_commitments=str(tmp_path / "contracts.csv")))


def test_invoice_details_stand_in_for_the_configurations_invoice(con, tmp_path) -> None:
    write_lines(tmp_path / "bill.csv", [line(10)])
    (tmp_path / "invoices.csv").write_text(
        "InvoiceId,BillingPeriodStart,BillingCurrency,BilledCost\n"
        "i1,2026-10-01T00:00:00Z,USD,7\ni2,2026-10-01T00:00:00+08:00,USD,4\n"
    )
    load(con, focus(tmp_path, invoice_details=str(tmp_path / "invoices.csv")))
    said = Invoice(source="bill", billing_period=OCTOBER, total=Decimal(99))
    build_cost(con, Allocation(), (said,), None, AS_OF)
    assert con.execute("select invoice_total, invoice_difference from bill").fetchall() == [(11, -1)]


@pytest.mark.parametrize(
    ("rows", "as_of", "finality"),
    [
        (["2026-10-01T00:00:00Z,Closed,Acme"], date(2026, 11, 2), "final"),
        (["2026-10-01T00:00:00Z,Open,Acme"], date(2026, 11, 30), "closed"),  # whatever its age
        (["2026-10-01T00:00:00+08:00,closed,Acme", "2026-10-01,Open,Other"], date(2026, 11, 30), "closed"),
        (["2026-10-01T00:00:00Z,Open,Acme"], date(2026, 10, 20), "open"),
        (["2026-09-01T00:00:00Z,Open,Acme"], date(2026, 11, 30), "final"),  # of another month
    ],
)
def test_the_vendor_says_which_billing_periods_are_final(con, tmp_path, rows, as_of, finality) -> None:
    write_lines(tmp_path / "bill.csv", [line(10)])
    header = "BillingPeriodStart,BillingPeriodStatus,InvoiceIssuerName"
    (tmp_path / "periods.csv").write_text("\n".join([header, *rows]) + "\n")
    load(con, focus(tmp_path, billing_periods=str(tmp_path / "periods.csv")))
    build_cost(con, Allocation(), (), None, as_of)
    assert con.execute("select finality from bill").fetchall() == [(finality,)]


def test_focus_1_4_needs_no_provider_name(con, tmp_path) -> None:
    one = {key: value for key, value in line(3).items() if key != "ProviderName"}
    write_lines(tmp_path / "bill.csv", [one | {"ServiceProviderName": "Acme AI"}])
    load(con, focus(tmp_path))
    assert con.execute("select provider, billed_cost from charge_day").fetchall() == [("Acme AI", 3)]


def test_a_bill_of_tokens_has_a_cost_per_million_tokens_in_its_currency(con, tmp_path) -> None:
    store_catalog(con, {"assistant": service(request_metric="tokens", accounts=["ai"])}, {}, AS_OF)
    tokens = {"ConsumedUnit": "Tokens", "BillingCurrency": "EUR", "SubAccountId": "ai", "Tags": {}}
    write_lines(
        tmp_path / "bill.csv",
        [
            line(6, **tokens, ConsumedQuantity=2_000_000, ServiceName="Input"),
            line(9, **tokens, ConsumedQuantity=1_000_000, ServiceName="Output"),
        ],
    )
    load(con, focus(tmp_path))
    con.executemany(
        "insert into utilization_hour values ('assistant', 'tokens', ?, 1, 1, 1, 125000, 1, 'test')",
        [(datetime(2026, 10, 1, hour),) for hour in range(24)],
    )
    build(con)
    found = con.execute("select currency, cost, cost_per_million, cost_usd from unit_cost_day").fetchall()
    assert found == [("EUR", 15, 5.0, None)]
    used = con.execute("select consumed_unit, sum(consumed_quantity) from charge_day group by all").fetchall()
    assert used == [("Tokens", 3_000_000.0)]


OCI = (
    "lineItem/referenceNo,lineItem/tenantId,lineItem/intervalUsageStart,lineItem/intervalUsageEnd,product/service,"
    "product/compartmentId,product/region,usage/billedQuantity,cost/billingUnitReadable,cost/currencyCode,cost/myCost,"
    "lineItem/isCorrection,tags/Shop.service"
)


def test_oracles_own_cost_report_is_read_file_by_file(con, tmp_path) -> None:
    rows = [
        "1,t,2026-10-05T00:00Z,2026-10-05T01:00Z,COMPUTE,c1,us-ashburn-1,2,OCPU Hours,EUR,1.5,false,checkout",
        "2,t,2026-10-05T01:00Z,2026-10-05T02:00Z,COMPUTE,c1,us-ashburn-1,2,OCPU Hours,EUR,2.5,false,",
        "3,t,2026-09-30T01:00Z,2026-09-30T02:00Z,COMPUTE,,us-ashburn-1,2,OCPU Hours,EUR,-0.5,true,search",
        "4,t,2026-10-05T01:00Z,2026-10-05T02:00Z,FREE,c1,us-ashburn-1,2,OCPU Hours,EUR,,false,",
    ]
    for number, row in enumerate(rows):
        (tmp_path / f"000{number}.csv").write_text(f"{OCI}\n{row}\n")
    load(con, Oci(kind="oci", name="oci", uri=str(tmp_path)))
    build(con)
    assert con.execute(
        "select billing_period, service, account, charge_class, sum(effective_cost) from cost_day "
        "where product <> 'FREE' group by all order by all"
    ).fetchall() == [
        (date(2026, 9, 1), "search", "t", "Correction", Decimal("-0.5")),
        (OCTOBER, "(unallocated)", "c1", None, Decimal("2.5")),
        (OCTOBER, "checkout", "c1", None, Decimal("1.5")),
    ]


def test_what_is_no_report_of_oracles_is_refused(con, tmp_path) -> None:
    (tmp_path / "bill.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"column lineItem/intervalUsageStart is missing; found a, b"):
        load(con, Oci(kind="oci", name="oci", uri=str(tmp_path / "bill.csv")))


@pytest.mark.parametrize("kind", ["decimal(38, 18)", "decimal(38, 20)", "decimal(20, 13)", "double", "decimal(38, 25)"])
def test_costs_of_any_scale_load_and_add_up_in_any_order(con, tmp_path, kind) -> None:
    write_lines(tmp_path / "plain.csv", [line("1.0000000000004", SubAccountId=name) for name in "abc"])
    con.execute(
        f"copy (select * replace (BilledCost::{kind} as BilledCost, EffectiveCost::{kind} as EffectiveCost) "
        f"from read_csv('{tmp_path / 'plain.csv'}', all_varchar = true)) to '{tmp_path / 'bill.parquet'}'"
    )
    load(con, Focus(kind="focus", name="bill", uri=str(tmp_path / "bill.parquet")))
    build(con)
    total = [(Decimal("3.0000000000012"), Decimal("3.0000000000012"))]
    assert con.execute("select sum(billed_cost), sum(effective_cost) from cost_service_day").fetchall() == total
