import numpy as np
from statsmodels.tsa.seasonal import STL

from forecasting.models.seasons import NEAR_DAYS, local_season, seasonal_pattern


def test_seasonal_pattern_is_not_moved_by_one_wild_week():
    t = np.arange(70)
    x = (10 + 5.0 * (t % 7 == 2))[None].copy()
    wild = x.copy()
    wild[0, 14:21] += np.random.default_rng(5).normal(0, 100, 7)
    np.testing.assert_allclose(seasonal_pattern(wild, 7, 10), seasonal_pattern(x, 7, 10), atol=1e-9)


def test_local_season_of_a_day_is_that_of_stl_with_a_constant_fit():
    t = np.arange(28 * 24)
    x = np.sin(2 * np.pi * t / 24) * (1 + t / len(t))[None]  # the day grows: a robust season would miss its end
    fitted, ahead = local_season(x, 24, 168)
    stl = STL(x[0], period=24, seasonal=NEAR_DAYS, seasonal_deg=0).fit().seasonal
    np.testing.assert_allclose(fitted[0, -24:], stl[-24:], atol=0.06)
    assert np.abs(ahead[0, -24:] - stl[-24:]).max() < 0.06
    assert np.abs(np.tile(seasonal_pattern(x, 24, 28), 7)[0, -24:] - stl[-24:]).max() > 0.3


def test_local_season_takes_day_and_week_apart_and_leaves_the_level():
    t = np.arange(8 * 168)
    season = 3 * np.sin(2 * np.pi * t / 24) + 2.0 * ((t // 24) % 7 < 5) - 10 / 7
    x = (50 + season)[None]
    fitted, ahead = local_season(x, 24, 168)
    np.testing.assert_allclose(fitted[0], season, atol=0.05)
    np.testing.assert_allclose(ahead[0], season[:168], atol=0.05)


def test_local_season_leaves_out_what_was_not_seen():
    t = np.arange(8 * 168)
    x = np.stack([np.sin(2 * np.pi * t / 24), np.sin(2 * np.pi * t / 24)])
    x[1, 600:640] = np.nan
    x[1, 900] = np.nan
    fitted, _ = local_season(x, 24, 168)
    np.testing.assert_allclose(fitted[1], fitted[0], atol=0.05)
