from pathlib import Path

import duckdb
import pytest

from data.snapshot import KEPT_RELEASES, PARTITIONED, swap_in, write_lake, write_parquet, write_snapshot

STORAGE_OF_1_2 = 65  # https://duckdb.org/docs/stable/internals/storage: 64 is 0.9 to 1.1, 65 is 1.2, 2.0 writes higher


def release(publish: Path, name: str) -> Path:
    folder = publish / "releases" / name
    folder.mkdir(parents=True)
    (folder / "snapshot.duckdb").write_text(name, encoding="utf-8")
    (folder / "site").mkdir()
    (folder / "site/index.html").write_text(name, encoding="utf-8")
    return folder


def test_a_snapshot_holds_every_table_view_and_comment(con, tmp_path: Path):
    con.execute("insert into metric values ('cpu', 'gauge')")
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    facts = (
        "select table_name, comment from duckdb_tables() where not internal and database_name = current_database() "
        "union all select view_name, comment from duckdb_views() "
        "where not internal and database_name = current_database() order by all"
    )
    with duckdb.connect(str(tmp_path / "snapshot.duckdb"), read_only=True) as reader:
        assert reader.execute("from metric").fetchall() == [("cpu", "gauge")]
        assert reader.execute(facts).fetchall() == con.execute(facts).fetchall()
        assert reader.execute("select count(*) from actual").fetchall() == [(0,)]


def test_a_snapshot_is_in_a_storage_that_duckdb_1_clients_read(con, tmp_path: Path):
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    header = (tmp_path / "snapshot.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == STORAGE_OF_1_2


def test_a_snapshot_half_written_by_a_killed_night_is_replaced(con, tmp_path: Path):
    (tmp_path / "snapshot.part").write_bytes(b"half")
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    assert not (tmp_path / "snapshot.part").exists()
    with duckdb.connect(str(tmp_path / "snapshot.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from metric").fetchall() == [(0,)]


def test_parquet_has_a_file_for_every_table(con, tmp_path: Path):
    con.execute("insert into metric values ('cpu', 'gauge')")
    write_parquet(con, tmp_path / "it's here")
    names = {row[0] for row in con.execute("select table_name from duckdb_tables() where not internal").fetchall()}
    assert {file.stem for file in (tmp_path / "it's here").iterdir()} == names
    assert con.execute("from read_parquet($file)", {"file": str(tmp_path / "it's here/metric.parquet")}).fetchall() == [
        ("cpu", "gauge")
    ]


def test_everything_of_a_release_changes_at_once(tmp_path: Path):
    swap_in(tmp_path, release(tmp_path, "one"))
    links = {name: (tmp_path / name).readlink() for name in ("snapshot.duckdb", "site")}
    swap_in(tmp_path, release(tmp_path, "two"))
    assert (tmp_path / "snapshot.duckdb").read_text(encoding="utf-8") == "two"
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "two"
    assert {name: (tmp_path / name).readlink() for name in links} == links, "only `current` is replaced"


def test_a_release_that_is_not_swapped_in_is_not_seen(tmp_path: Path):
    swap_in(tmp_path, release(tmp_path, "one"))
    release(tmp_path, "two")
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "one"


def test_the_last_releases_are_kept_for_who_reads_them(tmp_path: Path):
    for number in range(6):
        swap_in(tmp_path, release(tmp_path, f"release-{number}"))
    kept = sorted(folder.name for folder in (tmp_path / "releases").iterdir())
    assert kept == [f"release-{number}" for number in range(6 - KEPT_RELEASES, 6)]


@pytest.mark.parametrize("again", [1, 3])
def test_swapping_in_the_same_release_again_changes_nothing(tmp_path: Path, again: int):
    folder = release(tmp_path, "one")
    for _ in range(1 + again):
        swap_in(tmp_path, folder)
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "one"


def test_a_lake_has_a_folder_a_table_cut_by_month_and_other_engines_read_the_same_rows(con, tmp_path: Path):
    con.execute(
        "insert into utilization_hour select 'checkout', 'cpu', "
        "timestamp '2026-10-20' + to_hours(i::integer), 1, 1, 1, 1, 1, 'files' from range(960) r(i)"
    )
    con.execute("insert into metric values ('cpu', 'gauge')")
    write_lake(con, tmp_path)
    hours = tmp_path / "utilization_hour"
    assert [folder.name for folder in sorted(hours.iterdir())] == ["month=2026-10", "month=2026-11"]
    import pyarrow.dataset as arrow  # noqa: PLC0415 - a reader that is not DuckDB

    table = arrow.dataset(hours, partitioning="hive").to_table()
    assert table.num_rows == 960
    assert str(table.schema.field("hour_utc").type) == "timestamp[us]"
    assert arrow.dataset(tmp_path / "metric").to_table().to_pylist() == [{"metric": "cpu", "kind": "gauge"}]
    assert (tmp_path / "focus_forecast" / "part.parquet").exists()


@pytest.mark.parametrize("table", PARTITIONED)
def test_what_a_lake_cuts_by_month_is_a_table_with_that_moment(con, table):
    found = con.execute(
        "select column_name from duckdb_columns() where table_name = $table", {"table": table}
    ).fetchall()
    assert (PARTITIONED[table],) in found
