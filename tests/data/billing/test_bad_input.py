"""Deliveries that cannot be right: each is one clear error that names the file; nothing is half-loaded."""

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from data.billing.focus import Focus
from data.errors import InputError
from tests.data.billing.export import line, write_execution, write_lines, write_manifest
from tests.data.billing.loading import load, totals

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
EXECUTION = "2026-11-08T09:00:00.000Z-b"
Broken = Callable[[Path], None]


def october(root: Path, lines: list[dict[str, object]] | None = None, ending: str = "csv.gz") -> Path:
    return write_execution(root, OCTOBER, EXECUTION, lines or [line(7), line(8)], ending=ending)


def truncated_gzip(root: Path) -> None:
    file = october(root, [line(number, ServiceName=f"product {number}") for number in range(3000)])
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def damaged_gzip(root: Path) -> None:
    file = october(root, [line(number, ServiceName=f"product {number}") for number in range(3000)])
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def parquet_cut_short(root: Path) -> None:
    file = october(root, ending="snappy.parquet")
    file.write_bytes(file.read_bytes()[:-500])


def parquet_with_its_middle_lost(root: Path) -> None:
    file = october(root, ending="snappy.parquet")
    content = file.read_bytes()
    file.write_bytes(content[:4] + content[-100:])


def missing_file(root: Path) -> None:
    october(root).unlink()


def zero_bytes(root: Path) -> None:
    october(root, ending="snappy.parquet").write_bytes(b"")


def zero_bytes_csv(root: Path) -> None:
    october(root, ending="csv").write_bytes(b"")


def wrong_type(root: Path) -> None:
    october(root, [line(7), line("seven", EffectiveCost=7)])


def wrong_type_in_parquet(root: Path) -> None:
    file = october(root, ending="snappy.parquet")
    with duckdb.connect() as con:
        con.execute(f"create table lines as select * replace ('a lot' as BilledCost) from '{file}'")
        con.execute(f"copy lines to '{file}' (format parquet)")


def wrong_time(root: Path) -> None:
    october(root, [line(7, ChargePeriodStart="31/10/2026")])


def renamed_column(root: Path) -> None:
    file = october(root, ending="csv")
    file.write_text(file.read_text().replace("EffectiveCost", "Effective_Cost"))


def no_currency(root: Path) -> None:
    october(root, [line(7, BillingCurrency=None)])


def no_billed_cost(root: Path) -> None:
    october(root, [line(7), {**line(1), "BilledCost": None}])


def empty_month(root: Path) -> None:
    file = october(root, ending="csv")
    file.write_text(file.read_text().splitlines()[0] + "\n")


def two_manifests(root: Path) -> None:
    october(root)
    manifest = root / "metadata/BILLING_PERIOD=2026-10/focus-Manifest.json"
    document = json.loads(manifest.read_text())
    document["executionId"] = "2026-11-08T09:00:00.000Z-c"
    manifest.with_name("other-Manifest.json").write_text(json.dumps(document))


def no_manifest_at_all(root: Path) -> None:
    october(root)
    (root / "metadata/BILLING_PERIOD=2026-10/focus-Manifest.json").write_text('{"executionId": "x"')


def foreign_files(root: Path) -> None:
    file = october(root)
    manifest = root / "metadata/BILLING_PERIOD=2026-10/focus-Manifest.json"
    document = json.loads(manifest.read_text())
    document["dataFiles"] = [f"s3://bucket/data/BILLING_PERIOD=2026-09/../../../{file.name}"]
    manifest.write_text(json.dumps(document))


def zip_bomb(root: Path) -> None:
    file = october(root)
    header = ",".join(line(1)) + "\n"
    with gzip.open(file, "wb", compresslevel=9) as content:
        content.write(header.encode())
        for _ in range(100):
            content.write(b"," * (1 << 20))


def parquet_bomb_of_rows(root: Path) -> None:
    """A few hundred bytes of runs and one-entry dictionaries that stand for 10 million values."""
    repeated(october(root, ending="snappy.parquet"), 2_500_000)


def parquet_bomb_of_bytes(root: Path) -> None:
    file = october(root, ending="snappy.parquet")
    texts = pa.table({"Tags": pa.array(["x" * 1_000_000 for _ in range(80)])})
    parquet.write_table(texts, file, compression="zstd", use_dictionary=False)


def repeated(file: Path, rows: int) -> None:
    """Write columns of one value each, so many times."""
    indices = pa.Array.from_buffers(pa.int32(), rows, [None, pa.py_buffer(bytes(rows * 4))])
    one = pa.DictionaryArray.from_arrays(indices, ["x"])
    parquet.write_table(pa.table(dict.fromkeys("abcd", one)), file, compression="zstd")


def utf_16(root: Path) -> None:
    file = october(root, ending="csv")
    file.write_text(file.read_text(), encoding="utf-16")


def latin_1(root: Path) -> None:
    file = october(root, [line(1, ServiceName="Größe")], ending="csv")
    file.write_text(file.read_text(), encoding="latin-1")


