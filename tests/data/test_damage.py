"""A warehouse that cannot be used: the error says what is wrong and what to do; others' files are not blamed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from data.damage import check_warehouse, explain_damage
from data.errors import NightRunning, WarehouseError
from data.warehouse import migrate, newest_schema, open_warehouse

HOLD = "import duckdb, sys, time; con = duckdb.connect(sys.argv[1]); print('held', flush=True); time.sleep(60)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("whole") / "w.duckdb"
    with open_warehouse(file) as con:
        migrate(con)
        con.execute("create table big as select hash(i) as a from range(400000) r(i)")
    return file


def cut(share: float) -> Callable[[Path], None]:
    return lambda file: os.truncate(file, int(file.stat().st_size * share))


def scribble(file: Path) -> None:
    with file.open("r+b") as content:
        for place in range(3 * 4096, file.stat().st_size, 65536):
            content.seek(place + 1000)
            content.write(b"\xff" * 300)


def newer(file: Path) -> None:
    with duckdb.connect(str(file)) as con:
        con.execute("update schema_version set version = 9999")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (cut(0), "is not a database"),
        (lambda file: file.write_text("hello " * 5000), "is not a database"),
        (cut(0.001), "is cut short"),
        (cut(0.5), "is cut short"),
        (cut(0.95), "is cut short"),
        (scribble, "is damaged"),
        (newer, "schema is version 9999"),
        (lambda file: (file.unlink(), file.mkdir()), "is a folder"),
    ],
)
def test_what_is_wrong_with_a_warehouse_and_what_to_do(whole: Path, tmp_path: Path, damage, says):
    file = tmp_path / "w.duckdb"
    shutil.copy(whole, file)
    damage(file)
    with pytest.raises(WarehouseError, match=says) as found:
        check_warehouse(file, newest_schema(), is_read=True)
    assert str(file) in str(found.value)
    assert "restore" in str(found.value) or "name a" in str(found.value)
    assert "\n" not in str(found.value)


def test_a_whole_warehouse_and_none_at_all_are_fine(whole: Path, tmp_path: Path):
    check_warehouse(whole, newest_schema(), is_read=True)
    check_warehouse(tmp_path / "none.duckdb", newest_schema())


def test_a_warehouse_that_another_process_holds_is_a_night_running_said_at_once(whole: Path, tmp_path: Path):
    file = tmp_path / "w.duckdb"
    shutil.copy(whole, file)
    with subprocess.Popen([sys.executable, "-c", HOLD, str(file)], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(NightRunning, match="open in another process"), open_warehouse(file):
                pass
        finally:
            other.kill()


def test_another_file_that_a_query_reads_is_not_the_warehouse(tmp_path: Path):
    error = duckdb.IOException('IO Error: Could not read enough bytes from file "/data/bill.parquet": attempted')
    assert explain_damage(tmp_path / "w.duckdb", error) is None
    full = duckdb.IOException('IO Error: Could not write file "/site/snapshot.part": No space left on device')
    assert explain_damage(tmp_path / "w.duckdb", full) is None
    assert explain_damage(tmp_path / "w.duckdb", duckdb.BinderException("no such column")) is None
