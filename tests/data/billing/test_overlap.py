"""A month comes in many ways: each charge counts once, or the source is refused with the two files named."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing.azure.azure import Azure
from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.errors import InputError
from tests.data.billing.export import line, write_execution, write_lines
from tests.data.billing.loading import build, load
from tests.warehouses import new_warehouse

AZURE = "Date,CostInBillingCurrency,BillingCurrency,BillingPeriodStartDate,ChargeType,SubscriptionId,MeterCategory"


def on(day: int, cost: object, **others: object) -> dict[str, object]:
    return line(
        str(cost),
        ChargePeriodStart=f"2026-10-{day:02d}T00:00:00Z",
        ChargePeriodEnd=f"2026-10-{day:02d}T01:00:00Z",
        **others,
    )


def focus(uri: Path) -> Focus:
    return Focus(kind="focus", name="bill", uri=str(uri))


def azure(uri: Path, **keys: object) -> Azure:
    return Azure.model_validate({"kind": "azure", "name": "bill", "uri": str(uri)} | keys)


def by_day(con: duckdb.DuckDBPyConnection) -> dict[int, Decimal]:
    found = con.execute("select day(charge_date), sum(billed_cost) from charge_day group by all order by 1").fetchall()
    return dict(found)


def days(**files: dict[int, object]) -> dict[str, list[dict[str, object]]]:
    return {
        name: [on(day, one) for day, cost in of_day.items() for one in (cost if isinstance(cost, list) else [cost])]
        for name, of_day in files.items()
    }


@pytest.mark.parametrize(
    ("files", "billed"),
    [
        ({"october-to-05": {5: 10}, "october-to-10": {5: 10, 10: 20}}, {5: 10, 10: 20}),  # further days
        ({"b": {5: 10}, "a": {5: 10, 10: 20}}, {5: 10, 10: 20}),  # whatever the order of names
        ({"bill_2026-10-06": {5: 10, 6: 1}, "bill_2026-10-09": {5: 11, 6: 2}}, {5: 11, 6: 2}),  # restated: by name
        ({"bill-20261009": {1: 3, 2: 4}, "bill-20261006": {1: 3}}, {1: 3, 2: 4}),
        ({"w1": {1: 1, 3: 2, 4: 3}, "w2": {3: 2, 4: 3, 6: 5}}, {1: 1, 3: 2, 4: 3, 6: 5}),  # windows that slide
        ({"x": {1: 1}, "y": {1: 1, 2: 2}, "z": {1: 1, 2: 2, 3: 3}}, {1: 1, 2: 2, 3: 3}),
        ({"part-1": {1: 1, 2: 2}, "part-2": {1: 3, 2: 4}}, {1: 4, 2: 6}),  # parts share nothing
        ({"2026-10-01": {1: 1}, "2026-10-02": {2: 2}}, {1: 1, 2: 2}),  # a file a day
        (  # increments: the rest of a day comes a day later, and what was charged in between
            {"bill-2026-10-03": {2: [1, 2, 4, 8, 16]}, "bill-2026-10-04": {2: [32, 64], 3: [5, 6, 7]}},
            {2: 127, 3: 18},
        ),
        ({"bill-2026-10-03": {2: [1, 2, 4]}, "bill-2026-10-05": {2: [2, 3, 5], 4: 1}}, {2: 10, 4: 1}),  # restated
        ({"bill-00001": {1: [1, 2], 2: 3}, "bill-00002": {1: 1}}, {1: 4, 2: 3}),  # parts of one export
        ({"part-00000-8a7b-c000": {1: [1, 2], 2: 3}, "part-00001-8a7b-c000": {1: 1}}, {1: 4, 2: 3}),
        ({"data_0_0_0": {1: [1, 2], 2: 3}, "data_0_1_0": {1: 1}}, {1: 4, 2: 3}),
        (
            {"bill_2026-10-02": {1: 0, 2: 5}, "other_2026-10-03": {1: 0, 2: 6}},
            {1: 0, 2: 11},
        ),  # nothing equal but nothings
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_each_charge_of_plain_files_counts_once(con, tmp_path, files, billed, ending) -> None:
    for name, lines in days(**files).items():
        write_lines(tmp_path / f"{name}.{ending}", lines)
    load(con, focus(tmp_path))
    assert by_day(con) == billed


def test_files_that_count_both_on_common_days_are_named(con, tmp_path) -> None:
    found = {"bill-2026-10-03": {2: [1, 2, 4, 8, 16]}, "bill-2026-10-04": {2: 32, 3: 5}}
    for name, lines in days(**found).items():
        write_lines(tmp_path / f"{name}.csv", lines)
    load(con, focus(tmp_path))
    reasons = {reason for (reason,) in con.execute("select reason from input_issue").fetchall()}
    assert (
        "bill-2026-10-03.csv and bill-2026-10-04.csv: hold other charges of the same days: both are counted" in reasons
    )


def test_partitions_by_day_of_export_are_added(con, tmp_path) -> None:
    header = "invoice.month,usage_start_time,usage_end_time,cost,currency,credits,export_time"
    used = {2: [f"2026-10-01 {hour:02d}" for hour in range(9)], 3: ["2026-10-01 22", "2026-10-01 23", "2026-10-02 05"]}
    for exported, hours in used.items():
        rows = [f"202610,{hour}:00:00,{hour}:59:59,10,USD,[],2026-10-0{exported} 03:00:00" for hour in hours]
        (tmp_path / f"2026-10-0{exported}").mkdir()
        (tmp_path / f"2026-10-0{exported}/000000000000.csv").write_text("\n".join([header, *rows]) + "\n")
    load(con, Gcp(kind="gcp", name="bill", uri=str(tmp_path / "**/*.csv")))
    assert by_day(con) == {1: 110, 2: 10}


def test_a_late_charge_on_a_known_day_makes_a_file_the_newer_one(con, tmp_path) -> None:
    write_lines(tmp_path / "final.csv", [on(5, 10), on(5, 1, ServiceName="AWS Support (Business)")])
    write_lines(tmp_path / "draft.csv", [on(5, 10)])
    load(con, focus(tmp_path))
    assert by_day(con) == {5: 11}
    reasons = {reason for (reason,) in con.execute("select reason from input_issue").fetchall()}
    assert "draft.csv: days of it are in a newer file too: counted once" in reasons


def test_an_invoice_makes_a_file_the_newer_one(con, tmp_path) -> None:
    write_lines(tmp_path / "a.csv", [on(5, 10, InvoiceId="i1")])
    write_lines(tmp_path / "b.csv", [on(5, 10)])
    load(con, focus(tmp_path))
    assert con.execute("select lines, lines_without_invoice from billing_load").fetchall() == [(1, 0)]


@pytest.mark.parametrize(
    "files",
    [
        {"october": {5: 10}, "october (1)": {5: 10}},  # a copy
        {"a": {5: 10, 6: 3, 7: 1}, "b": {5: 10, 6: 3, 7: 2}},  # restated, nobody knows which way
        {"invoice-2026-10-03": {1: 100, 2: 7}, "invoice-2026-10-17": {1: 50, 16: 9}},  # two bills, or one restated
    ],
)
def test_what_cannot_be_known_is_refused_with_the_two_files_named(con, tmp_path, files) -> None:
    for name, lines in days(**files).items():
        write_lines(tmp_path / f"{name}.csv", lines)
    with pytest.raises(InputError) as error:
        load(con, focus(tmp_path))
    for name in files:
        assert f"{name}.csv" in str(error.value)
    assert re.search("remove (one of them|the older)", str(error.value))
    assert by_day(con) == {}


def test_one_bill_by_the_hour_and_by_the_day_is_refused(con, tmp_path) -> None:
    hours = [
        on(day, "0.1") | {"ChargePeriodStart": f"2026-10-0{day}T{hour:02d}:00:00Z"}
        for day in (5, 6)
        for hour in range(24)
    ]
    write_lines(tmp_path / "hourly.csv", hours)
    write_lines(tmp_path / "daily.csv", [on(5, "2.4"), on(6, "2.4")])
    with pytest.raises(InputError, match=r"daily.csv and hourly.csv say the same cost .* on all 2 days .*; keep one"):
        load(con, focus(tmp_path))
    write_lines(tmp_path / "daily.csv", [on(5, "2.4", SubAccountId="2"), on(6, "2.4", SubAccountId="2")])
    load(con, focus(tmp_path))
    assert by_day(con) == {5: Decimal("4.8"), 6: Decimal("4.8")}


def test_charges_differ_by_columns_in_any_alphabet(con, tmp_path) -> None:
    for name, resource in (("a", "東京"), ("b", "大阪")):
        (tmp_path / f"{name}.csv").write_text(f"日付,料金,資源,通貨\n2026-10-05,10,{resource},JPY\n", encoding="utf-8")
    load(
        con, azure(tmp_path, columns={"日付": "Date", "料金": "Cost", "資源": "ResourceId", "通貨": "BillingCurrency"})
    )
    assert by_day(con) == {5: 20}


def test_instances_that_cost_the_same_are_not_the_same_charge(con, tmp_path) -> None:
    for number in (1, 2):
        write_lines(tmp_path / f"part-{number}.csv", [on(5, 10, ResourceId=f"i-{number}{n}") for n in range(3)])
    load(con, focus(tmp_path))
    assert by_day(con) == {5: 60}


def test_accounts_downloaded_apart_are_added(con, tmp_path) -> None:
    for account in "12":
        write_lines(tmp_path / f"{account}.csv", [on(5, 10, SubAccountId=account), on(6, 10, SubAccountId=account)])
    load(con, focus(tmp_path))
    assert by_day(con) == {5: 20, 6: 20}


def test_downloads_of_a_cost_and_usage_report_count_once_too(con, tmp_path) -> None:
    header = (
        "identity/LineItemId,bill/BillingPeriodStartDate,lineItem/LineItemType,lineItem/UsageStartDate,"
        "lineItem/UnblendedCost,lineItem/CurrencyCode"
    )
    rows = [f"2026-10-01T00:00:00Z,Usage,2026-10-0{day}T00:00:00Z,{day},USD" for day in (1, 2)]
    (tmp_path / "a.csv").write_text("\n".join([header, f"x1,{rows[0]}"]) + "\n")
    (tmp_path / "b.csv").write_text("\n".join([header, f"y1,{rows[0]}", f"y2,{rows[1]}"]) + "\n")
    load(con, Cur(kind="cur", name="bill", uri=str(tmp_path)))
    assert by_day(con) == {1: 1, 2: 2}


def run(root: Path, days: str, run_id: str, lines: dict[int, object], written: str | None = "2026-10-20") -> None:
    """Write a run of an Azure export; a classic one, without a manifest, where nobody says when."""
    folder = root / days / run_id if written else root / days
    folder.mkdir(parents=True, exist_ok=True)
    name = "part_0_0001.csv" if written else f"daily_{run_id}.csv"
    rows = [f"10/{day:02d}/2026,{cost},USD,10/01/2026,Usage,s1,VM" for day, cost in lines.items()]
    (folder / name).write_text("\n".join([AZURE, *rows]) + "\n", encoding="utf-8")
    if written:
        document = {"runInfo": {"submittedTime": written}, "blobs": [{"blobName": f"x/{run_id}/{name}"}]}
        (folder / "manifest.json").write_text(json.dumps(document))


@pytest.mark.parametrize(
    ("runs", "billed"),
    [
        ([("20261001-20261007", "r1", {5: 10}), ("20261008-20261014", "r2", {10: 20})], {5: 10, 10: 20}),
        ([("20261001-20261001", "r1", {1: 1}), ("20261002-20261002", "r2", {2: 2})], {1: 1, 2: 2}),
        (  # the last seven days, every day: the newest run of a day is right
            [
                ("20261001-20261007", "r1", {5: 10, 7: 3}, "2026-10-08"),
                ("20261002-20261008", "r2", {5: 11, 7: 4, 8: 5}, "2026-10-09"),
            ],
            {5: 11, 7: 4, 8: 5},
        ),
        (  # a range asked for once corrects a month to date
            [("20261001-20261031", "r1", {5: 10, 20: 1}), ("20261001-20261007", "r2", {5: 12}, "2026-10-30")],
            {5: 12, 20: 1},
        ),
        (  # and the month to date corrects it
            [("20261001-20261031", "r1", {5: 10, 20: 1}, "2026-11-02"), ("20261001-20261007", "r2", {5: 12})],
            {5: 10, 20: 1},
        ),
        ([("20260915-20261015", "r1", {5: 10}), ("20261016-20261031", "r2", {20: 1})], {5: 10, 20: 1}),
        ([("20261001-20261031", "a", {5: 10}, None), ("20261001-20261031", "b", {5: 10, 6: 20}, None)], {5: 10, 6: 20}),
        ([("20261001-20261031", "a", {5: 10}, None), ("20261001-20261031", "r", {5: 10, 6: 20})], {5: 10, 6: 20}),
        (
            [("20261001-20261031", "r1", {5: 9}, "2026-10-06"), ("20261001-20261031", "r2", {5: 10, 6: 1})],
            {5: 10, 6: 1},
        ),
    ],
)
def test_azure_runs_of_any_range_count_each_day_once(con, tmp_path, runs, billed) -> None:
    for days_, run_id, lines, *written in runs:
        run(tmp_path, days_, run_id, lines, *written)
    load(con, azure(tmp_path))
    assert by_day(con) == billed


def test_azure_ranges_of_actual_and_amortised_cost_go_together(con, tmp_path) -> None:
    for name, factor in (("actual", 1), ("amortized", 2)):
        run(tmp_path / name, "20261001-20261007", "r1", {5: 10 * factor})
        run(tmp_path / name, "20261008-20261014", "r2", {10: 20 * factor})
    load(con, azure(tmp_path / "actual", amortized_uri=str(tmp_path / "amortized")))
    assert con.execute("select sum(billed_cost), sum(effective_cost) from charge_day").fetchall() == [(30, 60)]


def test_a_classic_azure_pattern_counts_each_day_once(con, tmp_path) -> None:
    run(tmp_path, "20261001-20261031", "1111", {5: 10}, None)
    run(tmp_path, "20261001-20261031", "2222", {5: 10, 6: 20}, None)
    load(con, azure(tmp_path / "20261001-20261031" / "*.csv"))
    assert by_day(con) == {5: 10, 6: 20}


def test_an_azure_export_that_overwrites_its_range_is_read_by_its_manifest_alone(con, tmp_path) -> None:
    run(tmp_path, "20261001-20261031", "r1", {5: 10})
    folder = tmp_path / "20261001-20261031"
    for file in sorted((folder / "r1").iterdir()):
        file.rename(folder / file.name)
    load(con, azure(tmp_path))
    assert by_day(con) == {5: 10}
    assert con.execute("select count(*) from input_issue where reason like '%newer file%'").fetchall() == [(0,)]


def test_a_file_with_fewer_bytes_than_its_manifest_says_is_cut_short(con, tmp_path) -> None:
    run(tmp_path, "20261001-20261031", "r1", {5: 10, 6: 20})
    folder = tmp_path / "20261001-20261031/r1"
    file = folder / "part_0_0001.csv"
    document = json.loads((folder / "manifest.json").read_text())
    document["blobs"][0] |= {"byteCount": file.stat().st_size, "dataRowCount": 2}
    (folder / "manifest.json").write_text(json.dumps(document))
    load(con, azure(tmp_path))
    file.write_text("\n".join(file.read_text().splitlines()[:2]) + "\n")
    with pytest.raises(InputError, match=r"part_0_0001.csv: has \d+ of the \d+ bytes that the manifest says; copy it"):
        load(con, azure(tmp_path), day=1)
    assert by_day(con) == {5: 10, 6: 20}


def test_no_period_is_left_out_without_a_word(con, tmp_path) -> None:
    run(tmp_path / "azure", "20261001-20261031", "r1", {5: 10})
    run(tmp_path / "azure", "20261101-20261130", "r2", {5: 10})
    (tmp_path / "azure/20261101-20261130/r2/manifest.json").unlink()
    load(con, azure(tmp_path / "azure"))
    write_execution(tmp_path / "aws", date(2026, 10, 1), "2026-11-02T09:00:00.000Z-a", [line(1)])
    write_execution(tmp_path / "aws", date(2026, 11, 1), "2026-11-12T09:00:00.000Z-b", [line(1)], has_manifest=False)
    load(con, focus(tmp_path / "aws"))
    write_lines(tmp_path / "plain/october.csv", [line(1)])
    write_lines(tmp_path / "plain/2026-09/september.csv", [line(1)])
    for name in ("august.xlsx", "july", "june.gz", "README.md", "_SUCCESS"):
        (tmp_path / "plain" / name).write_bytes(b"x")
    load(con, focus(tmp_path / "plain"))
    write_lines(tmp_path / "deep/2026-10/october.csv", [line(1)])
    (tmp_path / "deep/2026-09").mkdir()
    (tmp_path / "deep/2026-09/september.csv.zst").write_bytes(b"x")
    load(con, focus(tmp_path / "deep/**/*"))
    said = " ".join(reason for (reason,) in con.execute("select reason from input_issue").fetchall())
    for wanted in (
        "20261101-20261130: is not read",
        "BILLING_PERIOD=2026-11",
        "2026-09 is not read",
        "august.xlsx is not",
        "july is not read",
        "june.gz is not read",
        "2026-09/september.csv.zst is not read",
    ):
        assert wanted in said, wanted
    assert "README" not in said
    assert "_SUCCESS" not in said


charges = st.lists(
    st.tuples(st.integers(1, 28), st.decimals(-99, 99, places=6), st.integers(0, 2)), min_size=1, max_size=8
)


def cost_day(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    build(con)
    return con.execute("select * exclude (source) from cost_day order by all").fetchall()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=charges, cut=st.integers(1, 27))
def test_any_way_of_cutting_a_month_gives_the_same_cost(tmp_path_factory, found, cut) -> None:
    root = tmp_path_factory.mktemp("cuts")
    lines = [
        on(day, cost, ResourceId=f"r{number}", RegionId=f"eu-{region}")
        for number, (day, cost, region) in enumerate(found)
    ]
    lines += [
        line(62, ChargePeriodStart="2026-10-01T00:00:00Z", ChargePeriodEnd="2026-11-01T00:00:00Z", ResourceId="fee")
    ]
    write_lines(root / "whole/bill.csv", lines)
    for number in range(3):  # files
        if lines[number::3]:
            write_lines(root / f"files/part-{number}.csv", lines[number::3])
    for until in sorted({cut, 31}):  # downloads of the month so far
        so_far = [one for one in lines if int(str(one["ChargePeriodStart"])[8:10]) <= until]
        write_lines(root / f"so-far/bill_2026-10-{until:02d}.csv", so_far)
    write_execution(root / "export", date(2026, 10, 1), "2026-11-02T09:00:00.000Z-a", lines, files=1, ending="csv")
    results = []
    for way in ("whole", "files", "so-far", "export"):
        with new_warehouse(root / f"{way}.duckdb") as con:
            load(con, focus(root / way))
            results.append(cost_day(con))
    assert results[1:] == [results[0]] * 3


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=charges, width=st.integers(1, 31), step=st.integers(1, 31))
def test_any_ranges_of_runs_give_the_same_cost(tmp_path_factory, found, width, step) -> None:
    root, costs = tmp_path_factory.mktemp("ranges"), {day: cost for day, cost, _ in found}
    run(root / "whole", "20261001-20261031", "r", costs)
    first, number = date(2026, 10, 1), 0
    while first.month == 10:
        last = first + timedelta(days=max(width, step) - 1)
        mine = {day: cost for day, cost in costs.items() if first <= date(2026, 10, day) <= last}
        run(root / "ranges", f"{first:%Y%m%d}-{last:%Y%m%d}", f"r{number}", mine, f"2026-11-01T00:{number:02d}:00Z")
        first, number = first + timedelta(days=step), number + 1
    results = []
    for way in ("whole", "ranges"):
        with new_warehouse(root / f"{way}.duckdb") as con:
            load(con, azure(root / way))
            results.append(cost_day(con))
    assert results[1] == results[0]
