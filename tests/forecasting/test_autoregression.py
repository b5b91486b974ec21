import numpy as np
import pytest
from statsmodels.tsa.ar_model import AutoReg as Reference

from forecasting.models import AutoReg, RidgeAutoregression
from forecasting.models.autoregression import solve_ridge
from forecasting.panel.history import to_history

LAGS = (1, 2, 3, 24, 25, 168)
EVERY = np.arange(3)


def ridge(panel, origins, horizon, **spec):
    history = to_history(panel, EVERY, min(origins))
    found = RidgeAutoregression(lags=LAGS, **spec).forecasts(history, origins, horizon)
    return {name: cells * history.scale[:, None] for name, cells in found.items()}


def test_without_ridge_the_batch_equals_statsmodels_autoreg(make_panel, weekly_load):
    panel = make_panel(weekly_load(3))
    end = panel.y.shape[1]
    found = ridge(panel, [end], 48, differences=(0,), ridges=(0.0,), logs=(False,))["ar_6_d0_0"][0]
    wanted = [Reference(y, lags=list(LAGS)).fit().predict(end, end + 47) for y in panel.y]
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_the_autoreg_spec_is_statsmodels_autoreg(make_panel, weekly_load):
    panel = make_panel(weekly_load(3))
    end = panel.y.shape[1]
    history = to_history(panel, EVERY, end)
    found = AutoReg(lags=LAGS).forecasts(history, [end], 24)["autoreg"][0] * history.scale[:, None]
    wanted = [Reference(y, lags=list(LAGS)).fit().predict(end, end + 23) for y in panel.y]
    np.testing.assert_allclose(found, wanted, rtol=1e-8)


def test_an_origin_sees_nothing_of_what_comes_after_it(make_panel, weekly_load):
    y = weekly_load(3)
    later = y.copy()
    later[:, 1000:] *= 5
    spec = {"differences": (0, 24), "ridges": (1e-3,)}
    before, after = (ridge(make_panel(values), [1000, 1200], 24, **spec) for values in (y, later))
    for name, cells in before.items():
        np.testing.assert_allclose(cells[0], after[name][0], rtol=1e-10)


def test_cells_that_were_not_measured_do_not_train(make_panel, weekly_load):
    y = weekly_load(3)
    wrong = y.copy()
    wrong[:, 700:730] = 1e6  # too long to be excluded as an outlier
    missing = wrong.copy()
    missing[:, 700:730] = np.nan
    spec = {"differences": (0,), "ridges": (1e-3,), "logs": (False,)}
    clean, masked, spoilt = (
        ridge(make_panel(values), [y.shape[1]], 24, **spec)["ar_6_d0_0.001"] for values in (y, missing, wrong)
    )
    assert np.abs(masked - clean).max() < 0.02 * np.abs(clean).max()
    assert np.abs(spoilt - clean).max() > 0.02 * np.abs(clean).max()


def test_a_larger_ridge_gives_smaller_coefficients():
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(200, 5))
    rows[:, 3] = 1.0
    gram = rows.T @ rows
    sizes = [np.linalg.norm(solve_ridge(gram, ridge)[:3]) for ridge in (0.0, 0.1, 1.0, 10.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_series_shorter_than_its_lags_has_no_autoregression(make_panel, weekly_load):
    panel = make_panel(weekly_load(3)[:, -150:])
    found = ridge(panel, [150], 24, differences=(0,), ridges=(1e-3,), logs=(False,))
    assert np.isnan(found["ar_6_d0_0.001"]).all()


@pytest.mark.parametrize("difference", [0, 1, 24])
def test_a_log_autoregression_is_never_negative(make_panel, weekly_load, difference):
    panel = make_panel(weekly_load(3, noise=1.5))
    found = ridge(panel, [panel.y.shape[1]], 100, differences=(difference,), ridges=(1e-3,), logs=(True,))
    assert all((cells >= 0).all() for cells in found.values())
