"""On public data: the claims that a reader would check first, on a sample that takes seconds."""

import csv
import gzip

import numpy as np
import pytest

from forecasting import accuracy
from forecasting.tournament import forecast

HORIZON, SEASON = 48, 24
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def m4_sample(shared):
    """Every ninth series of M4 Hourly, the newest 700 hours of each: history, and the 48 hours after it."""
    parts = []
    for part in ("train", "test"):
        with gzip.open(shared / "real" / "m4_hourly" / f"Hourly-{part}.csv.gz", "rt") as file:
            rows = list(csv.reader(file))[1::9]
        parts.append([np.array([float(cell) for cell in row[1:] if cell]) for row in rows])
    history = np.stack([y[-700:] for y in parts[0]])
    return history, np.stack(parts[1])


@pytest.fixture(scope="module")
def bands(m4_sample, make_panel_module):
    return forecast(make_panel_module(m4_sample[0]), HORIZON).bands


def test_m4_hourly_sample_is_forecast_with_less_than_half_the_error_of_naive_2(m4_sample, bands):
    history, truth = m4_sample
    scale = accuracy.seasonal_scale(history, SEASON)
    smape, mase = accuracy.smape(truth, bands[2]).mean(), accuracy.mase(truth, bands[2], scale).mean()
    assert accuracy.owa(smape, mase, 18.383, 2.395) < 0.5


def test_m4_hourly_sample_lies_inside_its_intervals_about_as_often_as_they_say(m4_sample, bands):
    lo95, lo80, _, hi80, hi95 = bands
    assert 0.70 < accuracy.coverage(m4_sample[1], lo80, hi80).mean() < 0.90
    assert 0.88 < accuracy.coverage(m4_sample[1], lo95, hi95).mean() < 0.99