def column_twice(root: Path) -> None:
    file = october(root, ending="csv")
    header, *rows = file.read_text().splitlines()
    file.write_text("\n".join([f"{header},billedcost", *(f"{row},9" for row in rows)]) + "\n")


def too_few_columns(root: Path) -> None:
    file = october(root, ending="csv")
    file.write_text(file.read_text() + "# note\n")


def shifted(root: Path, end: str, last: str = "") -> None:
    """A comma in a text without quotes: what follows stands one column further, and still is a cost."""
    header = "BillingPeriodStart,ChargePeriodStart,BillingCurrency,ChargeCategory,ChargeDescription,ListCost,BilledCost"
    rows = [
        "2026-10-01,2026-10-05,USD,Usage,plain,1,2,3,4,",
        f"2026-10-01,2026-10-05,USD,Usage,$0.1 per 1,000,10,7,8,9,{last}",
    ]
    content = f"{header},EffectiveCost,ContractedCost,Tags\r\n{rows[0]}{end}{rows[1]}\r\n"
    october(root, ending="csv").write_text(content, newline="")


def a_comma_that_is_not_quoted(root: Path) -> None:
    shifted(root, "\r\n")


def a_comma_that_is_not_quoted_among_mixed_ends(root: Path) -> None:
    shifted(root, "\n")


def a_value_too_many_among_mixed_ends(root: Path) -> None:
    shifted(root, "\n", "x")


def backslashes_among_mixed_ends(root: Path) -> None:
    file = october(root, ending="csv")
    header, *rows = file.read_text().replace('""', '\\"').splitlines()
    file.write_text("\r\n".join([header, "\n".join(rows)]) + "\r\n", newline="")


def other_month(root: Path) -> None:
    file = october(root)
    write_lines(file, [line(7)], SEPTEMBER)


def csv_and_parquet(root: Path) -> None:
    first = october(root)
    second = write_lines(first.with_name("focus-00002.snappy.parquet"), [line(1)])
    write_manifest(root, OCTOBER, EXECUTION, [first, second])


