# ruff: noqa: PLR0917 - fixtures and cases are positional
"""Cost and Usage Reports: AWS's arithmetic by line type, both versions, every layout."""

import csv
import gzip
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing.cur.cur import Cur
from data.errors import InputError
from data.storage.aws import AwsAccess
from tests.data.billing.export import write_manifest
from tests.data.billing.loading import build, load, totals

MONTH = date(2026, 10, 1)


def cur(uri: Path | str) -> Cur:
    return Cur(kind="cur", name="cur", uri=str(uri))


def row(kind: str, unblended: object, **others: object) -> dict[str, object]:
    """Return one CUR 1 line; `others` by their CUR 1 names with __ for /."""
    usual = {
        "bill/InvoiceId": "",
        "bill/BillingPeriodStartDate": "2026-10-01T00:00:00Z",
        "lineItem/UsageAccountId": "100",
        "lineItem/LineItemType": kind,
        "lineItem/UsageStartDate": "2026-10-05T00:00:00Z",
        "lineItem/ProductCode": "AmazonEC2",
        "lineItem/UnblendedCost": unblended,
        "lineItem/CurrencyCode": "USD",
    }
    return usual | {name.replace("__", "/"): value for name, value in others.items()}


def text(rows: list[dict[str, object]]) -> str:
    columns = list(dict.fromkeys(name for one in rows for name in one))
    content = io.StringIO()
    writer = csv.DictWriter(content, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return content.getvalue()


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    file = folder / "report-1.csv"
    file.write_text(text(rows), encoding="utf-8")
    return file


SP = "savingsPlan__SavingsPlanEffectiveCost"
TOTAL, USED = "savingsPlan__TotalCommitmentToDate", "savingsPlan__UsedCommitment"
RI, ARN = "reservation__EffectiveCost", "reservation__ReservationARN"
UPFRONT = "reservation__UnusedAmortizedUpfrontFeeForBillingPeriod"
RECURRING = "reservation__UnusedRecurringFee"


@pytest.mark.parametrize(
    ("line", "effective", "category", "status"),
    [
        (row("Usage", "1.5"), "1.5", "Usage", None),
        (row("SavingsPlanCoveredUsage", "1.5", **{SP: "0.9"}), "0.9", "Usage", "Used"),
        (row("SavingsPlanNegation", "-1.5"), "0", "Usage", None),
        (row("SavingsPlanRecurringFee", "2", **{TOTAL: "2.5", USED: "0.9"}), "1.6", "Purchase", "Unused"),
        (row("SavingsPlanUpfrontFee", "4380"), "0", "Purchase", None),
        (row("DiscountedUsage", "0", **{RI: "0.31", ARN: "arn:ri"}), "0.31", "Usage", "Used"),
        (row("RIFee", "90", **{UPFRONT: "10", RECURRING: "7.5", ARN: "arn:ri"}), "17.5", "Purchase", "Unused"),
        (row("RIFee", "90", **{UPFRONT: "", RECURRING: "7.5", ARN: "arn:ri"}), "7.5", "Purchase", "Unused"),
        (row("Fee", "1000", **{ARN: "arn:ri"}), "0", "Purchase", None),
        (row("Fee", "12"), "12", "Purchase", None),
        (row("Tax", "3"), "3", "Tax", None),
        (row("Credit", "-25"), "-25", "Credit", None),
        (row("Refund", "-5"), "-5", "Adjustment", None),
        (row("EdpDiscount", "-0.3"), "-0.3", "Usage", None),
        (row("BundledDiscount", "-0.2"), "-0.2", "Usage", None),
        (row("PrivateRateDiscount", "-0.1"), "-0.1", "Usage", None),
        (row("NewKindOfLine", "9"), "9", "NewKindOfLine", None),
    ],
    ids=lambda value: value["lineItem/LineItemType"] if isinstance(value, dict) else "",
)
def test_amortised_cost_is_aws_arithmetic_by_line_type(con, tmp_path, line, effective, category, status) -> None:
    load(con, cur(written(tmp_path, [line])))
    found = con.execute(
        "select billed_cost, effective_cost, charge_category, commitment_status from charge_day"
    ).fetchall()
    assert found == [(Decimal(str(line["lineItem/UnblendedCost"])), Decimal(effective), category, status)]


hours = st.lists(st.decimals(0, 5, places=4), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    upfront=st.decimals(0, 100, places=2),
    recurring=st.decimals("0.01", 2, places=4),
    demand=hours,
    discount=st.sampled_from([Decimal("0.28"), Decimal("0.5")]),
)
def test_effective_cost_over_a_savings_plans_life_is_what_was_paid(
    con, tmp_path_factory, upfront, recurring, demand, discount
) -> None:
    life = len(demand)
    upfront *= life  # so that an hour's share of it is exact
    committed = upfront / life + recurring
    lines, on_demand = [row("SavingsPlanUpfrontFee", upfront)], Decimal(0)
    for hour, wanted in enumerate(demand):
        used = min(committed, wanted)  # at the plan's rates
        covered, rest = used / (1 - discount), (wanted - used) / (1 - discount)
        stamp = {"lineItem__UsageStartDate": f"2026-10-{hour + 1:02d}T00:00:00Z"}
        covered, rest = round(covered, 8), round(rest, 8)
        lines += [
            row("SavingsPlanRecurringFee", recurring, **{TOTAL: committed, USED: used}, **stamp),
            row("SavingsPlanCoveredUsage", covered, **{SP: used}, **stamp),
            row("SavingsPlanNegation", -covered, **stamp),
            row("Usage", rest, **stamp),
        ]
        on_demand += rest
    con.execute("delete from billing_load")
    load(con, cur(written(tmp_path_factory.mktemp("sp"), lines)))
    ((effective, billed),) = con.execute("select sum(effective_cost), sum(billed_cost) from charge_day").fetchall()
    assert effective == billed == upfront + recurring * life + on_demand


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    upfront=st.decimals(0, 100, places=2),
    recurring=st.decimals(0, 2, places=4),
    used=st.lists(st.integers(0, 10), min_size=1, max_size=10),
)
def test_effective_cost_over_a_reservations_life_is_what_was_paid(
    con, tmp_path_factory, upfront, recurring, used
) -> None:
    upfront *= 10 * len(used)
    lines = [row("Fee", upfront, **{ARN: "arn:ri"})]
    for month, tenths in enumerate(used):
        share, stamp = upfront / len(used), {"lineItem__UsageStartDate": f"2026-10-{month + 1:02d}T00:00:00Z"}
        lines.append(row("DiscountedUsage", 0, **{RI: (share + recurring) * tenths / 10, ARN: "arn:ri"}, **stamp))
        unused = Decimal(10 - tenths) / 10
        lines.append(
            row("RIFee", recurring, **{UPFRONT: share * unused, RECURRING: recurring * unused, ARN: "arn:ri"}, **stamp)
        )
    con.execute("delete from billing_load")
    load(con, cur(written(tmp_path_factory.mktemp("ri"), lines)))
    ((effective, billed),) = con.execute("select sum(effective_cost), sum(billed_cost) from charge_day").fetchall()
    assert effective == billed == upfront + recurring * len(used)


