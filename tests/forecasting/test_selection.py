import numpy as np
import pytest

from forecasting.backtest import selection


def middle(values, weights, low, high):
    """The mean of what lies between two shares of the weight, one thin slice at a time."""
    order = np.argsort(values)
    edges = np.cumsum(np.asarray(weights, dtype=float)[order] / np.sum(weights))
    slices = np.linspace(low, high, 20_001)
    inside = (slices[1:] + slices[:-1]) / 2
    return np.asarray(values)[order][np.searchsorted(edges, inside)].mean()


@pytest.mark.parametrize(("averaged", "low", "high"), [(False, 0.25, 0.75), (True, 0.0, 1.0)])
def test_combine_is_the_mean_of_the_middle_of_the_weight(averaged, low, high):
    rng = np.random.default_rng(6)
    forecasts, weight = rng.normal(size=(9, 1, 3)), rng.uniform(0.05, 1, (9, 1))
    found = selection.combine(forecasts, weight, 9, np.array([averaged]))
    for step in range(3):
        assert found[0, step] == pytest.approx(middle(forecasts[:, 0, step], weight[:, 0], low, high), abs=1e-3)


def test_combine_keeps_the_heaviest_and_ignores_what_has_no_weight():
    forecasts = np.array([1.0, 2.0, 900.0, -900.0])[:, None, None]
    weight = np.array([1.0, 1.0, 0.5, 0.0])[:, None]
    assert selection.combine(forecasts, weight, 2, np.array([True]))[0, 0] == pytest.approx(1.5)


def test_combine_of_nothing_is_missing():
    assert np.isnan(selection.combine(np.ones((3, 1, 2)), np.zeros((3, 1)), 3, np.array([False]))).all()


@pytest.mark.parametrize("horizon", [1, 2, 3, 7, 48, 336])
def test_stretches_cover_the_horizon_once(horizon):
    cells = [step for part in selection.stretches(horizon) for step in range(horizon)[part]]
    assert cells == list(range(horizon))
