"""Azure and Google Cloud exports, as they are published and in made-up layouts."""

import ast
import csv as csv_module
import json
import shutil
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.azure.azure import Azure
from data.billing.gcp import Gcp
from data.errors import InputError
from tests.data.billing.loading import load, totals

HEADER = "Date,CostInBillingCurrency,BillingCurrency,BillingPeriodStartDate,ChargeType,PricingModel,SubscriptionId,Tags"


def azure(uri: Path, **keys: object) -> Azure:
    return Azure.model_validate({"kind": "azure", "name": "azure", "uri": str(uri)} | keys)


def gcp(uri: Path) -> Gcp:
    return Gcp(kind="gcp", name="gcp", uri=str(uri))


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as content:
        return list(csv_module.DictReader(content))


def to_scale(cost: str) -> Decimal:
    """Costs are kept to 20 places, each line rounded."""
    return Decimal(cost).quantize(Decimal("1e-20"), ROUND_HALF_UP)


def csv(file: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8-sig") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return file


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "currency"),
    [
        ("koku_azure_camelCased.csv", "USD"),
        ("koku_azure_version_2.csv", "MC"),
        ("koku_camel_azure_version_2.csv", "USD"),
        ("koku_costreport_a243c6f2-199f-4074-9a2c-40e671cf1584.csv", "USD"),
        ("focus_converters_sample-anonymous-ea-export-dataset.csv", "CAD"),
        ("finops_toolkit_EA_ActualCost_Small.csv", "USD"),
    ],
)
def test_published_azure_exports_are_read_to_the_line(con, shared, file, currency) -> None:
    path = shared / "real/billing_azure" / file
    load(con, azure(path))
    rows = read(path)
    cost = next(name for name in rows[0] if name.lower() in {"costinbillingcurrency", "cost", "pretaxcost"})
    found = totals(con)
    assert {row[2] for row in found} == {currency}
    assert sum(row[3] for row in found) == len(rows)
    assert sum(row[4] for row in found) == sum(to_scale(row[cost]) for row in rows)


@pytest.mark.shared
def test_actual_and_amortised_cost_are_billed_and_effective(con, shared) -> None:
    folder = shared / "real/billing_azure"
    actual, amortized = (folder / f"finops_toolkit_EA_{kind}Cost_Small.csv" for kind in ("Actual", "Amortized"))
    load(con, azure(actual, amortized_uri=str(amortized)))
    sums = []
    for file in (actual, amortized):
        with duckdb.connect() as other:
            ((cost,),) = other.execute(
                f"select sum(Cost::decimal(38, 20)) from read_csv('{file}', all_varchar = true)"
            ).fetchall()
            sums.append(cost)
    found = con.execute("select sum(billed_cost), sum(effective_cost) from charge_day").fetchall()
    assert found == [tuple(sums)]


def test_azure_dates_of_any_form_and_charges_of_any_kind(con, tmp_path) -> None:
    csv(
        tmp_path / "export.csv",
        '10/31/2026,1.5,USD,10/01/2026,Usage,OnDemand,s1,"""service"": ""checkout"",""env"": ""prod"""',
        "2026-10-31,2,USD,10/01/2026,UnusedReservation,Reservation,s1,",
        "10/1/2026,4,USD,10/01/2026,Purchase,Reservation,s1,",
        "2026-10-02,8,USD,10/01/2026,Refund,OnDemand,s1,{}",
    )
    load(con, azure(tmp_path))
    found = con.execute(
        "select charge_date, charge_category, commitment_status, owner_tag, billed_cost "
        "from charge_day order by billed_cost"
    ).fetchall()
    assert found == [
        (date(2026, 10, 31), "Usage", None, "checkout", Decimal("1.5")),
        (date(2026, 10, 31), "Usage", "Unused", None, 2),
        (date(2026, 10, 1), "Purchase", None, None, 4),
        (date(2026, 10, 2), "Adjustment", None, None, 8),
    ]