def report(root: Path, month: date, assembly: str, rows: list[dict[str, object]], ending: str = "csv.gz") -> Path:
    """Write a CUR 1 report as AWS lays it out; the period's manifest names it."""
    period = f"{month:%Y%m%d}-{(month + timedelta(days=32)).replace(day=1):%Y%m%d}"
    folder = root / period / assembly
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"report-1.{ending}"
    if ending == "csv.gz":
        file.write_bytes(gzip.compress(text(rows).encode()))
    elif ending == "csv.zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("report-1.csv", text(rows))
    else:
        plain = written(folder, rows)
        with duckdb.connect() as con:
            columns = ", ".join(f'"{name}" as {_athena(name)}' for name in rows[0])
            con.execute(
                f"copy (select {columns} from read_csv('{plain}', all_varchar = true)) to '{file}' (format parquet)"
            )
        plain.unlink()
    key = f"some/prefix/report/{period}/{assembly}/{file.name}"
    manifest = json.dumps({"assemblyId": assembly, "reportName": "report", "reportKeys": [key]})
    for place in (folder, folder.parent):
        (place / "report-Manifest.json").write_text(manifest, encoding="utf-8")
    return file


def _athena(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name.replace("/", "_")).replace(
        "__", "_"
    )


@pytest.mark.parametrize("ending", ["csv.gz", "csv.zip", "snappy.parquet"])
def test_the_current_assembly_alone_is_the_bill(con, tmp_path, ending) -> None:
    report(tmp_path, MONTH, "old-assembly", [row("Usage", "100")], ending)
    report(tmp_path, MONTH, "new-assembly", [row("Usage", "1"), row("Tax", "2")], ending)
    report(
        tmp_path,
        date(2026, 9, 1),
        "september",
        [row("Usage", "5", bill__BillingPeriodStartDate="2026-09-01T00:00:00Z")],
    )
    loaded = load(con, cur(tmp_path), tmp_path / ".cache")
    assert (loaded.periods, loaded.lines, loaded.superseded) == (2, 3, 1)
    assert [found[4] for found in totals(con)] == [5, 3]
    assert con.execute("select execution_id, billed_cost from billing_load where not is_current").fetchall() == [
        ("old-assembly", 100)
    ]


