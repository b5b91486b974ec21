"""Series that are too short for what they are asked: no worse than what last came."""

import numpy as np
import pytest

from forecasting.models.short_history import LASTING, widening
from forecasting.options import ForecastOptions
from forecasting.panel.grain import DAY, SEASONS
from forecasting.paths.simulate import simulate
from forecasting.tournament import forecast

FAST = ForecastOptions(slow_series=0)


@pytest.mark.parametrize(
    ("grain", "days", "monday"), [("h", 12, 0), ("h", 12, 4), ("h", 13, 0), ("h", 15, 2), ("30min", 13, 0)]
)
def test_a_week_that_was_seen_once_is_not_forgotten(make_panel, grain, days, monday):
    rng = np.random.default_rng(1)
    day = DAY[grain]
    t = np.arange((days + 7) * day)
    week = np.where((t // day + monday) % 7 < 5, 1.0, 0.5)
    load = 100 * week * (1 + 0.4 * np.sin(2 * np.pi * t / day)) * np.ones((5, 1))
    y = load * np.exp(rng.normal(0, 0.15, load.shape))
    missed(make_panel, grain, y, load, days * day)


@pytest.mark.parametrize(("grain", "years"), [("m", 1.5), ("w", 1.0), ("w", 1.25), ("w", 1.5)])
def test_a_year_that_was_seen_once_is_not_forgotten(make_panel, grain, years):
    rng = np.random.default_rng(2)
    year = SEASONS[grain][-1]
    known, t = int(years * year), np.arange(int(years * year) + year // 4)
    load = 100 * (1 + 0.3 * np.sin(2 * np.pi * t / year + np.arange(5)[:, None])) * np.exp(0.1 * t / year)
    y = load * np.exp(rng.normal(0, 0.05, load.shape))
    missed(make_panel, grain, y, load, known)


def test_a_week_that_does_not_show_is_not_leant_on(make_panel):
    rng = np.random.default_rng(3)
    day = 100 * (1 + 0.4 * np.sin(2 * np.pi * np.arange(14 * 24) / 24)) * np.ones((8, 1))
    y = day * np.exp(rng.normal(0, 0.2, day.shape))
    mean = forecast(make_panel(y[:, : 12 * 24]), 48, FAST).bands[2]
    last_week = y[:, 5 * 24 : 7 * 24]
    ours, theirs = (np.abs(found - day[:, 12 * 24 :]).mean() for found in (mean, last_week))
    assert ours < 0.6 * theirs


@pytest.mark.parametrize("monday", [0, 2, 5, 6])
def test_one_week_is_enough_to_tell_working_days_from_the_others(make_panel, monday):
    rng = np.random.default_rng(4)
    t = np.arange(14 * 24)
    works = ((t // 24 + monday) % 7 < 5) & (t % 24 >= 8) & (t % 24 < 18)
    y = np.where(works, 100.0, 5.0) * np.exp(rng.normal(0, 0.05, (4, len(t))))
    mean = forecast(make_panel(y[:, : 7 * 24]), 7 * 24, FAST).bands[2]
    assert np.abs(mean - y[:, 7 * 24 :]).sum() < 0.1 * y[:, 7 * 24 :].sum()


def test_one_week_of_days_that_are_alike_is_not_repeated_with_its_noise(make_panel):
    rng = np.random.default_rng(5)
    load = 100 * (1 + 0.4 * np.sin(2 * np.pi * np.arange(14 * 24) / 24)) * np.ones((8, 1))
    y = load * np.exp(rng.normal(0, 0.2, load.shape))
    mean = forecast(make_panel(y[:, : 7 * 24]), 7 * 24, FAST).bands[2]
    ours, theirs = (np.abs(found - load[:, 7 * 24 :]).mean() for found in (mean, y[:, : 7 * 24]))
    assert ours < 0.8 * theirs


def missed(make_panel, grain, y, load, known):
    """Hold the forecast of the load, without its noise, against what seasonal naive says of it."""
    season, horizon = SEASONS[grain][-1], load.shape[1] - known
    mean = forecast(make_panel(y[:, :known], grain), horizon, FAST).bands[2]
    naive = y[:, known - season :][:, np.arange(horizon) % season]
    ours, theirs = (np.abs(found - load[:, known:]).mean() for found in (mean, naive))
    assert ours < theirs


@pytest.mark.parametrize("known", [3, 10, 25])
def test_futures_of_a_newcomer_have_sums_and_highest_days_as_wide_as_a_level_that_wanders(known):
    days, count = 90, 4000
    rng = np.random.default_rng(known)
    walk = np.cumsum(rng.standard_normal((count, days)) / np.sqrt(known), axis=1)
    true = walk + rng.standard_normal((count, days))
    size = widening(days, known)
    bands = 100 + np.array([-1.96, -1.2816, 0.0, 1.2816, 1.96])[:, None, None] * size[None, None, :]
    short, long = (np.array([one]) for one in LASTING)
    paths = simulate(bands, short, long, [1], count)[0] - 100
    assert np.quantile(paths.max(axis=1), 0.95) == pytest.approx(np.quantile(true.max(axis=1), 0.95), rel=0.2)
    assert paths[:, 60:].sum(axis=1).std() == pytest.approx(true[:, 60:].sum(axis=1).std(), rel=0.25)
    assert paths.sum(axis=1).std() == pytest.approx(true.sum(axis=1).std(), rel=0.2)


def test_a_newcomer_errs_for_long(make_panel):
    rng = np.random.default_rng(4)
    week = np.where(np.arange(140) % 7 < 5, 1.0, 0.6)
    y = 100 * week * np.exp(rng.normal(0, 0.02, (5, 140)))
    y[0, :130] = np.nan
    short, long = forecast(make_panel(y, grain="d"), 90, FAST).correlation
    assert (short[0], long[0]) == LASTING
    assert (long[1:] < LASTING[1]).all()
