"""FOCUS as its vendors write it: versions, spellings, tags in every shape, columns that are not there."""

import csv
import gzip
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.focus import Focus
from data.errors import InputError
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import load, totals


def focus(uri: Path | str) -> Focus:
    return Focus(kind="focus", name="bill", uri=str(uri))


def owners(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "select owner_tag_key, owner_tag, sum(lines) from charge_day group by all order by all"
    ).fetchall()


@pytest.mark.parametrize(
    "tags",
    [
        "map {'User:Service': 'checkout', 'env': 'prod'}",
        "[{'key': 'env', 'value': 'prod'}, {'key': 'User:Service', 'value': 'checkout'}, {'key': 'env', 'value': 'x'}]",
        """'{"User:Service": "checkout", "env": "prod"}'""",
        """'[{"key": "User:Service", "value": "checkout"}, {"key": "env", "value": "prod"}]'""",
        """'"User:Service": "checkout","env": "prod"'""",
        """'{"User:Service": " checkout ", "env": null, "n": 5}'""",
        "{'User:Service': 'checkout', 'env': null}",
    ],
    ids=["map", "struct list", "json object", "json list", "json without braces", "json with nulls", "struct"],
)
def test_tags_are_found_in_every_shape_and_case(con, tmp_path, tags) -> None:
    file = write_lines(tmp_path / "plain.parquet", [line(1)])
    with duckdb.connect() as other:
        other.execute(f"create table lines as select * replace ({tags} as Tags) from '{file}'")
        other.execute(f"copy lines to '{file}' (format parquet)")
    load(con, focus(file))
    assert owners(con) == [("User:Service", "checkout", 1)]


@pytest.mark.parametrize(
    "tags",
    ["", "NULL", "{}", "[]", "not json", "{broken", '{"service": ""}', '{"service": null}', '{"service": "NULL"}'],
)
def test_tags_that_name_nobody_leave_the_line_without_owner(con, tmp_path, tags) -> None:
    file = write_lines(tmp_path / "bill.csv", [line(1)])
    with duckdb.connect() as other:
        other.execute(
            f"create table lines as select * replace ($tags as Tags) from read_csv('{file}', all_varchar = true)",
            {"tags": tags},
        )
        other.execute(f"copy lines to '{file}' (format csv, header)")
    load(con, focus(file))
    assert owners(con) == [(None, None, 1)]


def test_the_first_tag_key_that_a_line_carries_decides(con, tmp_path) -> None:
    lines = [
        line(1, Tags={"service": "old", "user:service": "new"}),
        line(1, Tags={"SERVICE": "old"}),
        line(1, Tags={}),
    ]
    load(con, focus(write_lines(tmp_path / "bill.parquet", lines)))
    assert owners(con) == [("SERVICE", "old", 1), ("user:service", "new", 1), (None, None, 1)]


def test_tags_of_two_forms_in_one_file_are_both_read(con, tmp_path) -> None:
    lines = [line(1, Tags={"service": "a"}), line(1, Tags=[{"key": "service", "value": "b"}])]
    load(con, focus(write_lines(tmp_path / "bill.csv", lines)))
    assert owners(con) == [("service", "a", 1), ("service", "b", 1)]


def test_json_lines_may_differ_in_the_case_of_keys_and_the_type_of_a_value(con, tmp_path) -> None:
    lines = [line("1.5", Tags={"service": "a"}), line(2, Tags={"Service": "b"}), line(3, Tags='{"SERVICE": "c"}')]
    days = {"BillingPeriodStart": "2026-10-01", "ChargePeriodStart": "2026-10-01"}
    (tmp_path / "bill.jsonl").write_text("\n".join(json.dumps(one | days) for one in lines) + "\n")
    load(con, focus(tmp_path))
    assert owners(con) == [("SERVICE", "c", 1), ("Service", "b", 1), ("service", "a", 1)]
    assert totals(con)[0][4] == Decimal("6.5")


