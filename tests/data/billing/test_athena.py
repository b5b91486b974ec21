# ruff: noqa: PLR0917 - fixtures are positional
"""Bills that Athena sums: its SQL against ours on the same lines, and what a run may leave behind."""

import json
import urllib.request
import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import boto3
import duckdb
import pytest
from botocore.client import BaseClient

from data.billing.athena import query as athena_query
from data.billing.athena.athena import Athena
from data.billing.athena.tables import sums
from data.billing.cur.cur import Cur
from data.billing.deliveries import BillReading
from data.billing.focus import Focus
from data.errors import InputError, SchemaMismatch
from data.storage.aws import AwsAccess
from tests.data.billing.export import line, write_lines
from tests.data.billing.lake import Lake, in_duckdb, objects
from tests.data.billing.loading import AS_OF, load, totals

NOVEMBER = date(2026, 11, 1)
TAG_KEYS = ("user:service", "service")
FOCUS_LINES = [
    line("0.000000000001", Tags={"User:Service": "checkout", "env": "prod"}, InvoiceId="7", ListCost=None),
    line("12.3456789012", Tags={"service": "search"}, ChargePeriodStart="2026-11-03 23:59:59"),
    line("-37.75", ChargeClass="Correction", ChargePeriodStart="2026-10-03", Tags={}),
    line(0, EffectiveCost="0.31", CommitmentDiscountStatus="Used", PricingCategory="Committed"),
    line("5", EffectiveCost=0, ChargeCategory="Purchase", Tags={"service": ""}),
    line("8.10", BillingCurrency="EUR", ConsumedQuantity="2.5", ConsumedUnit="Hrs"),
]
RI_FEE = "reservation_unused_amortized_upfront_fee_for_billing_period"
TEXTS = ("bill_invoice_id", "reservation_reservation_arn")
CUR_LINES: list[tuple[str, str, dict[str, str]]] = [  # line type, unblended cost, what else it has
    ("Usage", "1.5", {"line_item_usage_amount": "3"}),
    ("SavingsPlanCoveredUsage", "1.5", {"savings_plan_savings_plan_effective_cost": "0.9"}),
    ("SavingsPlanCoveredUsage", "3", {"savings_plan_savings_plan_effective_cost": "1.123456789"}),
    ("SavingsPlanNegation", "-4.5", {}),
    ("SavingsPlanRecurringFee", "2", {"savings_plan_total_commitment_to_date": "2.5"}),
    (
        "SavingsPlanRecurringFee",
        "2",
        {"savings_plan_total_commitment_to_date": "2.5", "savings_plan_used_commitment": "0.9"},
    ),
    ("SavingsPlanUpfrontFee", "4380", {}),
    ("DiscountedUsage", "0", {"reservation_effective_cost": "0.31", "reservation_reservation_arn": "arn:ri-1"}),
    ("RIFee", "90", {RI_FEE: "10", "reservation_unused_recurring_fee": "7.5"}),
    ("RIFee", "90", {"reservation_unused_recurring_fee": "7.5", "reservation_reservation_arn": "arn:ri-2"}),
    ("Fee", "1000", {"reservation_reservation_arn": "arn:ri-1"}),
    ("Fee", "12", {}),
    ("Tax", "3", {"bill_invoice_id": "42"}),
    ("Credit", "-25", {}),
    ("EdpDiscount", "-0.3", {}),
]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(athena_query, "POLL_S", 0.01)


