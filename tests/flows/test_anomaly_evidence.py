"""The bars of anomalies and of unit cost, on a made-up company and on metrics that people labelled."""

import json

import pytest

from data.warehouse import open_warehouse
from flows.decide import decide_one
from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.commitment_option import CommitmentOption
from forecasting.decisions.night import Night
from forecasting.decisions.unit_cost_change import UnitCostChange
from tests.benchmarks.anomalies import build_company, company
from tests.benchmarks.anomaly_sets import alerts, count, microsoft, nab

pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("incidents")]


@pytest.fixture(scope="module")
def built(shared, tmp_path_factory):
    """Return the settings of the company, its warehouse filled without forecasts."""
    return build_company(shared / "incidents", tmp_path_factory.mktemp("company"))


def test_what_was_planted_in_a_company_is_found_and_nothing_else(shared, built):
    verdict = company(shared / "incidents", built)
    assert verdict.cost >= 7
    assert verdict.cost_named == verdict.cost
    assert verdict.cost_first_day == verdict.planted_steps
    assert verdict.load == verdict.planted_load
    assert verdict.quiet <= 1
    assert verdict.unexplained <= 4


def test_a_month_is_explained_to_the_cent(shared, built):
    truth = json.loads((shared / "incidents" / "truth.json").read_text())["september_to_october_list_cost"]
    with open_warehouse(built.warehouse.path) as con:
        decide_one(con, UnitCostChange(), Night(built.as_of))
        rows = con.execute(
            "select service, list_change, price, efficiency + mix + volume from unit_cost_change "
            "where scope = 'service' and month = date '2026-10-01'"
        ).fetchall()
        left = "list_change - price - efficiency - mix - volume - restatement"
        over = con.execute(f"select sum(abs({left})), count(*) from unit_cost_change").fetchone()
        apart = con.execute(
            "select count(*) from unit_cost_change u join (select scope, service, month, currency, "
            "sum(list_change) as list_change, sum(price) as price, sum(discount) as discount "
            "from unit_cost_change_part group by all) p using (scope, service, month, currency) "
            "where u.list_change <> p.list_change or u.price <> p.price or u.discount <> p.discount"
        ).fetchone()
    assert {row[0] for row in rows} == set(truth)
    for service, change, price, quantity in rows:
        wanted = truth[service]
        assert float(change) == pytest.approx(wanted["total"], abs=0.01)
        assert float(price) == pytest.approx(wanted["price"], abs=0.01)
        assert float(quantity) == pytest.approx(wanted["quantity"], abs=0.01)
    assert (float(over[0]), over[1] > 100, apart[0]) == (0.0, True, 0)


def test_what_to_commit_to_is_learnt_from_hourly_charges(shared, built):
    truth = json.loads((shared / "incidents" / "truth.json").read_text())["commitment"]
    with open_warehouse(built.warehouse.path) as con:
        decide_one(con, CommitmentOption(), Night(built.as_of))
        row = con.execute(
            "select discount, owned_usd_hour, level_usd_hour_on_demand, basis from commitment_option "
            "where scope = 'Compute' and term_years = 1 and risk = 'neutral'"
        ).fetchone()
    assert row[0] == pytest.approx(truth["discount"])
    assert row[1] == pytest.approx(truth["owned_usd_hour"], rel=0.001)
    assert row[2] == pytest.approx(
        truth["best_total_on_demand_usd_hour_next_6_weeks"], rel=0.10
    )  # a year, not six weeks
    assert row[3] == "hourly charges"


@pytest.mark.parametrize(
    ("read", "folder", "recall", "precision"),
    [(nab, "nab_cloudwatch", 0.80, 0.55), (microsoft, "ms_cloud", 0.50, 0.50)],
)
def test_labelled_metrics(shared, read, folder, recall, precision):
    sets = read(shared / "real" / folder)
    found = count(sets, [alerts(series, Anomaly().minimum_load_days) for series in sets])
    assert found.recall >= recall
    assert found.precision >= precision
    assert found.alerts_a_month <= 7
