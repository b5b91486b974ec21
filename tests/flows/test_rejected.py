"""A night whose only source is mostly rejected has failed, and says the reason first."""

import subprocess
import sys

from data.warehouse import open_warehouse

HEADER = "service,metric,timestamp,value\n"
CONFIG = """
[warehouse]
path = "warehouse.duckdb"
[publish]
dir = "published"
[[utilization]]
kind = "files"
name = "metrics"
path = "load.csv"
"""


def plimsoll(*arguments):
    call = [sys.executable, "-c", "from flows.cli import main; main()", *arguments]
    return subprocess.run(call, capture_output=True, text=True, check=False)


def test_it_exits_1_and_doctor_sees_it_too(tmp_path):
    config = tmp_path / "plimsoll.toml"
    config.write_text(CONFIG)
    rows = [f"web,cpu,10/{day}/2026 0{hour}:00,1\n" for day in (1, 2) for hour in range(5)]
    (tmp_path / "load.csv").write_text(HEADER + "".join([*rows, "web,cpu,2026-10-03T00:00:00Z,1\n"]))
    for _ in range(2):  # the second night reads no file again, and has not forgotten
        done = plimsoll("night", "--config", config, "--as-of", "2026-10-10")
        assert done.returncode == 1
        last = done.stderr.strip().splitlines()[-1]
        assert last.startswith("plimsoll: day or month first? say time_format: 10 of 11 rows of metrics (load.csv: ")
    with open_warehouse(tmp_path / "warehouse.duckdb") as con:
        ((state, error),) = con.execute("select state, error from source_state").fetchall()
    assert state == "failed"
    assert error.startswith("day or month first? say time_format: 10 of 11 rows")
    looked = plimsoll("doctor", "--config", config)
    assert looked.returncode == 1
    assert "✗ source metrics: day or month first? say time_format: 10 of 11 rows" in looked.stdout
