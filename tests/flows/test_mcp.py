"""The assistant's server, asked by the protocol's own client over standard input and output."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from data.snapshot import write_snapshot
from tests.warehouses import new_warehouse

PROGRAM = (
    "from pathlib import Path; from flows.published.mcp_server import mcp_server; mcp_server(Path({!r})).run('stdio')"
)


@pytest.fixture
def publish(tmp_path):
    with new_warehouse(tmp_path / "plimsoll.duckdb") as con:
        con.execute("insert into metric select 'metric ' || i, 'gauge' from range(300) r(i)")
        write_snapshot(con, tmp_path / "snapshot.duckdb")
    return tmp_path


@pytest.fixture
def call(publish):
    """Return what calls tools of the server, one session for all of them: (name, arguments) to (is error, text)."""

    async def session(calls):
        started = StdioServerParameters(command=sys.executable, args=["-c", PROGRAM.format(str(publish))])
        async with stdio_client(started) as (read, write), ClientSession(read, write) as client:
            await client.initialize()
            answers = [await client.call_tool(name, arguments) for name, arguments in calls]
        return [(answer.is_error, answer.structured_content or answer.content[0].text) for answer in answers]

    def run(*calls):
        with ThreadPoolExecutor(1) as own:  # a browser of another test may have left its loop in this thread
            return own.submit(asyncio.run, session(calls)).result()

    return run


def test_tables_columns_and_a_question_are_answered(call):
    (_, tables), (_, columns), (_, answer) = call(
        ("tables", {}),
        ("describe", {"table": "current_headroom"}),
        ("query", {"sql": "select count(*) as metrics from metric"}),
    )
    assert "current_headroom" in [row[0] for row in tables["rows"]]
    assert all(comment for _, _, comment in columns["rows"])
    assert answer == {"columns": ["metrics"], "rows": [[300]], "is_cut": False}


def test_an_answer_that_is_too_long_is_cut_and_says_so(call):
    ((_, answer),) = call(("query", {"sql": "from metric"}))
    assert (len(answer["rows"]), answer["is_cut"]) == (200, True)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "copy (select 1) to 'written.csv'",
        "delete from metric",
        "create table mine as select 1",
        "attach 'other.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
        "selec 1",
    ],
)
def test_what_is_not_a_question_to_the_snapshot_is_refused_in_one_line(call, publish, sql):
    ((is_error, text),) = call(("query", {"sql": sql}))
    assert is_error
    assert len(text.splitlines()) == 1
    assert sorted(file.name for file in publish.iterdir()) == ["plimsoll.duckdb", "snapshot.duckdb"]
