"""The sample estate's bills against what was computed apart from them."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from data.billing.focus import Focus
from data.catalog import read_catalog, store_catalog
from tests.data.billing.loading import AS_OF, build, load
from tests.warehouses import new_warehouse

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def estate(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    bills = shared / "estate/billing"
    with new_warehouse(tmp_path_factory.mktemp("estate") / "warehouse.duckdb") as con:
        store_catalog(con, read_catalog(shared / "estate/services.toml"), {}, AS_OF)
        load(con, Focus(kind="focus", name="aws", uri=str(bills / "bucket/exports/focus-daily")))
        load(con, Focus(kind="focus", name="oci", uri=str(bills / "oracle/focus-oci.csv")))
        build(con)
        yield con


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((shared / "estate/truth.json").read_text(encoding="utf-8"))


def test_every_billing_month_ties_to_the_last_digit(estate, truth) -> None:
    found = estate.execute(
        "select currency || '/' || strftime(billing_period, '%Y-%m'), sum(lines), sum(billed_cost), "
        "sum(effective_cost), coalesce(sum(list_cost), 0) from cost_day group by all"
    ).fetchall()
    wanted = {
        month: (row["lines"], *(Decimal(row[cost]) for cost in ("billed", "effective", "list")))
        for month, row in truth["billing_month"].items()
    }
    assert {month: row for month, *row in found} == {month: list(row) for month, row in wanted.items()}


def test_every_service_pays_what_it_used(estate, truth) -> None:
    found = estate.execute(
        "select service, strftime(date, '%Y-%m'), sum(effective_cost) from cost_service_day "
        "where currency = 'USD' and component in ('direct', 'support', 'commitment_unused') group by all"
    ).fetchall()
    wanted = {
        (service, month): Decimal(cost)
        for service, months in truth["direct_effective_usd"].items()
        for month, cost in months.items()
    }
    assert {(service, month): cost for service, month, cost in found} == wanted


def test_cost_by_charge_month_ties(estate, truth) -> None:
    found = estate.execute(
        "select strftime(charge_date, '%Y-%m'), sum(effective_cost) from cost_day where currency = 'USD' group by all"
    ).fetchall()
    assert dict(found) == {month: Decimal(cost) for month, cost in truth["charge_month_effective_usd"].items()}


def test_the_ledger_shows_how_october_moved(estate, truth) -> None:
    october = estate.execute(
        "select billed_cost, billed_change, is_current from restatement "
        "where source = 'aws' and billing_period = '2026-10-01' order by delivered_at"
    ).fetchall()
    assert [row[2] for row in october] == [False, False, True]
    assert october[-1][0] == Decimal(truth["billing_month"]["USD/2026-10"]["billed"])
    assert october[-1][1] == october[-1][0] - october[-2][0]
