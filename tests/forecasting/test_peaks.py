"""Peaks are as high as they turned out to be, whatever tail a step has."""

import numpy as np
import pytest

from forecasting.intervals.peaks import PEAK_SCORES, peak_quantiles, with_peaks
from forecasting.panel.history import to_history
from forecasting.tournament import forecast

MEDIAN = 4


@pytest.fixture
def history(make_panel, weekly_load):
    panel = make_panel(weekly_load(5))
    return to_history(panel, np.arange(5), panel.y.shape[1])


def missed(history, peak: float, origins: int = 6) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Truth and residuals whose peak is missed by `peak` at every origin."""
    rng = np.random.default_rng(3)
    mean = rng.uniform(0.4, 0.6, (origins, 5, 48))
    actual = mean.copy()
    actual[:, :, 7] = mean.max(axis=2) + peak
    last = history.x.shape[1]
    return actual, actual - mean, [last - 48 * (k + 1) for k in range(origins)][::-1]


def test_a_peak_that_was_always_missed_by_as_much_is_expected_to_be(history):
    actual, residuals, origins = missed(history, 0.3)
    found = peak_quantiles(actual, residuals, np.full((5, 48), 0.1), history, origins)
    assert found.shape == (5, len(PEAK_SCORES))
    assert found[:, MEDIAN] == pytest.approx(0.3, rel=0.3)
    assert (np.diff(found, axis=1) >= 0).all()


def test_a_horizon_that_is_longer_than_the_backtest_grows_with_the_error_to_expect(history):
    actual, residuals, origins = missed(history, 0.3)
    short = peak_quantiles(actual, residuals, np.full((5, 48), 0.1), history, origins)
    growing = np.concatenate([np.full((5, 48), 0.1), np.full((5, 48), 0.3)], axis=1)
    assert peak_quantiles(actual, residuals, growing, history, origins) == pytest.approx(2 * short)


def test_where_nothing_was_measured_nothing_is_said(history):
    nothing = np.full((6, 5, 48), np.nan)
    assert np.isnan(peak_quantiles(nothing, nothing, np.full((5, 48), 0.1), history, [10] * 6)).all()


def test_futures_get_the_peaks_to_expect_and_keep_their_order_and_their_days():
    rng = np.random.default_rng(1)
    mean = np.full((2, 30), 10.0)
    paths = mean[:, None] + rng.normal(0, 3, (2, 2000, 30))
    errors = np.stack([1.0 + 0.5 * PEAK_SCORES, np.full(len(PEAK_SCORES), np.nan)])
    found = with_peaks(paths.copy(), mean, errors)
    tops = found[0].max(axis=1)
    assert np.median(tops) == pytest.approx(11.0, abs=0.05)
    assert np.quantile(tops, 0.9) == pytest.approx(11.0 + 0.5 * 1.2816, abs=0.05)
    assert np.array_equal(np.argsort(tops), np.argsort(paths[0].max(axis=1)))
    assert np.array_equal(found[0].argmax(axis=1), paths[0].argmax(axis=1))
    assert np.array_equal(found[1], paths[1])


def test_load_that_is_zero_stays_zero():
    paths, mean = np.zeros((1, 50, 20)), np.zeros((1, 20))
    assert (with_peaks(paths, mean, np.zeros((1, len(PEAK_SCORES)))) == 0).all()


def test_a_forecast_brings_the_peaks_of_its_backtest(make_panel, weekly_load):
    path = forecast(make_panel(weekly_load(3)), 72).path
    assert path["peak_errors"].map(len).tolist() == [len(PEAK_SCORES)] * 3