@pytest.fixture(scope="module")
def clients(moto) -> list[BaseClient]:
    """Return clients for all tests: each reads megabytes of its service's description."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    return [session.client(name, endpoint_url=moto) for name in ("s3", "athena", "glue")]


@pytest.fixture
def lake(clients, faults, tmp_path) -> Lake:
    made = Lake(clients, tmp_path, f"billing_{uuid.uuid4().hex[:8]}")
    made.s3.create_bucket(Bucket=made.database.replace("_", "-"))
    faults.before = made.work
    return made


@pytest.fixture
def source(lake, flaky) -> Athena:
    return Athena(
        kind="athena",
        name="lake 1",
        database=lake.database,
        table="bill",
        output=f"s3://{bucket(lake)}/sums/",
        tag_keys=TAG_KEYS,
        aws=AwsAccess(endpoint_url=flaky),
    )


def bucket(lake: Lake) -> str:
    return lake.database.replace("_", "-")


def keys(lake: Lake) -> list[str]:
    return [found["Key"] for found in objects(lake.s3, bucket(lake), "").get("Contents", [])]


def focus_file(folder: Path, lines: list[dict[str, object]] = FOCUS_LINES) -> Path:
    return write_lines(folder / "lines.parquet", lines, NOVEMBER)


def add(lake: Lake, file: Path, partition: str = "2026-11") -> None:
    lake.add("bill", f"select *, '{partition}' as billing_period from '{file}'")


def cur_file(folder: Path, lines: Sequence[tuple[str, str, dict[str, str]]] = CUR_LINES) -> Path:
    """Write CUR 2.0 lines with its maps, twice each, on two hours of one day."""
    file = folder / "cur2.parquet"
    names = list(dict.fromkeys(name for _, _, more in lines for name in more))
    rows = ", ".join(
        f"(timestamp '2026-11-05 {hour}:00', '{kind}', '{cost}', "
        + ", ".join(f"'{more[name]}'" if name in more else "null" for name in names)
        + ")"
        for kind, cost, more in lines
        for hour in ("00", "23")
    )
    typed = ", ".join(f"{name}::double as {name}" for name in names if name not in TEXTS)
    with duckdb.connect() as con:
        con.execute(
            f"""copy (
                select * replace (line_item_unblended_cost::decimal(38, 9) as line_item_unblended_cost, {typed}),
                    timestamp '2026-11-01' as bill_billing_period_start_date,
                    line_item_line_item_type as line_item_usage_account_id,  -- so that every type is compared
                    'USD' as line_item_currency_code,
                    'AmazonEC2' as line_item_product_code,
                    map {{'product_name': 'Elastic Compute', 'region': 'eu-west-1'}} as product,
                    map {{'user_service': 'checkout', 'user_env': line_item_line_item_type}} as resource_tags
                from (values {rows}) t(
                    line_item_usage_start_date, line_item_line_item_type, line_item_unblended_cost, {", ".join(names)}
                )
            ) to '{file}' (format parquet)"""
        )
    return file


def bills(con: duckdb.DuckDBPyConnection, name: str) -> list[tuple[object, ...]]:
    """Return all that is stored of a source, but that sums are fewer lines."""
    return con.execute(
        "select * exclude (source, lines) replace (round(consumed_quantity, 9) as consumed_quantity) "
        "from charge_day where source = $name order by all",
        {"name": name},
    ).fetchall()


def test_sums_of_a_focus_table_are_ours_to_the_last_digit(con, lake, source, tmp_path) -> None:
    file = focus_file(tmp_path)
    add(lake, file)
    load(con, source, tmp_path / "cache")
    load(con, Focus(kind="focus", name="lines", uri=str(file)))
    assert bills(con, "lake 1") == bills(con, "lines")
    assert {row[2] for row in bills(con, "lake 1")} == {"User:Service", "service", None}


def test_sums_of_a_cur_table_are_ours_to_the_last_digit_for_every_line_type(con, lake, source, tmp_path) -> None:
    file = cur_file(tmp_path)
    add(lake, file)
    load(con, source, tmp_path / "cache")
    load(con, Cur(kind="cur", name="lines", uri=str(file)))
    assert bills(con, "lake 1") == bills(con, "lines")
    assert len(bills(con, "lake 1")) == len({kind for kind, *_ in CUR_LINES})


def test_net_columns_that_only_some_lines_have_are_summed_apart(con, lake, source, tmp_path) -> None:
    net, plan = "line_item_net_unblended_cost", "savings_plan_savings_plan_effective_cost"
    upfront = "reservation_unused_amortized_upfront_fee_for_billing_period"
    lines = [
        ("Usage", "10", {net: "9"}),
        ("Usage", "5", {}),
        ("EdpDiscount", "-1", {}),
        ("SavingsPlanCoveredUsage", "4", {plan: "3", "savings_plan_net_savings_plan_effective_cost": "2.7"}),
        ("SavingsPlanCoveredUsage", "4", {plan: "3"}),
        ("DiscountedUsage", "0", {"reservation_effective_cost": "2", "reservation_net_effective_cost": "1.8"}),
        ("RIFee", "7", {upfront: "2", upfront.replace("_unused", "_net_unused"): "1.5"}),
    ]
    file = cur_file(tmp_path, lines)
    add(lake, file)
    load(con, source, tmp_path / "cache")
    load(con, Cur(kind="cur", name="lines", uri=str(file)))
    assert bills(con, "lake 1") == bills(con, "lines")
    effective = con.execute("select sum(effective_cost) from charge_day where source = 'lake 1'").fetchall()
    assert effective == [(Decimal(46),)]


@pytest.mark.shared
def test_sums_of_the_estates_months_are_ours_to_the_last_digit(con, lake, source, shared, tmp_path) -> None:
    folder = shared / "estate/billing/bucket/exports/focus-daily/data/BILLING_PERIOD=2026-06"
    (file, _) = sorted(folder.rglob("*.parquet"))
    add(lake, file, "2026-06")
    load(con, source.model_copy(update={"months": 6}), tmp_path / "cache")
    load(con, Focus(kind="focus", name="lines", uri=str(file)))
    assert bills(con, "lake 1") == bills(con, "lines")


@pytest.mark.parametrize(
    ("columns", "provider"),
    [({"ProviderName": "AWS"}, "AWS"), ({"ServiceProviderName": "AWS", "ProviderName": None}, "AWS"), ({}, None)],
    ids=["1.0", "1.3", "neither"],
)
def test_a_table_of_any_version_is_summed_by_the_columns_that_it_has(
    con, lake, source, tmp_path, columns, provider
) -> None:
    row = {name: value for name, value in line(5).items() if name not in {"ProviderName", "InvoiceId"}}
    add(lake, focus_file(tmp_path, [row | columns]))
    load(con, source, tmp_path / "cache")
    assert con.execute("select provider, billed_cost from charge_day").fetchall() == [(provider, 5)]


def test_lines_without_a_cost_stop_the_load_though_they_are_summed(con, lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path, [line(5), {**line(1), "BilledCost": None}]))
    with pytest.raises(SchemaMismatch, match=r"lake 1: Athena .*: 1 lines have no billed cost"):
        load(con, source, tmp_path / "cache")
    assert totals(con) == []


def test_other_tables_are_named(con, lake, source, tmp_path) -> None:
    lake.add("bill", "select 1 as id, '2026-11' as billing_period")
    with pytest.raises(SchemaMismatch, match=r"lake 1: Athena .*\.bill: column billingperiodstart is missing; found"):
        load(con, source, tmp_path / "cache")
    with pytest.raises(InputError, match=r"EntityNotFoundException.*check `database`, `table` and `aws.region`"):
        load(con, source.model_copy(update={"table": "nowhere"}), tmp_path / "cache")


def test_athena_is_asked_once_a_night_and_what_earlier_nights_left_is_removed(con, lake, source, tmp_path) -> None:
    lake.s3.put_object(Bucket=bucket(lake), Key="sums/of-somebody-else", Body=b"x")
    add(lake, focus_file(tmp_path))
    load(con, source, tmp_path / "cache")
    (first,) = [key for key in keys(lake) if "2026-11-20-" in key]
    assert load(con, source, tmp_path / "cache").lines == 0
    assert len(lake.statements) == 1
    tomorrow = BillReading(tmp_path / "cache", date(2026, 11, 21))
    assert [entry.key[:11] for one in source.deliveries(tomorrow) for entry in one.files] == ["2026-11-21-"]
    assert len(lake.statements) == 2
    assert first not in keys(lake)
    assert "sums/of-somebody-else" in keys(lake)


def test_results_that_are_gone_are_asked_for_again(con, lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path))
    load(con, source, tmp_path / "cache")
    (result,) = keys(lake)
    lake.s3.delete_object(Bucket=bucket(lake), Key=result)
    assert load(con, source, tmp_path / "cache").lines > 0
    assert len(lake.statements) == 2


def said(state: str, reason: str) -> bytes:
    status = {"State": state, "StateChangeReason": reason}
    return json.dumps({"QueryExecution": {"Status": status}}).encode()


def test_what_a_failed_run_left_is_never_the_bill(con, lake, source, faults, tmp_path) -> None:
    """UNLOAD writes files until it fails, and does not take them away."""
    add(lake, focus_file(tmp_path))
    faults.answers["GetQueryExecution"] = said("FAILED", "COLUMN_NOT_FOUND: line 1:8")
    lake.work("POST", "/")
    with pytest.raises(InputError, match=r"query .* failed: COLUMN_NOT_FOUND: line 1:8; see it in Athena's history"):
        load(con, source, tmp_path / "cache")
    lake.work("POST", "/")
    assert len(keys(lake)) == 1
    faults.answers.clear()
    load(con, source, tmp_path / "cache", day=1)
    assert len(lake.statements) == 2
    assert len(keys(lake)) == 1


@pytest.fixture
def never_done(moto):
    """Make moto keep queries where they are."""

    def transition(progression: dict[str, object]) -> None:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{moto}/moto-api/state-manager/set-transition",
            data=json.dumps({"model_name": "athena::execution", "transition": progression}).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=5).close()  # noqa: S310 - loopback

    transition({"progression": "manual", "times": 1_000_000})
    yield
    transition({"progression": "immediate"})


@pytest.mark.usefixtures("never_done")
def test_a_query_that_takes_too_long_is_stopped(con, lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path))
    with pytest.raises(InputError, match="ran for more than 0 s and was stopped; give it longer with wait_s"):
        load(con, source.model_copy(update={"wait_s": 0.05}), tmp_path / "cache")
    states = {
        lake.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]
        for query in lake.seen
        if lake.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Query"] in lake.statements
    }
    assert states == {"CANCELLED"}


@pytest.mark.usefixtures("never_done")
def test_a_query_that_somebody_stops_is_named(con, lake, source, faults, tmp_path) -> None:
    add(lake, focus_file(tmp_path))

    def stop(command: str, path: str) -> None:
        lake.work(command, path)
        for query in lake.seen if lake.statements else ():
            lake.athena.stop_query_execution(QueryExecutionId=query)

    faults.before = stop
    with pytest.raises(InputError, match="cancelled: no reason given"):
        load(con, source, tmp_path / "cache")


def test_many_results_are_listed_fetched_and_removed_page_by_page(con, lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path))
    for number in range(25):  # pages hold 10
        lake.s3.put_object(Bucket=bucket(lake), Key=f"sums/plimsoll-lake-1/old/{number}", Body=b"x")
    load(con, source.model_copy(update={"keep_results": True}), tmp_path / "cache")
    assert len(source.deliveries(BillReading(tmp_path / "other", AS_OF))) == 1
    assert len(objects(lake.s3, bucket(lake), "").get("Contents", [])) == 1


def test_athena_that_writes_nothing_is_named(con, lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path), "2025-01")
    with pytest.raises(
        InputError, match=r"Athena .*\.bill: wrote nothing .*; has the table the partitions of the last 3 months"
    ):
        load(con, source, tmp_path / "cache")


def test_a_probe_asks_for_no_query(lake, source, tmp_path) -> None:
    add(lake, focus_file(tmp_path))
    assert source.deliveries(BillReading(tmp_path, AS_OF, is_probe=True)) == []
    assert lake.statements == []


@pytest.mark.parametrize("tag_keys", [(), ("user_service", "o'brien")])
def test_the_query_is_athenas_sql_whatever_the_tags(tag_keys) -> None:
    there = ["billing_period", "line_item_unblended_cost", "line_item_line_item_type", "line_item_usage_start_date"]
    query = sums("lake", '"b"."t"', [*there, "bill_billing_period_start_date"], ["2026-10", "2026-09"], tag_keys)
    assert "$" not in query
    assert "in ('2026-10', '2026-09')" in query
    assert in_duckdb(query).count("o''brien") == ("o'brien" in tag_keys)
