"""The part of a snapshot that is one team's: a warehouse with the same tables and nothing of another team in them.

What has a service is kept where the service is the team's. What has none is the company's, or others', and is left out;
a table that is new is left out too until it has a service or stands below.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.warehouse import identifier, migrate

# Tables without a service that say nothing of anybody.
_OF_EVERYBODY = {
    "metric": "true",
    "exchange_rate": "true",
    "night": "state = 'done'",
    "event": "service in (from mine)",
}
# Tables with a service that also name somebody else, and which of their rows are still the team's own.
_OWN = {
    "shared_share": "service in (from mine) and recipient in (from mine)",
    "anomaly_part": "service in (from mine) and owner in (from mine)",
    "budget": "(scope = 'service' and name in (from mine)) or (scope = 'team' and name = $team)",
    "budget_status": "(scope = 'service' and name in (from mine)) or (scope = 'team' and name = $team)",
    "unit_cost_change": "(scope = 'service' and service in (from mine)) or (scope = 'team' and service = $team)",
    "unit_cost_change_part": "(scope = 'service' and service in (from mine)) or (scope = 'team' and service = $team)",
    "risk": "service in (from mine) or service = $team",
}
_SAID_BY_OTHERS = {"night": ("message",), "cost_day": ("source",)}  # columns whose words may name anybody


@contextmanager
def open_team(snapshot: Path, team: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse in memory that holds what `snapshot` has of one team."""
    con = duckdb.connect(config={"threads": 1})
    try:
        con.execute("set TimeZone = 'UTC'")
        con.execute("set enable_progress_bar = false")
        migrate(con)
        location = str(snapshot).replace("'", "''")
        con.execute(f"attach '{location}' as whole (read_only)")
        con.execute("create temp table mine as select service from whole.service where team = $team", {"team": team})
        for table, columns in _tables(con).items():
            _copy(con, table, columns, team)
        con.execute("detach whole")
        con.execute("drop table temp.mine")
        yield con
    finally:
        con.close()


def team_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every team that the catalog names."""
    rows = con.execute("select distinct team from service where team is not null order by team").fetchall()
    return [name for (name,) in rows]


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the columns that each table has both here and in the snapshot."""
    rows = con.execute(
        "select h.table_name, list(h.column_name order by h.column_index) from duckdb_columns() h "
        "join duckdb_tables() t on t.table_name = h.table_name and t.database_name = h.database_name "
        "join duckdb_columns() w on w.database_name = 'whole' and w.table_name = h.table_name "
        "and w.column_name = h.column_name "
        "where h.database_name = current_database() and not h.internal and not t.temporary "
        "and h.table_name <> 'schema_version' group by h.table_name order by h.table_name"
    ).fetchall()
    return {str(table): [str(column) for column in columns] for table, columns in rows}


def _copy(con: duckdb.DuckDBPyConnection, table: str, columns: list[str], team: str) -> None:
    by_service = "service in (from mine)" if "service" in columns else None
    condition = _OWN.get(table) or _OF_EVERYBODY.get(table) or by_service
    if condition is None:
        return
    hidden = _SAID_BY_OTHERS.get(table, ())
    chosen = ", ".join(
        (f"'-' as {identifier(name)}" if name == "source" else f"null as {identifier(name)}")
        if name in hidden
        else identifier(name)
        for name in columns
    )
    query = f"insert into {identifier(table)} by name select {chosen} from whole.{identifier(table)} where {condition}"  # noqa: S608 - names of our own tables
    con.execute(query, {"team": team} if "$team" in condition else {})