def test_columns_may_differ_between_months_and_files(con, tmp_path) -> None:
    report(tmp_path, MONTH, "a", [row("SavingsPlanCoveredUsage", "3", **{SP: "2"})])
    report(tmp_path, date(2026, 9, 1), "b", [row("Usage", "5", bill__BillingPeriodStartDate="2026-09-01T00:00:00Z")])
    load(con, cur(tmp_path))
    assert [found[5] for found in totals(con)] == [5, 2]


@pytest.mark.parametrize(
    "column", ["resourceTags/user:service", "resource_tags_user_service", "resourceTags/user:Service"]
)
def test_the_owner_is_found_in_a_tag_column(con, tmp_path, column) -> None:
    load(con, cur(written(tmp_path, [row("Usage", "1") | {column: "checkout"}, row("Usage", "1")])))
    assert con.execute("select owner_tag, lines from charge_day order by all").fetchall() == [
        ("checkout", 1),
        (None, 1),
    ]


def test_tag_columns_that_differ_only_in_case_are_one(con, tmp_path) -> None:
    lower, upper = "resourceTags/user:service", "resourceTags/user:Service"
    lines = [row("Usage", "1") | {lower: "checkout", upper: ""}, row("Usage", "2") | {lower: "", upper: "search"}]
    load(con, cur(written(tmp_path, lines)))
    assert con.execute("select owner_tag, billed_cost from charge_day order by all").fetchall() == [
        ("checkout", 1),
        ("search", 2),
    ]


def test_zip_files_of_a_plain_folder_are_unpacked_elsewhere_and_counted_once(con, tmp_path) -> None:
    for number in (1, 2):
        with zipfile.ZipFile(tmp_path / f"report-{number}.csv.zip", "w") as packed:
            packed.writestr(f"report-{number}.csv", text([row("Usage", str(number))]))
    for day in (0, 1):
        load(con, cur(tmp_path), tmp_path / ".cache", day=day)
        assert [found[3:5] for found in totals(con)] == [(2, 3)]
    assert not list(tmp_path.glob("*.csv"))


def test_a_zip_of_any_case_and_with_macos_shadows_is_read(con, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "REPORT.ZIP", "w") as packed:
        packed.writestr("__MACOSX/._report.csv", "x")
        packed.writestr("report.csv", text([row("Usage", "1")]))
    load(con, cur(tmp_path), tmp_path / ".cache")
    assert [found[3:5] for found in totals(con)] == [(1, 1)]


def test_a_zip_bomb_is_named(con, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "report.csv.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("report.csv", "," * (65 << 20))
    with pytest.raises(InputError, match=r"report.csv.zip: unpacks to more than 64 MiB .*that is a bomb"):
        load(con, cur(tmp_path), tmp_path / ".cache")


@pytest.mark.parametrize("maps", ["json", "map"])
def test_cur_2_reads_its_maps(con, tmp_path, maps) -> None:
    made = {
        "json": """'{"user_service": "checkout"}' as resource_tags, '{"product_name": "Elastic Compute"}' as product""",
        "map": "map {'user_service': 'checkout'} as resource_tags, map {'product_name': 'Elastic Compute'} as product",
    }[maps]
    file = tmp_path / "cur2.parquet"
    with duckdb.connect() as other:
        other.execute(
            "copy (select timestamp '2026-10-01' as bill_billing_period_start_date, '7' as bill_invoice_id, "
            "timestamp '2026-10-05 10:00:00' as line_item_usage_start_date, 'Usage' as line_item_line_item_type, "
            "0.1::double as line_item_unblended_cost, 'USD' as line_item_currency_code, 'AmazonEC2' as "
            f"line_item_product_code, 'eu-west-1' as product_region_code, {made}) to '{file}' (format parquet)"
        )
    load(con, cur(file))
    found = con.execute("select owner_tag, product, region, billed_cost, charge_date, service_category from charge_day")
    assert found.fetchall() == [
        ("checkout", "Elastic Compute", "eu-west-1", Decimal("0.1"), date(2026, 10, 5), "Compute")
    ]
    assert con.execute("select lines_without_invoice from billing_load").fetchall() == [(0,)]


def test_cur_2_is_read_from_a_data_export(con, tmp_path) -> None:
    period = "BILLING_PERIOD=2026-10"
    for execution, cost in (("2026-10-11T00:00:00.000Z-old", 9), ("2026-11-08T00:00:00.000Z-new", 4)):
        folder = tmp_path / "data" / period / execution
        folder.mkdir(parents=True)
        file = folder / "cur2-00001.csv.gz"
        lines = text([{_athena(name): value for name, value in row("Usage", cost).items()}])
        file.write_bytes(gzip.compress(lines.encode()))
        write_manifest(tmp_path, MONTH, execution, [file])
    assert load(con, cur(tmp_path)).superseded == 1
    assert [found[4] for found in totals(con)] == [4]


def test_a_report_that_is_focus_is_told_so(con, tmp_path) -> None:
    (tmp_path / "focus.csv").write_text("BilledCost,EffectiveCost\n1,1\n")
    with pytest.raises(InputError, match="`kind` focus reads FOCUS"):
        load(con, cur(tmp_path))


def test_a_zip_that_is_cut_short_is_named(con, tmp_path) -> None:
    file = report(tmp_path, MONTH, "a", [row("Usage", "1")] * 50, "csv.zip")
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"report-1.csv.zip: is not zip or is cut short .*copy it again"):
        load(con, cur(tmp_path))