@pytest.mark.parametrize(
    ("columns", "provider"),
    [
        ({"ProviderName": "AWS"}, "AWS"),
        ({"ServiceProviderName": "Microsoft", "HostProviderName": "Azure"}, "Microsoft"),
        ({"ServiceProviderName": "Microsoft", "ProviderName": "AWS"}, "Microsoft"),
        ({"ServiceProviderName": "NULL", "ProviderName": "AWS"}, "AWS"),
        ({"ServiceProviderName": None, "ProviderName": "AWS"}, "AWS"),
        ({"Provider": "Oracle"}, "Oracle"),
        ({}, None),
    ],
    ids=["1.0", "1.3", "both", "one says NULL", "one says nothing", "OCI", "neither"],
)
def test_the_provider_is_read_from_the_column_of_its_version(con, tmp_path, columns, provider) -> None:
    row = {name: value for name, value in line(1).items() if name != "ProviderName"} | columns
    load(con, focus(write_lines(tmp_path / "bill.csv", [row])))
    assert con.execute("select provider from charge_day").fetchall() == [(provider,)]


def test_columns_that_may_be_absent_are_null(con, tmp_path) -> None:
    wanted = ("BilledCost", "EffectiveCost", "BillingCurrency", "ChargeCategory")
    load(con, focus(write_lines(tmp_path / "bill.csv", [{name: line(2)[name] for name in wanted}])))
    found = con.execute("select list_cost, contracted_cost, account, product, region, owner_tag from charge_day")
    assert found.fetchall() == [(None,) * 6]


def test_column_names_may_have_any_case(con, tmp_path) -> None:
    file = write_lines(tmp_path / "bill.csv", [line(2)])
    header, *rest = file.read_text().splitlines()
    file.write_text("\n".join([header.upper(), *rest]) + "\n")
    load(con, focus(file))
    assert totals(con)[0][4] == 2


@pytest.mark.parametrize("nothing", ["null", "\\N", "None", "NaN", "<NA>", "NULL"])
def test_what_writers_put_where_there_is_no_value_is_none(con, tmp_path, nothing) -> None:
    others = dict.fromkeys(("ChargeClass", "SubAccountId", "ServiceName", "RegionId", "ChargePeriodEnd"), nothing)
    load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, BillingAccountId="payer", **others)])))
    found = con.execute("select charge_class, account, product, region from charge_day").fetchall()
    assert found == [(None, "payer", None, None)]
    assert con.execute("select sum(usage_cost) from billing_load_day").fetchall() == [(1,)]  # no correction
    said = con.execute("select reason, rows from input_issue where reason like 'literal%'").fetchall()
    assert said == [(f"literal {nothing} in place of no value", 4)]


def test_a_quantity_that_is_no_number_is_said(con, tmp_path) -> None:
    lines = [line(1, ConsumedQuantity=quantity, ConsumedUnit="GB") for quantity in ("1,234", "5", None)]
    load(con, focus(write_lines(tmp_path / "bill.csv", lines)))
    assert con.execute("select sum(consumed_quantity) from charge_day").fetchall() == [(5,)]
    found = con.execute("select reason, rows from input_issue").fetchall()
    assert ("ConsumedQuantity is no number: counted as no use", 1) in found


def test_a_line_without_a_category_is_said(con, tmp_path) -> None:
    load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, ChargeCategory=None), line(2)])))
    found = con.execute("select reason, rows from input_issue").fetchall()
    assert ("no ChargeCategory: counted as use", 1) in found


@pytest.mark.parametrize(("effective", "is_said"), [(100, True), (0, False)])
def test_a_purchase_with_the_cost_of_what_it_covers_is_said(con, tmp_path, effective, is_said) -> None:
    lines = [
        line(100, EffectiveCost=effective, ChargeCategory="Purchase", CommitmentDiscountId="plan"),
        line(0, EffectiveCost=90, CommitmentDiscountId="plan", CommitmentDiscountStatus="Used"),
    ]
    load(con, focus(write_lines(tmp_path / "bill.csv", lines)))
    found = con.execute("select reason from input_issue where reason like 'purchases of commitments%100.00 USD%twice%'")
    assert len(found.fetchall()) == int(is_said)


@pytest.mark.parametrize(
    "others",
    [{"ChargePeriodStart": "0001-01-01"}, {"BillingPeriodStart": "0026-10-01"}, {"ChargePeriodStart": "2206-10-01"}],
)
def test_a_day_of_another_century_is_refused(con, tmp_path, others) -> None:
    with pytest.raises(InputError, match="which is no day of a bill"):
        load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, **others)])))


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-10-31T23:30:00Z",
        "2026-10-31T23:30Z",
        "2026-10-31 23:30:00",
        "2026-11-01T01:30:00+02:00",
        "2026-10-31 23:30:00 UTC",
    ],
)
def test_times_are_utc_however_they_are_written(con, tmp_path, stamp) -> None:
    load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, ChargePeriodStart=stamp)])))
    assert con.execute("select charge_date from charge_day").fetchall() == [(date(2026, 10, 31),)]


