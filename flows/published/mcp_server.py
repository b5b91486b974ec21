"""`plimsoll mcp`: the published tables for assistants that speak the Model Context Protocol, read-only.

https://modelcontextprotocol.io. Three tools: which tables and views there are, what the columns of one mean, and a
question in SQL. They see what `plimsoll sql` sees: the published snapshot, and no other file or address. A question is
stopped after TIMEOUT_S; an answer has at most ROWS rows and says where it was cut.
"""

from pathlib import Path
from threading import Timer
from typing import TypedDict

import duckdb
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from data.errors import InputError
from data.snapshot import open_snapshot
from data.warehouse import first_line, load_sql

ROWS = 200
TIMEOUT_S = 30.0
INSTRUCTIONS = (
    "Cost, load, forecasts and decisions of a company's services, one row a fact, as of the newest night. Times are "
    "UTC, ratios are 0..1, money has its currency beside it and currencies are never added; null is not measured. "
    "Views named current_... hold the newest night; their comments have example questions. Call tables first, then "
    "describe."
)


class Answer(TypedDict):
    """Rows of a question; values are what JSON can hold, decimals and dates as text."""

    columns: list[str]
    rows: list[list[str | int | float | bool | None]]
    is_cut: bool


def mcp_server(publish: Path) -> MCPServer:
    """Return a server over what is published in `publish`; each call opens it anew, so it sees the newest night."""
    server = MCPServer("plimsoll", instructions=INSTRUCTIONS)

    @server.tool()
    def tables() -> Answer:
        """List every table and view with what it holds and its grain."""
        return ask(publish, load_sql("dictionary/table"))

    @server.tool()
    def describe(table: str) -> Answer:
        """List the columns of a table or view, with type, meaning and unit."""
        answer = ask(publish, load_sql("dictionary/column"), {"table": table})
        if not answer["rows"]:
            raise ToolError(f"{table}: no such table or view; call tables for their names")
        return answer

    @server.tool()
    def query(sql: str) -> Answer:
        """Answer a question in DuckDB's SQL; only reading works."""
        return ask(publish, sql)

    return server


def ask(publish: Path, sql: str, parameters: dict[str, object] | None = None) -> Answer:
    """Return the first rows of the answer to `sql`; raises ToolError with DuckDB's first line where it is refused."""
    try:
        with open_snapshot(publish) as con:
            watch = Timer(TIMEOUT_S, con.interrupt)
            watch.start()
            try:
                result = con.execute(sql, parameters or {})
                rows = result.fetchmany(ROWS + 1)
                names = [str(column[0]) for column in result.description or ()]
            finally:
                watch.cancel()
    except (duckdb.Error, InputError) as error:
        raise ToolError(first_line(error)) from error
    return Answer(
        columns=names, rows=[[_plain(value) for value in row] for row in rows[:ROWS]], is_cut=len(rows) > ROWS
    )


def _plain(value: object) -> str | int | float | bool | None:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