CASES: list[tuple[Broken, str]] = [
    (truncated_gzip, r"focus-00001.csv.gz: is cut short; copy it again"),
    (damaged_gzip, r"focus-00001.csv.gz: .*(damaged|cut short).*; copy it again"),
    (parquet_cut_short, r"focus-00001.snappy.parquet: is cut short; copy it again"),
    (parquet_with_its_middle_lost, r"focus-00001.snappy.parquet: .*; the file is cut short"),
    (missing_file, r"Manifest.json: names data/.*focus-00001.csv.gz, which is not there; copy the whole execution"),
    (zero_bytes, r"focus-00001.snappy.parquet: has 0 bytes; wait for the next delivery"),
    (zero_bytes_csv, r"focus-00001.csv: has 0 bytes; wait for the next delivery"),
    (wrong_type, r"focus-00001.csv.gz: BilledCost holds seven, want a number such as 1234.5; export it again"),
    (wrong_type_in_parquet, r"focus-00001.snappy.parquet: BilledCost holds a lot, want a number"),
    (wrong_time, r"focus-00001.csv.gz: ChargePeriodStart holds 31/10/2026, want a time such as"),
    (renamed_column, r"focus-00001.csv: column EffectiveCost is missing \(is it 'Effective_Cost'\?\); found"),
    (no_currency, r"focus-00001.csv.gz: 1 lines have no BillingCurrency"),
    (no_billed_cost, r"focus-00001.csv.gz: 1 lines have no BilledCost"),
    (empty_month, r"focus-00001.csv: has no lines; what was loaded before stays: wait"),
    (two_manifests, r"focus-Manifest.json and .*other-Manifest.json name different files .*; remove the one"),
    (no_manifest_at_all, r"focus-Manifest.json: not a Data Exports manifest .*; wait for the next delivery"),
    (foreign_files, r"focus-Manifest.json: not a Data Exports manifest .*is not below data/BILLING_PERIOD=2026-10"),
    (zip_bomb, r"focus-00001.csv.gz: unpacks to more than .* MiB from .* bytes; that is a bomb"),
    (parquet_bomb_of_rows, r"focus-00001.snappy.parquet: unpacks to more than 64 MiB from .* bytes; that is a bomb"),
    (parquet_bomb_of_bytes, r"focus-00001.snappy.parquet: unpacks to more than .* bytes; that is .*`max_ratio`"),
    (utf_16, r"focus-00001.csv: is UTF-16; save it as UTF-8"),
    (latin_1, r"focus-00001.csv: .*not utf-8 encoded"),
    (column_twice, r"focus-00001.csv: columns 'BilledCost' and 'billedcost_1' are both BilledCost; leave one of them"),
    (too_few_columns, r"focus-00001.csv: .*; the file is cut short"),
    (a_comma_that_is_not_quoted, r"focus-00001.csv: .*; the file is cut short or is not what its name says"),
    (a_comma_that_is_not_quoted_among_mixed_ends, r"focus-00001.csv: line 3 has 11 values, others have 10; copy it"),
    (a_value_too_many_among_mixed_ends, r"focus-00001.csv: line 3 has 11 values, others have 10; copy it again, or"),
    (backslashes_among_mixed_ends, r"focus-00001.csv: line 2: .* expected after .*with quotes doubled"),
    (other_month, r"focus-00001.csv.gz: holds lines of 2026-09-01, its folder says 2026-10-01; the files are in the"),
    (csv_and_parquet, r"the delivery mixes csv and parquet; it is one or the other"),
]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export whose October is good, and so is its September, which comes anew."""
    root = tmp_path_factory.mktemp("good")
    october(root, [line(3), line(4)])
    return root


@pytest.mark.parametrize(("broken", "message"), CASES, ids=[case[0].__name__ for case in CASES])
def test_a_bad_delivery_is_one_clear_error_and_the_other_months_load(con, good, tmp_path, broken, message) -> None:
    root = tmp_path / "export"
    shutil.copytree(good, root)
    spec = Focus(kind="focus", name="aws", uri=str(root))
    load(con, spec)
    before = totals(con)
    shutil.rmtree(root)
    broken(root)
    write_execution(root, SEPTEMBER, "2026-10-08T09:00:00.000Z-a", [line(1)], ending="csv")
    with pytest.raises(InputError, match=message) as raised:
        load(con, spec, day=1)
    assert str(raised.value).startswith(f"aws: {root}")
    assert "\n" not in str(raised.value)
    assert [row for row in totals(con) if row[1] == OCTOBER] == before
    assert [row[4] for row in totals(con) if row[1] == SEPTEMBER] == [1]
    assert con.execute("select count(*) from billing_load where is_current").fetchall() == [(2,)]
    issues = con.execute("select file, reason from input_issue where severity = 'rejected'").fetchall()
    assert len(issues) == 1
    assert issues[0][1] == str(raised.value)


def test_a_good_delivery_after_a_bad_one_clears_the_issue(con, tmp_path) -> None:
    spec = Focus(kind="focus", name="aws", uri=str(tmp_path))
    zero_bytes(tmp_path)
    with pytest.raises(InputError):
        load(con, spec)
    october(tmp_path, ending="snappy.parquet")
    assert load(con, spec, day=1).lines == 2
    assert con.execute("select count(*) from input_issue where severity = 'rejected'").fetchall() == [(0,)]


def test_what_packs_well_is_read_where_the_configuration_allows_it(con, tmp_path) -> None:
    file = write_lines(tmp_path / "bill.parquet", [line(1)])
    with duckdb.connect() as other:
        other.execute(f"create table lines as from '{file}'")
        other.execute(
            f"copy (select lines.* from lines, range(500_000)) to '{file}' (format parquet, compression zstd)"
        )
    spec = Focus(kind="focus", name="aws", uri=str(file))
    with pytest.raises(InputError, match="that is a bomb"):
        load(con, spec)
    assert load(con, spec.model_copy(update={"max_ratio": 1_000_000})).lines == 500_000


@pytest.mark.parametrize("pattern", ["data/**/*.csv", "data/BILLING_PERIOD=2026-10/*/*.csv"])
def test_a_pattern_that_matches_several_executions_is_refused(con, tmp_path, pattern) -> None:
    for number in (1, 2):
        write_execution(tmp_path, OCTOBER, f"2026-11-0{number}T09:00:00.000Z-a", [line(10)], ending="csv")
    with pytest.raises(InputError, match=r"matches 2 executions, and each holds the whole month; let `uri` be the exp"):
        load(con, Focus(kind="focus", name="aws", uri=str(tmp_path / pattern)))
    assert totals(con) == []


def test_a_file_that_a_manifest_names_twice_is_counted_once(con, tmp_path) -> None:
    october(tmp_path)
    manifest = tmp_path / "metadata/BILLING_PERIOD=2026-10/focus-Manifest.json"
    document = json.loads(manifest.read_text())
    document["dataFiles"].append(document["dataFiles"][0].replace("s3://some-bucket/", "s3://some-bucket//"))
    manifest.write_text(json.dumps(document))
    assert load(con, Focus(kind="focus", name="aws", uri=str(tmp_path))).lines == 2


def test_manifests_that_say_the_same_are_one(con, tmp_path) -> None:
    october(tmp_path)
    manifest = tmp_path / "metadata/BILLING_PERIOD=2026-10/focus-Manifest.json"
    shutil.copy(manifest, manifest.with_name("copy-of-focus-Manifest.json"))
    assert load(con, Focus(kind="focus", name="aws", uri=str(tmp_path))).lines == 2


def test_two_executions_with_one_stamp_are_told_apart_by_the_manifest(con, tmp_path) -> None:
    stamp = "2026-11-08T09:00:00.000Z"
    write_execution(tmp_path, OCTOBER, f"{stamp}-bbbb", [line(100)])
    write_execution(tmp_path, OCTOBER, f"{stamp}-aaaa", [line(1)])
    load(con, Focus(kind="focus", name="aws", uri=str(tmp_path)))
    assert [row[4] for row in totals(con)] == [1]
    ledger = con.execute("select execution_id, is_current from billing_load order by all").fetchall()
    assert ledger == [(f"{stamp}-aaaa", True), (f"{stamp}-bbbb", False)]
