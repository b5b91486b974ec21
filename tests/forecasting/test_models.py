"""Every model of the union keeps the contract of the seam."""

from typing import get_args

import numpy as np
import pytest

from forecasting.models import Model
from forecasting.models.smoothing import damped, ses
from forecasting.options import ForecastOptions
from forecasting.panel.history import to_history

SPECS = get_args(get_args(Model)[0])


def daily(rng, series=3, days=120):
    t = np.arange(days)
    return 100 * (1 + 0.3 * (t % 7 < 5)) * np.exp(rng.normal(0, 0.05, (series, days)))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.model_fields["kind"].default)
def test_model_returns_origins_by_series_by_steps_near_the_level(make_panel, spec):
    y = daily(np.random.default_rng(1))
    history = to_history(make_panel(y, "d"), np.arange(3), 90)
    found = spec().forecasts(history, [90, 106, 120], 14)
    assert found
    best = np.inf
    for cells in found.values():
        assert cells.shape == (3, 3, 14)
        if np.isfinite(cells).all():
            best = min(best, np.abs(cells * history.scale[:, None] / y.mean() - 1).mean())
    assert best < 0.25


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.model_fields["kind"].default)
def test_model_does_not_look_past_its_origin(make_panel, spec):
    y = daily(np.random.default_rng(2))
    later = y.copy()
    later[:, 100:] *= 4
    before, after = (
        spec().forecasts(to_history(make_panel(values, "d"), np.arange(3), 100), [100, 120], 7) for values in (y, later)
    )
    for name, cells in before.items():
        np.testing.assert_allclose(cells[0], after[name][0], rtol=1e-6)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.model_fields["kind"].default)
def test_model_that_cannot_say_says_nan(make_panel, spec):
    y = daily(np.random.default_rng(3), days=5)
    found = spec().forecasts(to_history(make_panel(y, "d"), np.arange(3), 5), [5], 7)
    assert all(np.isnan(cells).all() for cells in found.values())


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.model_fields["kind"].default)
def test_model_can_be_asked_for_by_its_kind(spec):
    kind = spec.model_fields["kind"].default
    assert ForecastOptions.model_validate({"models": [{"kind": kind}]}).models == (spec(),)


def test_smoothing_equals_its_recursion():
    x = np.random.default_rng(4).normal(10, 2, (2, 30))
    level = x[:, 0].copy()
    for column in x.T[1:]:
        level = level + 0.3 * (column - level)
    np.testing.assert_allclose(ses(x, (0.3,))[0], level)


def test_damped_trend_follows_a_line_when_it_is_not_damped():
    level, trend = damped(np.arange(200.0)[None] * 3, 0.5, 0.5, 1.0)
    assert level[0] == pytest.approx(199 * 3, abs=0.1)
    assert trend[0] == pytest.approx(3, abs=0.01)
