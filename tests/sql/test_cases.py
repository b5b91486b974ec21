"""The build queries, a folder a case: <table>.csv are its inputs, expected.csv what the query returns, nothing more.

Columns that a case leaves out are null, or what the schema's `not null` columns need.
"""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.warehouse import identifier, load_sql, run

HERE = Path(__file__).parent
CASES = sorted(file.parent for file in HERE.glob("*/*/expected.csv"))
PARAMETERS = {"as_of": date(2026, 11, 20), "settle_days": 2}
FILLED = {
    "varchar": "'x'",
    "date": "date '2026-11-01'",
    "bigint": "1",
    "integer": "1",
    "boolean": "false",
    "timestamp": "'2026-11-20'",
}
OURS = """
create temp table allocation_rule (
    position bigint, service varchar, provider varchar, account varchar, region varchar, product varchar,
    service_category varchar, is_of_line boolean default false
);
create temp table account_tag (account varchar, tag_key varchar, owner_tag varchar);
create temp table invoice (source varchar, billing_period date, currency varchar, total decimal(38, 12));
"""


def fill(con: duckdb.DuckDBPyConnection, table: str, file: Path) -> None:
    """Insert a csv file's rows; what must not be null and is not given gets a value that says nothing."""
    con.execute(f"create or replace temp table given as from read_csv('{file}', all_varchar = true, nullstr = '')")
    given = {row[0] for row in con.execute("describe given").fetchall()}
    columns = con.execute(f"describe {table}").fetchall()
    chosen = ", ".join(
        f"{identifier(name)}::{kind} as {identifier(name)}"
        if name in given
        else f"{FILLED.get(kind.lower(), '[]' if kind.endswith('[]') else '0')}::{kind} as {identifier(name)}"
        for name, kind, nullable, *_ in columns
        if name in given or nullable == "NO"
    )
    con.execute(f"insert into {table} by name select {chosen} from given")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_query_returns_what_is_expected(con: duckdb.DuckDBPyConnection, case: Path) -> None:
    con.execute(OURS)
    for file in sorted(case.glob("*.csv")):
        if file.stem != "expected":
            fill(con, file.stem, file)
    expected = (case / "expected.csv").read_text(encoding="utf-8").splitlines()
    columns = expected[0].split(",")
    run(con, f"create temp table found as {load_sql(f'build/{case.parent.name}')}", PARAMETERS)
    rows = con.execute(f"select {', '.join(f'{column}::varchar' for column in columns)} from found").fetchall()
    found = sorted(",".join("" if value is None else value for value in row) for row in rows)
    assert found == sorted(expected[1:])


def test_every_query_has_an_empty_case() -> None:
    queries = {case.parent.name for case in CASES}
    assert queries == {case.parent.name for case in CASES if case.name == "empty"}
