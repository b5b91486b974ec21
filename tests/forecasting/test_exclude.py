from dataclasses import replace

import numpy as np
import pytest

from forecasting.options import ForecastOptions
from forecasting.panel.outliers import outliers
from forecasting.tournament import forecast

UNTIL = 8 * 168


def excluded(y, until=UNTIL):
    return np.flatnonzero(outliers(y, "h", until)[0]).tolist()


def test_an_outage_of_some_hours_does_not_train(weekly_load):
    y = weekly_load(1)
    y[0, 1000:1004] = 0.0
    assert excluded(y) == [1000, 1001, 1002, 1003]


def test_a_longer_excursion_is_a_new_level_and_trains_after_six_hours(weekly_load):
    y = weekly_load(1)
    y[0, 1000:1050] *= 20
    assert excluded(y) == list(range(1000, 1006))


def test_series_whose_nature_is_spikes_keeps_them(weekly_load):
    y = weekly_load(1)
    y[0, np.random.default_rng(1).uniform(size=y.shape[1]) < 0.05] *= 20
    assert excluded(y) == []


def test_what_comes_later_does_not_decide(weekly_load):
    y = weekly_load(1)
    y[0, 1000:1004] = 0.0
    later = y.copy()
    later[0, 1004:] *= 3
    assert set(excluded(y[:, :1004], 1000)) == {cell for cell in excluded(later, 1000) if cell < 1004}


def test_an_outage_on_the_last_evening_leaves_the_forecast_alone(make_panel, weekly_load):
    y = weekly_load(3)
    hit = y.copy()
    hit[:, -5:] = 0.0
    whole, spoilt = (forecast(make_panel(values), 48).bands[2] for values in (y, hit))
    assert np.abs(spoilt - whole).sum() < 0.1 * whole.sum()


def test_newcomer_borrows_the_week_of_its_peers_at_its_own_level(make_panel):
    rng = np.random.default_rng(3)
    t = np.arange(10 * 168)
    week = np.where(t // 24 % 7 < 5, 100.0, 20.0) * (1 + 0.5 * np.sin(2 * np.pi * t / 24))
    y = week * np.exp(rng.normal(0, 0.03, (8, len(t)))) * np.array([[1, 2, 3, 4, 5, 6, 7, 10.0]]).T
    newcomer = y[7].copy()
    y[7, : -3 * 24] = np.nan  # three days old: it has never had a week-end
    future = forecast(make_panel(y), 168)
    assert future.fit["series_class"][7] == "new"
    assert "7 like services" in future.fit["fallback_reason"][7]
    assert np.abs(future.bands[2, 7] - newcomer[-168:]).sum() < 0.25 * newcomer[-168:].sum()
    width = (future.bands[3] - future.bands[1]) / future.bands[2]
    assert width[7].mean() > 1.5 * width[:7].mean()


def test_a_series_that_was_not_zero_twice_is_expected_to_be_zero(make_panel):
    y = np.zeros((8, 28 * 24))
    y[:, [500, 600]] = 500.0
    outcome = forecast(make_panel(y, "h"), 48, ForecastOptions(slow_series=0))
    assert outcome.bands[2].max() < 0.1 * y.mean()


@pytest.mark.parametrize("share", [0.12, 0.3, 0.6])  # of the steps in which something happens
@pytest.mark.parametrize(("grain", "steps", "horizon"), [("d", 300, 28), ("h", 42 * 24, 72)])
def test_intermittent_demand_is_forecast_by_its_mean_not_by_zero(make_panel, grain, steps, horizon, share):
    rng = np.random.default_rng(7)
    y = np.where(rng.uniform(size=(12, steps)) < share, rng.gamma(2, 10, (12, steps)), 0.0)
    outcome = forecast(make_panel(y, grain), horizon, ForecastOptions(slow_series=0))
    total = outcome.bands[2].sum() / (horizon * y.mean(axis=1).sum())
    assert 0.7 < total < 1.3
    if share < 0.4:
        assert set(outcome.fit["series_class"]) == {"intermittent"}


def test_rare_charges_are_forecast_by_their_sum_and_rare_load_by_none(make_panel):
    rng = np.random.default_rng(7)
    y = np.where(rng.uniform(size=(12, 300)) < 0.04, rng.gamma(2, 10, (12, 300)), 0.0)
    load = make_panel(y, "d")
    cost = replace(load, ids=load.ids.assign(metric="cost_usd"))
    of_load, of_cost = (
        forecast(panel, 28, ForecastOptions(slow_series=0)).bands[2].sum() / (28 * y.mean(axis=1).sum())
        for panel in (load, cost)
    )
    assert of_load < 0.1
    assert 0.4 < of_cost < 1.6
