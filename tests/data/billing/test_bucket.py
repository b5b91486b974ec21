# ruff: noqa: PLR0917 - fixtures are positional
"""Bills in a bucket: what is read, how often, and what the network may do meanwhile."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.focus import Focus
from data.errors import InputError, NoData
from data.storage.aws import AwsAccess
from tests.data.billing.export import line, write_execution, write_lines
from tests.data.billing.loading import load, totals


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return a small export: two months, an execution that was superseded, one that is still being written."""
    root = tmp_path / "export"
    write_execution(root, date(2026, 9, 1), "2026-09-10T00:00:00.000Z-old", [line(1)], is_named=False)
    write_execution(root, date(2026, 9, 1), "2026-10-08T09:00:00.000Z-a", [line(7), line(5)])
    write_execution(root, date(2026, 10, 1), "2026-11-08T09:00:00.000Z-b", [line(11), line(2)])
    write_execution(root, date(2026, 10, 1), "2026-11-09T09:00:00.000Z-c", [line(99)], has_manifest=False)
    return root


def access(address: str, **aws: object) -> AwsAccess:
    return AwsAccess(endpoint_url=address, **aws)


def source(bucket: str, address: str, **aws: object) -> Focus:
    return Focus(kind="focus", name="aws", uri=f"s3://{bucket}/exports/focus", aws=access(address, **aws))


SEPTEMBER = ("aws", date(2026, 9, 1), "USD", 2, Decimal(12), Decimal(12), Decimal(12))
OCTOBER = ("aws", date(2026, 10, 1), "USD", 2, Decimal(13), Decimal(13), Decimal(13))


def october_file(export: Path) -> str:
    (file,) = (export / "data/BILLING_PERIOD=2026-10").rglob("*-b/*.parquet")
    return file.relative_to(export).as_posix()


def october(con: duckdb.DuckDBPyConnection) -> Decimal:
    ((billed,),) = con.execute("select sum(billed_cost) from charge_day where billing_period = '2026-10-01'").fetchall()
    return billed


def test_a_bucket_reads_as_its_copy_on_disk(con, export, put, moto, tmp_path) -> None:
    write_execution(export, date(2026, 8, 1), "2026-09-08T09:00:00.000Z-z", [line(3)] * 12, files=12)  # two pages
    loaded = load(con, source(put(export, "exports/focus/"), moto), tmp_path / "cache")
    in_bucket = totals(con)
    assert load(con, Focus(kind="focus", name="local", uri=str(export))) == loaded
    assert [row[1:] for row in totals(con)[len(in_bucket) :]] == [row[1:] for row in in_bucket]
    assert in_bucket[1:] == [SEPTEMBER, OCTOBER]
    assert (loaded.periods, loaded.lines, loaded.superseded) == (3, 16, 1)
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_only_named_files_are_fetched_and_only_once(con, export, put, flaky, faults, tmp_path) -> None:
    spec = source(put(export, "exports/focus/"), flaky)
    load(con, spec, tmp_path / "cache")
    read = {path for path in faults.seen if path.startswith("GET") and path.endswith(".parquet")}
    assert len(read) == 3
    assert not [path for path in read if "-c/" in path]
    faults.seen.clear()
    assert load(con, spec, tmp_path / "cache", day=1).lines == 0
    assert not [path for path in faults.seen if path.endswith(".parquet")]


def test_a_new_execution_loads_its_month_alone(con, export, put, flaky, faults, tmp_path) -> None:
    bucket = put(export, "exports/focus/")
    spec = source(bucket, flaky)
    load(con, spec, tmp_path / "cache")
    faults.seen.clear()
    write_execution(export, date(2026, 10, 1), "2026-11-12T09:00:00.000Z-d", [line(20)])
    put(export, "exports/focus/", bucket)
    loaded = load(con, spec, tmp_path / "cache", day=1)
    assert (loaded.periods, loaded.lines) == (1, 1)
    data = [path for path in faults.seen if path.startswith("GET") and path.endswith(".parquet")]
    assert len(data) == 1
    assert "-d/" in data[0]


@pytest.mark.parametrize("fault", ["500", "503", "reset", "slow", "drip", "damaged"])
def test_what_passes_is_tried_again(con, export, put, flaky, faults, tmp_path, monkeypatch, fault) -> None:
    monkeypatch.setattr("data.storage.bucket.SLOWEST_BYTES_S", 1 << 20)
    spec = source(put(export, "exports/focus/"), flaky, timeout_s=1)
    faults.planned = {
        "list-type=2": [fault] if fault not in {"damaged", "drip"} else [],
        "Manifest.json": [fault] if fault == "drip" else [],
        ".parquet": [fault, fault],
    }
    load(con, spec, tmp_path / "cache")
    assert totals(con) == [SEPTEMBER, OCTOBER]
    assert not any(faults.planned.values())


def test_a_listing_that_drips_is_asked_for_again(con, put, flaky, faults, tmp_path) -> None:
    bucket = put(write_lines(tmp_path / "bill.csv", [line(1)]), "bill.csv")
    spec = Focus(kind="focus", name="aws", uri=f"s3://{bucket}/bill.csv", aws=access(flaky, timeout_s=1))
    listing = f"GET /{bucket}"
    load(con, spec, tmp_path / "cache")
    faults.seen.clear()
    load(con, spec, tmp_path / "cache", day=1)
    asked = faults.seen[listing]
    faults.seen.clear()
    faults.planned = {"list-type=2": ["drip"]}
    load(con, spec, tmp_path / "cache", day=2)
    assert faults.seen[listing] == asked + 1


