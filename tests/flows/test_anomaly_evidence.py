"""The bars of anomalies, on a made-up company and on metrics that people labelled; the settings are every night's."""

import pytest

from forecasting.decisions.anomaly import Anomaly
from tests.benchmarks.anomalies import company
from tests.benchmarks.anomaly_sets import alerts, count, microsoft, nab

pytestmark = pytest.mark.shared


def test_what_was_planted_in_a_company_is_found_and_nothing_else(shared, tmp_path):
    verdict = company(shared / "incidents", tmp_path / "company")
    assert verdict.cost >= 7
    assert verdict.cost_named == verdict.cost
    assert verdict.cost_first_day == verdict.planted_steps
    assert verdict.load == verdict.planted_load
    assert verdict.quiet <= 1
    assert verdict.unexplained <= 4


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
