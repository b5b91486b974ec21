"""Secrets that a server echoes in its refusals are nowhere afterwards: every file and answer is searched for them."""

import json
from pathlib import Path

import duckdb
import pytest

from tests.flows.conftest import ask, plimsoll

pytestmark = pytest.mark.xdist_group("prefect")
PLANTED = {
    "PLANTED_KEY": "k3y/of+theshop",
    "PLANTED_PASSWORD": "pass:w0rd&more",
    "PLANTED_HEADER": "tenant-t0ken-77",
    "PLANTED_BEAT": "beat-uuid-1234-5678",
}
SOURCE = """
[[utilization]]
kind = "prometheus"
name = "prom"
url = "{url}/prometheus"
[utilization.access]
user_env = "PLANTED_USER"
password_env = "PLANTED_PASSWORD"
query_env = {{ apikey = "PLANTED_KEY" }}
headers_env = {{ "X-Shop" = "PLANTED_HEADER" }}
[utilization.metrics.cpu]
promql = "up"
[notify]
urls_env = "PLANTED_NOTICES"
heartbeat_env = "PLANTED_BEAT_URL"
"""


def texts(folder: Path) -> dict[Path, str]:
    """Return every file below a folder as text; databases and parquet as the text of all their rows."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_symlink() or not file.is_file():
            continue
        found[file] = file.read_bytes().decode("latin-1")
        if file.suffix == ".duckdb":
            with duckdb.connect(str(file), read_only=True) as con:
                tables = con.execute("select table_name from duckdb_tables() where not internal").fetchall()
                found[file] += "".join(str(con.execute(f'from "{table}"').fetchall()) for (table,) in tables)
        if file.suffix == ".parquet":
            found[file] += str(duckdb.execute(f"from '{file}'").fetchall())
    return found


def test_no_text_that_leaves_a_night_holds_a_planted_secret(fresh_estate, server, receiver, tmp_path_factory):
    receiver.status = 400
    echoed = " ".join(PLANTED.values())
    receiver.answer = json.dumps(
        {"status": "error", "error": f"refused: {echoed}, at http://me:{echoed}@host"}
    ).encode()
    with fresh_estate.open("a", encoding="utf-8") as file:
        file.write(SOURCE.format(url=receiver.url))
    environment = PLANTED | {
        "PLANTED_USER": "reader",
        "PLANTED_NOTICES": f"{receiver.apprise}?format=text",
        "PLANTED_BEAT_URL": f"{receiver.url}/{PLANTED['PLANTED_BEAT']}",
        "PREFECT_API_URL": server,
    }
    night = plimsoll("night", "--config", fresh_estate, **environment)
    assert night.returncode == 0, night.stderr
    looked = plimsoll("doctor", "--config", fresh_estate, **environment)
    assert "source prom" in looked.stdout

    asked = next(path for path in receiver.paths if path.startswith("/prometheus"))
    assert asked == "/prometheus/api/v1/query_range?apikey=k3y%2Fof%2Btheshop", "the server was given them"
    assert any(headers.get("X-Shop") == PLANTED["PLANTED_HEADER"] for headers in receiver.headers)
    assert any(PLANTED["PLANTED_BEAT"] in path for path in receiver.paths)

    prefect = {url: str(ask(server, f"{url}/filter", {})) for url in ("logs", "flow_runs")}
    homes = [home for home in tmp_path_factory.getbasetemp().glob("prefect*") if (home / "prefect.db").exists()]
    assert homes, "where Prefect keeps its own"
    left = {
        "stdout": night.stdout,
        "stderr": night.stderr,
        "doctor": looked.stdout + looked.stderr,
        "notices": json.dumps(receiver.notices),
        **prefect,
        **texts(fresh_estate.parent),
        **{file: text for home in homes for file, text in texts(home).items()},
    }
    assert any("refused: ***" in text for text in left.values()), "what was said is told, without the secrets"
    for where, text in left.items():
        for secret in PLANTED.values():
            assert secret not in text, (where, secret)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://reader:hunter2secret@127.0.0.1:9", "user_env, password_env"),
        ("http://127.0.0.1:9?apikey=hunter2secret", "query_env"),
        ("http://127.0.0.1:9?x=hunter2secret", "access.query_env"),
    ],
)
def test_a_secret_in_an_address_is_refused_before_anything_is_written(fresh_estate, url, says):
    with fresh_estate.open("a", encoding="utf-8") as file:
        file.write(
            f'[[utilization]]\nkind = "prometheus"\nname = "p"\nurl = "{url}"\n[utilization.metrics.cpu]\npromql="up"'
        )
    done = plimsoll("night", "--config", fresh_estate)
    assert done.returncode == 2
    assert says in done.stderr
    assert "hunter2secret" not in done.stderr + done.stdout
    assert not (fresh_estate.parent / ".run").exists()


def test_a_secret_in_the_address_of_the_prefect_server_is_refused(fresh_estate):
    done = plimsoll("night", "--config", fresh_estate, PREFECT_API_URL="http://me:hunter2secret@127.0.0.1:9/api")
    assert done.returncode == 2
    assert "PREFECT_API_AUTH_STRING" in done.stderr
    assert not [text for text in texts(fresh_estate.parent).values() if "hunter2secret" in text]
