import numpy as np
import pytest

from forecasting.intervals import conformal as intervals
from forecasting.panel.history import to_history
from forecasting.tournament import forecast


def daily_growth(rng, days: int, yearly: float) -> np.ndarray:
    """Twenty products that grow by e^yearly in a year, and miss their path by a share of their size."""
    week = 1 + 0.2 * (np.arange(days) % 7 < 5)
    wander = np.cumsum(rng.normal(0, 0.01, (20, days)), axis=1)
    return 1000 * week * np.exp(yearly * np.arange(days) / 365 + wander + rng.normal(0, 0.05, (20, days)))


def test_residuals_of_a_series_that_doubled_count_twice(make_panel):
    y = np.r_[np.full(100, 1.0), np.full(100, 2.0)]
    history = to_history(make_panel(np.stack([y, y[::-1]]), "d"), np.arange(2), 100)
    found = intervals.to_level(np.ones((2, 2, 7)), history, [90, 190], 200)
    np.testing.assert_allclose(found[:, :, 0], [[2.0, 0.5], [1.0, 1.0]])


def test_residuals_are_enlarged_no_further_than_the_stated_reach(make_panel):
    y = np.r_[np.full(100, 1.0), np.full(100, 50.0)]
    history = to_history(make_panel(y, "d"), np.arange(1), 100)
    found = intervals.to_level(np.ones((1, 1, 7)), history, [90], 200)
    assert found.max() == pytest.approx(intervals.MOST_GROWTH)


def test_intervals_of_what_grows_fast_hold_what_comes(make_panel):
    y = daily_growth(np.random.default_rng(5), 328, 1.5)
    lo95, lo80, _, hi80, hi95 = forecast(make_panel(y[:, :-28], "d"), 28).bands
    truth = y[:, -28:]
    assert ((truth >= lo80) & (truth <= hi80)).mean() > 0.7
    assert ((truth >= lo95) & (truth <= hi95)).mean() > 0.9
