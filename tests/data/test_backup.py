"""Backup, restore and compaction of a real warehouse, damaged in the ways that files are."""

from datetime import datetime

import duckdb
import pytest

from data.backup import back_up, compact, free_ratio, newest_copy, restore
from data.errors import InputError, WarehouseError
from data.warehouse import fetch_row, migrate, open_warehouse
from tests.warehouses import new_warehouse

AT = datetime(2026, 11, 20, 2)


@pytest.fixture
def warehouse(tmp_path):
    file = tmp_path / "it's.duckdb"
    with new_warehouse(file) as con:
        con.execute("insert into metric select 'metric ' || i, 'gauge' from range(200_000) r(i)")
    return file


def metrics(file):
    with open_warehouse(file) as con:
        migrate(con)
        return fetch_row(con, "select count(*), max(metric) from metric")


def damaged(file, how):
    if how == "cut short":
        with file.open("r+b") as opened:
            opened.truncate(file.stat().st_size // 2)
    elif how == "not a database":
        file.write_text("PAR1 this is something else")
    elif how == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()


def test_a_backup_holds_every_row_view_and_comment_and_the_constraints(warehouse, tmp_path):
    copy = back_up(warehouse, tmp_path / "backups", AT)
    assert copy.name == "plimsoll-2026-11-20T020000.duckdb"
    assert metrics(copy) == metrics(warehouse)
    facts = {
        "comments": "select table_name, column_name, comment from duckdb_columns() where not internal",
        "keys": "select table_name, constraint_type, constraint_column_names from duckdb_constraints()",
        "views": "select view_name from duckdb_views() where not internal",
    }
    for query in facts.values():
        with duckdb.connect(copy) as one, duckdb.connect(warehouse) as other:
            assert one.execute(f"{query} order by all").fetchall() == other.execute(f"{query} order by all").fetchall()


def test_only_the_newest_seven_backups_are_kept(warehouse, tmp_path):
    for day in range(1, 10):
        back_up(warehouse, tmp_path / "backups", datetime(2026, 11, day))
    assert [file.name[9:19] for file in sorted((tmp_path / "backups").iterdir())] == [
        f"2026-11-{day:02}" for day in range(3, 10)
    ]


@pytest.mark.parametrize("how", ["cut short", "not a database", "empty", "gone"])
def test_a_damaged_warehouse_is_restored_and_what_was_there_is_kept(warehouse, tmp_path, how):
    expected = metrics(warehouse)
    copy = back_up(warehouse, tmp_path / "backups", AT)
    damaged(warehouse, how)
    size = warehouse.stat().st_size if warehouse.exists() else None
    kept = restore(warehouse, newest_copy(tmp_path / "backups", tmp_path / "snapshot.duckdb"), AT)
    assert metrics(warehouse) == expected
    assert metrics(copy) == expected
    assert (kept.stat().st_size if kept else None) == size


def test_a_log_of_the_damaged_file_is_not_played_into_the_restored_one(warehouse, tmp_path):
    copy = back_up(warehouse, tmp_path / "backups", AT)
    log = warehouse.with_name(f"{warehouse.name}.wal")
    log.write_bytes(b"of another file")
    expected = metrics(copy)
    kept = restore(warehouse, copy, AT)
    assert metrics(warehouse) == expected
    assert kept is not None
    assert kept.with_name(f"{kept.name}.wal.kept").read_bytes() == b"of another file"


@pytest.mark.parametrize("how", ["cut short", "not a database", "empty", "gone"])
def test_a_damaged_warehouse_pushes_no_good_backup_out(warehouse, tmp_path, how):
    copy = back_up(warehouse, tmp_path / "backups", AT)
    damaged(warehouse, how)
    with pytest.raises(WarehouseError, match=r"it's\.duckdb: is not a warehouse"):
        back_up(warehouse, tmp_path / "backups", datetime(2026, 11, 21))
    assert [*(tmp_path / "backups").iterdir()] == [copy]


@pytest.mark.parametrize("how", ["not a database", "gone", "another database"])
def test_nothing_is_moved_where_the_copy_is_no_warehouse(warehouse, tmp_path, how):
    copy = tmp_path / "copy.duckdb"
    if how == "another database":
        with duckdb.connect(copy) as con:
            con.execute("create table other (a integer)")
    elif how == "not a database":
        copy.write_text("nothing")
    before = metrics(warehouse)
    with pytest.raises(InputError, match=r"copy\.duckdb: is not a warehouse.*--from"):
        restore(warehouse, copy, AT)
    assert metrics(warehouse) == before


def test_without_a_backup_the_snapshot_is_restored_and_without_either_the_error_says_what_to_do(warehouse, tmp_path):
    with pytest.raises(InputError, match="no backup, and nothing is published"):
        newest_copy(tmp_path / "backups", tmp_path / "snapshot.duckdb")
    snapshot = back_up(warehouse, tmp_path / "published", AT)
    assert newest_copy(tmp_path / "backups", snapshot) == snapshot


def test_a_compacted_warehouse_is_smaller_and_the_same(warehouse):
    with open_warehouse(warehouse) as con:
        con.execute("insert into metric select 'more ' || i || repeat('x', 200), 'gauge' from range(300_000) r(i)")
        con.execute("checkpoint")
        # At the file's end, so that it is not simply cut off there.
        con.execute("create table late as select hash(i) as a from range(200_000) r(i)")
        con.execute("checkpoint")
        con.execute("delete from metric where metric like 'more %'")
        con.execute("checkpoint")
        assert free_ratio(con) > 0.3
    expected = metrics(warehouse)
    before, after = compact(warehouse)
    assert after < before / 2
    assert metrics(warehouse) == expected
