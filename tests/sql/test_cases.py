"""The queries that build and decide, a folder a case (see cases.py). `<query>/<case>` is of a query in
data/sql/build, `decide/<decision>/<query>/<case>` of an input of a decision; those of views are in tests/dashboards.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from data.warehouse import SQL, load_sql
from tests.sql.cases import returned
from tests.warehouses import new_warehouse

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
OURS = """
create temp table allocation_rule (
    position bigint, service varchar, provider varchar, account varchar, region varchar, product varchar,
    service_category varchar, is_of_line boolean default false
);
create temp table account_tag (account varchar, tag_key varchar, tag varchar);
create temp table account_environment (account varchar, tag_key varchar, tag varchar);
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
    with new_warehouse(tmp_path_factory.mktemp("cases") / "warehouse.duckdb") as con:
        yield con


@pytest.fixture
def con(warehouse: duckdb.DuckDBPyConnection):
    warehouse.execute("begin")
    yield warehouse
    warehouse.execute("rollback")


def query_of(case: Path) -> str:
    name = case.parent.relative_to(HERE).as_posix()
    return name if name.startswith("decide/") else f"build/{name}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(HERE).as_posix())
def test_the_query_returns_what_is_expected(con: duckdb.DuckDBPyConnection, case: Path) -> None:
    con.execute(OURS)
    found, expected = returned(con, case, load_sql(query_of(case)), PARAMETERS)
    assert found == expected


@pytest.mark.parametrize("query", sorted(QUERIES))
def test_every_query_has_an_empty_and_a_no_match_case(query: str) -> None:
    assert {"empty", "no_match"} <= {case.name for case in CASES if query_of(case) == query}


def test_no_case_is_of_a_query_that_is_no_more() -> None:
    assert {query_of(case) for case in CASES} <= QUERIES
