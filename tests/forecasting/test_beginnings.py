"""Services that began: what lies before does not train, and what is at nothing nearly always has not begun."""

import numpy as np
import pytest

from forecasting.options import ForecastOptions
from forecasting.tournament import forecast
from tests.forecasting import breaking
from tests.forecasting.conftest import panel_of

OPTIONS = ForecastOptions(slow_series=0, timezone={"*": "UTC"})
SERIES, DAYS, AHEAD = 6, 90, 14


def loads(grain):
    days = DAYS + AHEAD
    y = np.stack([breaking.load(np.random.default_rng(seed), grain, days) for seed in range(SERIES)])
    return y[:, : DAYS * breaking.DAY[grain]].copy(), y[:, DAYS * breaking.DAY[grain] :]


def judged(history, truth, grain="h"):
    outcome = forecast(panel_of(history, grain), truth.shape[1], OPTIONS)
    lo95, _, mean, _, hi95 = outcome.bands
    wape = np.abs(truth - mean).sum(axis=1) / np.abs(truth).sum(axis=1)
    return outcome, np.median(wape), ((truth >= lo95) & (truth <= hi95)).mean()


@pytest.mark.parametrize(("grain", "days", "most"), [("h", 2, 0.5), ("h", 9, 0.15), ("h", 40, 0.08), ("d", 30, 0.08)])
def test_zeros_that_were_measured_before_a_launch_do_not_train(grain, days, most):
    history, truth = loads(grain)
    history[:, : -days * breaking.DAY[grain]] = 0.0
    outcome, wape, inside = judged(history, truth, grain)
    assert wape <= most
    assert inside >= 0.85
    begun = outcome.breaks.drop_duplicates("service")
    assert begun["kind"].tolist() == ["step"] * SERIES
    assert (begun["from_utc"] == outcome.panel.times[-days * breaking.DAY[grain]]).all()
    assert (outcome.fit["history_points"] == days * breaking.DAY[grain]).all()
    unmeasured = np.where(history == 0, np.nan, history)
    assert wape == pytest.approx(judged(unmeasured, truth, grain)[1], abs=0.02)


@pytest.mark.parametrize("days", [9, 40])
def test_tries_before_a_launch_do_not_train(days):
    history, truth = loads("h")
    before = np.s_[:, : -days * 24]
    history[before] = np.where(np.random.default_rng(9).uniform(size=history[before].shape) < 0.1, 0.5, 0.0)
    _, wape, inside = judged(history, truth)
    assert wape <= 0.15
    assert inside >= 0.85


def test_what_has_nothing_to_do_most_of_the_time_has_not_begun_with_its_first_event():
    rng = np.random.default_rng(4)
    y = np.where(rng.uniform(size=(SERIES, 90 * 24)) < 0.05, 7.0, 0.0)
    y[:, :500] = 0.0
    assert forecast(panel_of(y), 24, OPTIONS).breaks.empty


@pytest.mark.parametrize(("factor", "days"), [(1e6, 4), (1024, 3), (60, 6), (1e-3, 9), (1 / 60, 9)])
@pytest.mark.parametrize("grain", ["h", "d"])
def test_a_unit_that_changed_is_a_step_of_so_many_times(factor, days, grain):
    history, truth = loads(grain)
    history[:, -days * breaking.DAY[grain] :] *= factor
    outcome, wape, inside = judged(history, truth * factor, grain)
    assert wape <= 0.10
    assert inside >= 0.85
    assert outcome.breaks["kind"].tolist() == ["step"] * SERIES
    assert outcome.breaks["factor"].to_numpy() == pytest.approx(np.full(SERIES, factor), rel=0.15)


@pytest.mark.parametrize("grain", ["h", "d"])
@pytest.mark.parametrize("days", [2, 6])
def test_what_was_taken_down_step_by_step_and_is_at_nothing_stays_there(grain, days):
    history, truth = loads(grain)
    day = breaking.DAY[grain]
    at = np.arange(DAYS * day)
    history *= np.clip(1 - (at - (DAYS - 10 - days) * day) / (10 * day), 0, 1)
    outcome = forecast(panel_of(history, grain), truth.shape[1], OPTIONS)
    assert (outcome.bands[0] == 0).all()
    assert np.median(outcome.bands[2].mean(axis=1) / truth.mean(axis=1)) < 0.08
    assert (outcome.breaks["factor"].dropna() >= 0).all()


def rare(rng):
    return np.where(rng.uniform(size=(SERIES, 90 * 24)) < 0.02, rng.gamma(2, 5, (SERIES, 90 * 24)), 0.0)


@pytest.mark.parametrize(("hours", "ago"), [(10, 0), (30, 0), (30, 20), (70, 40)])
def test_a_burst_of_what_hardly_ever_comes_is_not_foreseen_to_go_on(hours, ago):
    y = rare(np.random.default_rng(5))
    end = y.shape[1] - ago
    y[:, end - hours : end] = 60.0
    outcome = forecast(panel_of(y), 14 * 24, OPTIONS)
    assert outcome.breaks["kind"].tolist() == ["excursion"] * SERIES
    assert (outcome.breaks["is_open"] == (ago == 0)).sum() >= SERIES - 2  # what is rare may come just after it
    lo95, _, mean, _, hi95 = outcome.bands
    assert mean.mean() < 2
    assert (lo95 < 0.01).mean() > 0.9
    assert (np.median(hi95[:, :hours], axis=1) >= 50).sum() in ((SERIES,) if ago == 0 else (0, 1, 2))  # as long again


def test_what_hardly_ever_comes_has_no_bursts():
    assert sum(map(bool, forecast(panel_of(rare(np.random.default_rng(6))), 24, OPTIONS).breaks["service"])) <= 1
