"""The queries that build and decide, a folder a case: <table>.csv its inputs, expected.csv what it returns, no more.

Columns that a case leaves out are null, or what the schema's `not null` columns need. `<query>/<case>` is of a query in
data/sql/build, `decide/<decision>/<query>/<case>` of an input of a decision; those of views are in tests/dashboards.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from data.warehouse import SQL, identifier, load_sql, migrate, open_warehouse, run

HERE = Path(__file__).parent
CASES = sorted(file.parent for file in HERE.rglob("expected.csv") if "views" not in file.parts)
# Statements that change tables, and what is made of other queries' text: the tests of their steps run them.
NO_SELECT = {"build/cost_day_state", "build/delete_backtest", "build/hour_superseded"}
QUERIES = {
    file.relative_to(SQL).with_suffix("").as_posix()
    for kind in ("build", "decide")
    for file in (SQL / kind).rglob("*.sql")
} - NO_SELECT
PARAMETERS = {
    "as_of": date(2026, 11, 20),
    "month": date(2026, 11, 1),
    "settle_days": 2,
    "fiscal_year_starts": 1,
    "hourly_from": datetime(2026, 5, 22),
    "daily_from": datetime(2021, 11, 16),
    "chunk_series": 500,
    "made_from": date(2026, 8, 15),
    "grain": "d",
    "services": 500,
    "first_service": "a",
    "last_service": "z",
    "first": datetime(2026, 8, 1),
    "end": datetime(2026, 11, 20),
}
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
create temp table staged_forecast as from forecast limit 0;
create temp table staged_backtest as from forecast limit 0;
create temp table cost_series (service varchar, metric varchar);
create temp table series_value (
    panel varchar, chunk bigint, service varchar, metric varchar, "timestamp" timestamp, value double
);
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """One warehouse for all: each case is rolled back."""
    with open_warehouse(tmp_path_factory.mktemp("cases") / "warehouse.duckdb") as con:
        migrate(con)
        yield con


@pytest.fixture
def con(warehouse: duckdb.DuckDBPyConnection):
    warehouse.execute("begin")
    yield warehouse
    warehouse.execute("rollback")


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


def query_of(case: Path) -> str:
    name = case.parent.relative_to(HERE).as_posix()
    return name if name.startswith("decide/") else f"build/{name}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(HERE).as_posix())
def test_the_query_returns_what_is_expected(con: duckdb.DuckDBPyConnection, case: Path) -> None:
    con.execute(OURS)
    for file in sorted(case.glob("*.csv")):
        if file.stem != "expected":
            fill(con, file.stem, file)
    expected = (case / "expected.csv").read_text(encoding="utf-8").splitlines()
    columns = expected[0].split(",")
    run(con, f"create temp table found as {load_sql(query_of(case))}", PARAMETERS)
    rows = con.execute(f"select {', '.join(f'{identifier(name)}::varchar' for name in columns)} from found").fetchall()
    found = sorted(",".join("" if value is None else value for value in row) for row in rows)
    assert found == sorted(expected[1:])


@pytest.mark.parametrize("query", sorted(QUERIES))
def test_every_query_has_an_empty_and_a_no_match_case(query: str) -> None:
    assert {"empty", "no_match"} <= {case.name for case in CASES if query_of(case) == query}


def test_no_case_is_of_a_query_that_is_no_more() -> None:
    assert {query_of(case) for case in CASES} <= QUERIES