def test_a_month_in_the_folder_of_another_is_refused_where_it_has_its_own(con, tmp_path) -> None:
    september = {"bill__BillingPeriodStartDate": "2026-09-01T00:00:00Z"}
    report(tmp_path, MONTH, "a", [row("Usage", "1"), row("Usage", "1", **september)])
    report(tmp_path, date(2026, 9, 1), "b", [row("Usage", "5", **september)])
    with pytest.raises(InputError, match="holds lines of 2026-09-01, 2026-10-01, its folder says 2026-10-01"):
        load(con, cur(tmp_path))
    assert [found[4] for found in totals(con)] == [5]


@pytest.mark.shared
def test_kokus_tree_is_counted_once_and_by_its_lines_periods(con, shared, put, moto, tmp_path) -> None:
    """Two manifests name one file, whose folder says August: it holds three whole months."""
    bucket = put(shared / "real/billing_cur_v1/koku-local", "reports/koku-local/")
    spec = cur(f"s3://{bucket}/reports/koku-local").model_copy(update={"aws": AwsAccess(endpoint_url=moto)})
    loaded = load(con, spec, tmp_path)
    assert (loaded.periods, loaded.lines) == (3, 13_380)
    assert [(found[1].month, found[3], round(found[4], 2)) for found in totals(con)] == [
        (6, 3300, Decimal("34649.97")),
        (7, 9304, Decimal("100267.74")),
        (8, 776, Decimal("8310.05")),
    ]
    assert round(sum(found[4] for found in totals(con)), 2) == Decimal("143227.76")
    build(con)
    assert load(con, spec, tmp_path, day=1).lines == 0
    assert con.execute("select count(*) from input_issue where reason like 'holds 3 billing periods%'").fetchall() == [
        (1,)
    ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "lines", "effective", "without_invoice"),
    [
        ("koku_2022-07-01-alt-columns.csv", 2, "0", 0),
        ("koku_2023-06-01-not-final.csv", 3, "0.3", 3),
        ("koku_2023-06-01.csv", 3, "0.3", 0),
    ],
)
def test_kokus_cases_are_read(con, shared, file, lines, effective, without_invoice) -> None:
    load(con, cur(shared / "real/billing_cur_v1" / file))
    found = con.execute("select lines, effective_cost, lines_without_invoice from billing_load").fetchall()
    assert found == [(lines, Decimal(effective), without_invoice)]


@pytest.mark.parametrize(("codes", "found"), [(["CNY", ""], ["CNY"]), (["", ""], ["USD"]), (["CNY", "USD", ""], None)])
def test_a_line_without_a_currency_has_the_only_one_of_its_report(con, tmp_path, codes, found) -> None:
    written(tmp_path, [row("Usage", 1, lineItem__CurrencyCode=code) for code in codes])
    if found is None:
        with pytest.raises(InputError, match="1 lines have no BillingCurrency"):
            load(con, cur(tmp_path))
        return
    load(con, cur(tmp_path))
    assert [(one[2], one[4]) for one in totals(con)] == [(code, 2) for code in found]
