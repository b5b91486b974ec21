"""Backup, restore and compaction as their user meets them: on the command line, beside a night, and after damage."""

import json
import subprocess
import sys

import duckdb
import pytest

from data.snapshot import swap_in, write_snapshot
from flows.only_one import only_one
from tests.warehouses import new_warehouse

CONFIG = """
[warehouse]
path = "w/plimsoll.duckdb"
[publish]
dir = "published"
[[utilization]]
kind = "files"
name = "load"
path = "load.csv"
"""


@pytest.fixture
def home(tmp_path):
    (tmp_path / "plimsoll.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "load.csv").write_text("service,metric,timestamp,value\n", encoding="utf-8")
    with new_warehouse(tmp_path / "w/plimsoll.duckdb") as con:
        con.execute("insert into metric values ('cpu', 'gauge')")
        release = tmp_path / "published/releases/one"
        release.mkdir(parents=True)
        write_snapshot(con, release / "snapshot.duckdb")
    swap_in(tmp_path / "published", release)
    return tmp_path


def plimsoll(home, *arguments):
    command = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    done = subprocess.run(
        [*command, "--config", str(home / "plimsoll.toml")], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def metrics(home):
    with duckdb.connect(str(home / "w/plimsoll.duckdb"), read_only=True) as con:
        return con.execute("from metric").fetchall()


def test_a_damaged_warehouse_is_restored_from_its_backup(home):
    assert plimsoll(home, "backup")[0] == 0
    (home / "w/plimsoll.duckdb").write_bytes(b"damaged")
    code, said = plimsoll(home, "restore")
    assert (code, "restored" in said, "kept" in said) == (0, True, True)
    assert metrics(home) == [("cpu", "gauge")]


def test_without_a_backup_what_is_published_is_restored(home):
    (home / "w/plimsoll.duckdb").write_bytes(b"damaged")
    assert plimsoll(home, "restore")[0] == 0
    assert metrics(home) == [("cpu", "gauge")]


@pytest.mark.parametrize("command", ["backup", "restore", "compact"])
def test_none_of_them_runs_beside_a_night(home, command):
    before = (home / "w/plimsoll.duckdb").read_bytes()
    with only_one(home / "w/plimsoll.duckdb"):
        code, said = plimsoll(home, command)
    assert (code, "another night is running" in said) == (3, True)
    assert (home / "w/plimsoll.duckdb").read_bytes() == before


@pytest.mark.parametrize("command", ["backup", "compact"])
def test_a_damaged_warehouse_is_one_line_that_names_it(home, command):
    (home / "w/plimsoll.duckdb").write_bytes(b"damaged")
    code, said = plimsoll(home, command)
    assert code == 1
    assert "plimsoll.duckdb: is not a warehouse that can be read" in said
    assert "Traceback" not in said


def test_a_compacted_warehouse_is_the_same_to_its_readers(home):
    assert plimsoll(home, "compact")[0] == 0
    assert metrics(home) == [("cpu", "gauge")]


def test_mcp_answers_on_standard_output(home):
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize"}
    hello["params"] = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    command = [sys.executable, "-c", "from flows.cli import main; main()", "mcp", "--config"]
    done = subprocess.run(
        [*command, str(home / "plimsoll.toml")],
        input=json.dumps(hello) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[0])["result"]["serverInfo"]["name"] == "plimsoll"