def test_a_broken_download_goes_on_where_it_stopped(con, put, flaky, faults, tmp_path) -> None:
    large = write_lines(tmp_path / "large.csv", [line(1, ServiceName=f"product {number}") for number in range(4000)])
    bucket = put(large, "large.csv")
    faults.planned = {"/large.csv": ["reset"]}
    load(con, Focus(kind="focus", name="aws", uri=f"s3://{bucket}/large.csv", aws=access(flaky)), tmp_path / "cache")
    (resumed,) = faults.ranges
    assert 0 < int(resumed.removeprefix("bytes=").removesuffix("-")) < large.stat().st_size
    assert [row[3] for row in totals(con)] == [4000]


def test_a_store_that_stays_down_is_one_clear_error(con, export, put, flaky, faults, tmp_path) -> None:
    spec = source(put(export, "exports/focus/"), flaky)
    faults.planned = {"list-type=2": ["503"] * 100}
    with pytest.raises(InputError, match=r"aws: s3://bills-.*503.*next night tries again"):
        load(con, spec, tmp_path / "cache")
    assert totals(con) == []


def test_an_object_replaced_while_it_is_read_is_read_again(con, export, put, flaky, faults, tmp_path, moto) -> None:
    bucket = put(export, "exports/focus/")
    key = f"exports/focus/{october_file(export)}"
    again = write_execution(export, date(2026, 10, 1), "2026-11-08T09:00:00.000Z-b", [line(40)])
    client, replaced = AwsAccess(endpoint_url=moto).client("s3"), []

    def replace(command: str, path: str) -> None:
        if (
            command == "GET"
            and path.partition("?")[0].endswith(key.rpartition("/")[2])
            and "-b/" in path
            and not replaced
        ):
            replaced.append(path)
            client.put_object(Bucket=bucket, Key=key, Body=again.read_bytes())

    faults.before = replace
    load(con, source(bucket, flaky), tmp_path / "cache")
    assert replaced
    assert october(con) == 40


def test_an_object_that_is_replaced_after_its_download_is_noticed(
    con, export, put, flaky, faults, tmp_path, moto
) -> None:
    bucket = put(export, "exports/focus/")
    key = f"exports/focus/{october_file(export)}"
    again = write_execution(export, date(2026, 10, 1), "2026-11-08T09:00:00.000Z-b", [line(40)])
    client, heads = AwsAccess(endpoint_url=moto).client("s3"), []

    def replace(command: str, path: str) -> None:
        if command == "HEAD" and "-b/" in path and not heads:
            heads.append(path)
            client.put_object(Bucket=bucket, Key=key, Body=again.read_bytes())

    faults.before = replace
    load(con, source(bucket, flaky), tmp_path / "cache")
    assert heads
    assert october(con) == 40


def test_overwritten_files_are_seen_by_their_etag(con, export, put, moto, tmp_path) -> None:
    bucket = put(export, "exports/focus/")
    spec = source(bucket, moto)
    load(con, spec, tmp_path / "cache")
    write_execution(export, date(2026, 10, 1), "2026-11-08T09:00:00.000Z-b", [line(12)])
    put(export, "exports/focus/", bucket)
    assert load(con, spec, tmp_path / "cache", day=1).periods == 1
    assert october(con) == 12


def test_a_single_object_and_a_pattern_are_read(con, export, put, moto, tmp_path) -> None:
    bucket = put(export, "exports/focus/")
    spec = source(bucket, moto).model_copy(update={"uri": f"s3://{bucket}/exports/focus/data/*=2026-10/*-b/*.parquet"})
    load(con, spec, tmp_path / "cache")
    assert [row[3:5] for row in totals(con)] == [(2, 13)]
    single = spec.model_copy(update={"name": "single", "uri": f"s3://{bucket}/exports/focus/{october_file(export)}"})
    load(con, single, tmp_path / "cache")
    assert [row[3:5] for row in totals(con)] == [(2, 13), (2, 13)]


def test_a_role_is_assumed(con, export, put, moto, tmp_path) -> None:
    spec = source(
        put(export, "exports/focus/"),
        moto,
        sts_endpoint_url=moto,
        assume_role="arn:aws:iam::123456789012:role/billing-reader",
        external_id="plimsoll",
        requester_pays=True,
    )
    load(con, spec, tmp_path / "cache")
    assert totals(con) == [SEPTEMBER, OCTOBER]


def test_a_bucket_that_is_not_there_is_named(con, moto, tmp_path) -> None:
    with pytest.raises(
        InputError, match=r"aws: s3://nobodys-bills/exports/focus: NoSuchBucket.*check the bucket's name"
    ):
        load(con, source("nobodys-bills", moto), tmp_path / "cache")


def test_a_prefix_with_nothing_below_it_is_named(con, export, put, moto, tmp_path) -> None:
    with pytest.raises(NoData, match="check `uri`"):
        load(con, source(put(export, "elsewhere/"), moto), tmp_path / "cache")


def test_no_credentials_are_one_clear_error(con, export, put, moto, tmp_path, monkeypatch) -> None:
    bucket = put(export, "exports/focus/")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(InputError, match="no AWS credentials; set AWS_PROFILE"):
        load(con, source(bucket, moto), tmp_path / "cache")