def run(  # noqa: PLR0917 - facts of a run
    root: Path, run_id: str, submitted: str, cost: int, parts: int = 1, period: str = "20261001-20261031"
) -> None:
    """Write a run of `parts` files, each of one line of that cost."""
    folder = root / period / run_id
    names = [f"part_0_{number:04d}.csv" for number in range(parts)]
    for name in names:
        csv(folder / name, f"10/02/2026,{cost},USD,10/01/2026,Usage,OnDemand,s1,")
    manifest = {
        "runInfo": {"submittedTime": submitted},
        "blobs": [{"blobName": f"x/{run_id}/{name}"} for name in names],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_the_newest_run_of_a_month_alone_is_the_bill(con, tmp_path) -> None:
    run(tmp_path, "bbb", "2026-10-20T05:00:00Z", 10)
    run(tmp_path, "aaa", "2026-11-03T05:00:00Z", 1)
    load(con, azure(tmp_path))
    assert [row[4] for row in totals(con)] == [1]


def test_the_runs_of_both_exports_are_one_bill_and_a_month_that_lacks_one_waits(con, tmp_path) -> None:
    for kind, cost in (("actual", 1), ("amortized", 3)):
        run(tmp_path / kind, "aaa", "2026-11-03T05:00:00Z", cost, parts=2)
    spec = azure(tmp_path / "actual", amortized_uri=str(tmp_path / "amortized"))
    load(con, spec)
    assert con.execute("select sum(billed_cost), sum(effective_cost) from charge_day").fetchall() == [(2, 6)]
    shutil.rmtree(tmp_path / "amortized/20261001-20261031")
    run(tmp_path / "amortized", "bbb", "2026-11-03T05:00:00Z", 1, period="20260901-20260930")
    with pytest.raises(InputError, match="has only one of actual and amortised cost; wait for the other"):
        load(con, spec, day=1)
    assert con.execute("select sum(billed_cost), sum(effective_cost) from charge_day").fetchall() == [(2, 6)]


def test_another_delimiter_is_read(con, tmp_path) -> None:
    csv(tmp_path / "export.csv", "2026-10-31;1.5;EUR", header="Date;Cost;BillingCurrency")
    load(con, azure(tmp_path, delimiter=";"))
    assert totals(con)[0][4] == Decimal("1.5")


@pytest.mark.shared
@pytest.mark.parametrize(
    "file", ["koku_202011_30c31bca571d9b7f3b2c8459dd8bc34a_2020-11-08_2020-11-11.csv", "koku_2022-08-01_5.csv"]
)
def test_published_gcp_exports_tie_with_their_credits(con, shared, file) -> None:
    rows = read(shared / "real/billing_gcp" / file)
    cost = sum(Decimal(row["cost"]) for row in rows)
    credits_given = sum(Decimal(str(one["amount"])) for row in rows for one in ast.literal_eval(row["credits"]))
    load(con, gcp(shared / "real/billing_gcp" / file))
    ((billed,),) = con.execute("select sum(billed_cost) from charge_day").fetchall()
    assert abs(billed - cost - credits_given) < Decimal("1e-9")
    assert {row[1] for row in totals(con)} == {
        date(int(rows[0]["invoice.month"][:4]), int(rows[0]["invoice.month"][4:]), 1)
    }


@pytest.mark.parametrize(
    ("dates", "date_format", "days"),
    [
        (("01/10/2026", "12/10/2026"), None, None),  # 1 to 12 October, or a day of ten months
        (("05/10/2026", "01/10/2026"), None, None),
        (("01/10/2026", "12/10/2026"), "%d/%m/%Y", (date(2026, 10, 1), date(2026, 10, 12))),
        (("01/10/2026", "12/10/2026"), "%m/%d/%Y", (date(2026, 1, 10), date(2026, 12, 10))),
        (("10/01/2026", "10/12/2026"), None, (date(2026, 10, 1), date(2026, 10, 12))),
        (("10/01/2026", "11/01/2026"), None, (date(2026, 10, 1), date(2026, 11, 1))),  # a line a month
        (("09/30/2026", "10/01/2026"), None, (date(2026, 9, 30), date(2026, 10, 1))),
        (("2026-10-05", "2026-11-06"), None, (date(2026, 10, 5), date(2026, 11, 6))),
    ],
)
def test_dates_that_could_have_the_day_first_are_not_guessed(con, tmp_path, dates, date_format, days) -> None:
    header = HEADER.replace("BillingPeriodStartDate,", "")
    csv(tmp_path / "bill.csv", *(f"{day},1,USD,Usage,,1," for day in dates), header=header)
    if days is None:
        with pytest.raises(InputError, match='say which it is: date_format = "%d/%m/%Y" or'):
            load(con, azure(tmp_path))
        return
    load(con, azure(tmp_path, date_format=date_format))
    assert con.execute("select min(charge_date), max(charge_date) from charge_day").fetchall() == [days]


def test_gcp_parquet_with_structs_and_credits(con, tmp_path) -> None:
    file = tmp_path / "export.parquet"
    with duckdb.connect() as other:
        other.execute(
            "copy (select 'B1' as billing_account_id, {'id': '6F81', 'description': 'Compute Engine'} as service, "
            "{'id': 'shop', 'name': 'Shop'} as project, [{'key': 'service', 'value': 'checkout'}] as labels, "
            "{'location': 'eu', 'region': 'europe-west1'} as location, "
            "timestamp '2026-10-05 10:00:00' as usage_start_time, "
            "10.0::double as cost, 'EUR' as currency, {'amount': 3600.0, 'unit': 'seconds'} as usage, "
            "[{'name': 'CUD', 'amount': -2.5, 'type': 'COMMITTED_USAGE_DISCOUNT'}, "
            "{'name': 'Gift', 'amount': -1.0, 'type': 'PROMOTION'}] as credits, "
            f"{{'month': '202610'}} as invoice, 'regular' as cost_type) to '{file}' (format parquet)"
        )
    load(con, gcp(file))
    found = con.execute(
        "select charge_category, account, product, region, owner_tag, billed_cost, currency "
        "from charge_day order by all"
    ).fetchall()
    same = ("shop", "Compute Engine", "europe-west1", "checkout")
    assert found == [("Credit", *same, Decimal(-1), "EUR"), ("Usage", *same, Decimal("7.5"), "EUR")]


@pytest.mark.parametrize(
    "credits_", ["[{amount", "[{'Amount': -1, 'type': 'DISCOUNT'}]", "[{'amount': None, 'type': 'DISCOUNT'}]"]
)
def test_gcp_credits_that_cannot_be_read_stop_the_load(con, tmp_path, credits_) -> None:
    csv(
        tmp_path / "export.csv",
        f'202610,2026-10-05 10:00:00+00:00,1,USD,"{credits_}"',
        header="invoice.month,usage_start_time,cost,currency,credits",
    )
    with pytest.raises(InputError, match="BilledCost holds credits"):
        load(con, gcp(tmp_path))
