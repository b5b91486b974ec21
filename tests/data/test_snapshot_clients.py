"""The snapshot is opened by the DuckDB that planners have: each older client in `.run/clients`, see the Makefile."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data.snapshot import write_snapshot
from tests.warehouses import new_warehouse

CLIENTS = sorted((Path(__file__).parents[2] / ".run" / "clients").glob("[0-9]*"))
PROGRAM = """
import json, sys
import duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
names = "select table_name from duckdb_tables() where not internal union all select view_name from duckdb_views()" \\
    " where not internal order by 1"
counts = {name: con.execute(f'select count(*) from (select * from "{name}")').fetchone()[0]
          for (name,) in con.execute(names).fetchall()}
said = "select count(*) from duckdb_columns() where not internal and comment is not null"
commented = con.execute(said).fetchone()[0]
print(json.dumps({"version": duckdb.__version__, "counts": counts, "commented": commented}))
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("snapshot")
    with new_warehouse(folder / "plimsoll.duckdb") as con:
        con.execute("insert into metric values ('cpu', 'gauge')")
        con.execute(
            "insert into utilization_hour "
            "select 'checkout', 'cpu', timestamp '2026-11-01' + to_hours(i::integer), 1, 1, 1, 1, 1, 'files' "
            "from range(0, 500, 2) r(i)"
        )
        write_snapshot(con, folder / "snapshot.duckdb")
    return folder / "snapshot.duckdb"


def seen(snapshot: Path, client: Path | None) -> dict[str, object]:
    environment = os.environ | ({"PYTHONPATH": str(client)} if client else {})
    command = [sys.executable, "-c", PROGRAM, str(snapshot)]
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def test_there_are_older_clients_to_try():
    if not CLIENTS:
        pytest.skip("no older DuckDB below .run/clients: make test installs them")
    assert {client.name.rpartition(".")[0] for client in CLIENTS} == {"1.2", "1.4", "1.5"}


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_an_older_client_reads_every_table_view_and_comment(snapshot, client):
    found, ours = seen(snapshot, client), seen(snapshot, None)
    assert found["version"] == client.name
    assert found["counts"] == ours["counts"]
    assert found["commented"] == ours["commented"]
    assert found["counts"]["utilization_gap"] > 0
