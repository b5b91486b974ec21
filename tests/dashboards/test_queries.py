"""Every query of a page and every view, a folder a case (see tests/sql/cases.py). `sql/<page>/<query>/<case>` is of
a page's query, `../sql/views/<view>/<case>` of a view.
"""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from dashboards.queries import SQL, load_sql
from dashboards.site import PREPARED
from tests.sql.cases import returned
from tests.warehouses import new_warehouse

HERE = Path(__file__).parent / "sql"
VIEWS = Path(__file__).parents[1] / "sql" / "views"
PARAMETERS = {
    "as_of": date(2026, 11, 20),
    "month": date(2026, 11, 1),
    "period": date(2026, 10, 1),
    "services": ["checkout"],
    "teams": ["payments"],
}
QUERIES = sorted(file.relative_to(SQL).with_suffix("").as_posix() for file in SQL.rglob("*.sql"))
CASES = sorted(file.parent for file in HERE.rglob("expected.csv"))
VIEW_CASES = sorted(file.parent for file in VIEWS.rglob("expected.csv"))
OURS = {name: load_sql(name) for name in PREPARED}
OF_THE_SCHEMA = {"data/dictionary"}  # it reads what tables there are, not what is in them


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(HERE).as_posix())
def test_the_query_of_a_page_returns_what_is_expected(con: duckdb.DuckDBPyConnection, case: Path):
    found, expected = returned(con, case, load_sql(case.parent.relative_to(HERE).as_posix()), PARAMETERS, OURS)
    assert found == expected


@pytest.mark.parametrize("case", VIEW_CASES, ids=lambda case: case.relative_to(VIEWS).as_posix())
def test_the_view_returns_what_is_expected(con: duckdb.DuckDBPyConnection, case: Path):
    found, expected = returned(con, case, f"from {case.parent.name}", PARAMETERS)
    assert found == expected


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_a_page_has_an_empty_and_a_no_match_case(query: str):
    if query not in OF_THE_SCHEMA:
        assert {"empty", "no_match"} <= {case.name for case in CASES if case.parent == HERE / query}


def test_every_view_has_an_empty_and_a_no_match_case(warehouse: duckdb.DuckDBPyConnection):
    views = warehouse.execute(
        "select view_name from duckdb_views() "
        "where not internal and not temporary and database_name = current_database()"
    ).fetchall()
    has = {name: {case.name for case in VIEW_CASES if case.parent.name == name} for (name,) in views}
    assert {name for name, cases in has.items() if not {"empty", "no_match"} <= cases} == set()


def test_no_case_is_of_a_query_that_is_no_more():
    assert {case.parent.relative_to(HERE).as_posix() for case in CASES} <= set(QUERIES)