def test_a_billing_period_is_the_month_that_the_vendor_writes(con, tmp_path) -> None:
    stamp, end = "2026-10-01T00:00:00+08:00", "2026-10-01T01:00:00+08:00"
    hour = {"ChargePeriodStart": stamp, "ChargePeriodEnd": end}
    load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, BillingPeriodStart=stamp, **hour)])))
    found = con.execute("select billing_period, charge_date from charge_day").fetchall()
    assert found == [(date(2026, 10, 1), date(2026, 9, 30))]


def test_an_hour_that_the_clock_repeats_is_two_hours(con, tmp_path) -> None:
    stamps = ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T00:30:00+02:00")
    load(con, focus(write_lines(tmp_path / "bill.csv", [line(1, ChargePeriodStart=stamp) for stamp in stamps])))
    found = con.execute("select charge_date, lines from charge_day order by all").fetchall()
    assert found == [(date(2026, 10, 24), 1), (date(2026, 10, 25), 2)]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end_is_read(con, tmp_path, mark, end) -> None:
    lines = [line("1.5", ServiceName='a "b"'), line("2", ServiceName=f"c{mark}d,\ne", Tags="")]
    file = write_lines(tmp_path / "comma.csv", lines)
    with file.open(newline="") as content, (tmp_path / "bill.csv").open("w", newline="") as target:
        csv.writer(target, delimiter=mark, lineterminator=end).writerows(csv.reader(content))
    load(con, focus(tmp_path / "bill.csv"))
    found = con.execute("select product, billed_cost from charge_day order by all").fetchall()
    assert found == [('a "b"', Decimal("1.5")), (f"c{mark}d,\ne", 2)]


@pytest.mark.parametrize("name", ["bill.csv", "bill.csv.gz"])
def test_lines_that_end_in_two_ways_are_read(con, tmp_path, name) -> None:
    header, *rows = write_lines(tmp_path / "plain", [line(1), line(2)]).read_text().splitlines()
    content = "\n".join([f"{header}\r", *rows]).encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    load(con, focus(tmp_path / name))
    assert totals(con)[0][3:5] == (2, 3)


def test_an_ending_may_have_any_case(con, tmp_path) -> None:
    write_lines(tmp_path / "bill.parquet", [line(3)]).rename(tmp_path / "BILL.PARQUET")
    load(con, focus(tmp_path))
    assert totals(con)[0][4] == 3


def test_a_byte_order_mark_and_packed_files_are_read(con, tmp_path) -> None:
    file = write_lines(tmp_path / "bill.csv", [line("0.000000000001"), line("1e-3")])
    with gzip.open(tmp_path / "marked.csv.gz", "wb") as packed:
        packed.write(b"\xef\xbb\xbf" + file.read_bytes())
    file.unlink()
    load(con, focus(tmp_path))
    assert totals(con)[0][4] == Decimal("0.001000000001")


def test_a_pattern_reads_the_files_that_match(con, tmp_path) -> None:
    for number, name in enumerate(("a/bill-1.csv", "b/bill-2.csv", "b/other.csv"), 1):
        write_lines(tmp_path / name, [line(number)])
    load(con, focus(tmp_path / "*" / "bill-*.csv"))
    assert totals(con)[0][4] == 3


def test_a_file_of_several_months_replaces_each_whole(con, tmp_path) -> None:
    for month in (9, 10):
        write_lines(tmp_path / f"{month}.csv", [line(month)], date(2026, month, 1))
    load(con, focus(tmp_path))
    assert [row[4] for row in totals(con)] == [9, 10]
    write_lines(tmp_path / "10.csv", [line(11)])
    load(con, focus(tmp_path), day=1)
    assert [row[4] for row in totals(con)] == [9, 11]


@pytest.mark.shared
def test_the_official_sample_is_read_and_what_is_odd_is_reported(con, shared) -> None:
    load(con, focus(shared / "real/billing_focus/FOCUS-1.0_focus_sample.csv"))
    assert sum(row[3] for row in totals(con)) == 1000
    reasons = " ".join(row[0] for row in con.execute("select reason from input_issue").fetchall())
    assert "literal NULL in place of no value" in reasons
    assert "column 'Id' is not of FOCUS" in reasons
    providers = {row[0] for row in con.execute("select distinct provider from charge_day").fetchall()}
    assert "AWS" in providers
