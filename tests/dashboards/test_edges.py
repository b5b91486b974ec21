"""Services that are unlike the others: what their pages say is what the tables say, and nothing more."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from dashboards.site import render_site
from dashboards.words.wording import MINUS, money
from data.warehouse import load_sql, open_warehouse, replace_window
from tests.dashboards.estate import AS_OF, make_estate
from tests.dashboards.test_findings import words

MONTH = date(2026, 11, 1)
ODD = (
    ("free", 1, "a", 900.0, 0.2, 0.8, 0.0, 0.0, 0.0, "USD", None, 100.0, False),
    ("credited", 1, "a", 900.0, 0.2, 0.8, 0.0, 0.05, 3.0, "USD", None, None, False),
    ("tokyo", 1, "a", 900.0, 0.2, 0.8, 0.0, 0.05, 7000.0, "JPY", 5.0, 100.0, False),
    ("newborn", 1, "a", 900.0, 0.2, 0.8, 0.0, 0.05, 9.0, "USD", None, 500.0, False),
    ("quiet", 1, "a", None, None, None, 0.0, 0.05, 11.0, "USD", 4.0, None, False),
    ("w" * 90, 1, "b" * 80, 900.0, 0.2, 0.8, 0.0, 0.05, 5.0, "USD", None, None, False),
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    folder = tmp_path_factory.mktemp("odd")
    with open_warehouse(folder / "plimsoll.duckdb") as con:
        make_estate(con, ODD, days=70)
        con.execute("delete from forecast where service = 'newborn'")
        con.execute(
            "insert into cost_service_day values ('credited', '2026-11-05', 'credit', 'USD', -5000, -5000, true)"
        )
        replace_window(con, "month_cost", load_sql("decide/month_cost"), {"as_of": AS_OF})
        render_site(con, folder / "site")
        yield con, folder / "site"


@pytest.fixture
def page(odd: tuple[duckdb.DuckDBPyConnection, Path]) -> Callable[[str], str]:
    return lambda service: words(odd[1] / "services" / f"{service}.html")


@pytest.fixture
def row(odd: tuple[duckdb.DuckDBPyConnection, Path]) -> Callable[[str], str]:
    """Return what the front page's row of a service says."""

    def read(service: str) -> str:
        rows = words(odd[1] / "index.html").split(" tier 1 · ")
        (found,) = [after for before, after in pairwise(rows) if before.endswith(f" {service}")]
        return found

    return read


def test_a_service_that_costs_nothing_is_said_to_cost_nothing(page, row):
    assert "0.00 USD" in row("free")
    assert "0.00 USD of it so far, through 19 Nov 2026; settled to 16 Nov 2026." in page("free")


def test_a_month_below_zero_by_credits_is_shown_below_zero_and_its_usage_is_not(odd, page, row):
    con, site = odd
    usage, credit, total = con.execute(
        "select sum(effective_cost) filter (where component = 'direct'), "
        "sum(effective_cost) filter (where component = 'credit'), sum(effective_cost) "
        "from cost_service_day where service = 'credited' and date >= $month",
        {"month": MONTH},
    ).fetchone()
    assert total < 0 < usage
    assert f"{money(usage)} USD" in row("credited")
    text = page("credited")
    assert f" {money(credit)} " in text
    assert f" {money(total)} " in text
    assert money(total).startswith(MINUS)
    ((company,),) = con.execute(
        "select sum(effective_cost) from cost_service_day where currency = 'USD' and date >= $month", {"month": MONTH}
    ).fetchall()
    assert f" {money(company)} " in words(site / "index.html")


def test_a_budget_and_a_target_in_dollars_are_not_held_against_another_currency(page, row):
    assert "% of budget" not in row("tokyo")
    assert "of budget" not in page("tokyo").split("Load")[0]
    assert "Cost per million requests in JPY" in page("tokyo")
    assert "target" not in page("tokyo").split("Cost per million requests in JPY")[1].split("How good")[0]
    assert "JPY" in row("tokyo")
    assert "USD" not in row("tokyo").split(" requests")[0]


def test_a_new_service_has_its_cost_so_far_and_no_forecast(odd, page):
    con, _ = odd
    ((usage,),) = con.execute(
        "select sum(effective_cost) from cost_service_day where service = 'newborn' and component = 'direct' "
        "and date >= $month",
        {"month": MONTH},
    ).fetchall()
    text = page("newborn")
    assert f"{money(usage)} USD usage of November 2026 so far; there is no forecast" in text
    assert "Its budget is 500.00 USD." in text
    assert "as of 20 Nov 2026" not in text


def test_without_requests_there_is_no_cost_per_request_whatever_the_target(page, row):
    assert "Cost per million" not in page("quiet")
    assert "target" not in row("quiet")


def test_a_forecast_of_a_currency_is_said_apart(odd):
    text = words(odd[1] / "index.html")
    assert "Spend in USD" in text
    assert "Spend in JPY" in text
    assert "Budgets are in USD only." in text
