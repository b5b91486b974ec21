import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.options import ForecastOptions
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

OPTIONS = ForecastOptions(slow_series=0, origins=3)
START = np.datetime64("2026-01-05T00", "us")
FEW = settings(max_examples=12, deadline=None)
PANELS = st.integers(0, 2**32 - 1)


def load(seed):
    rng = np.random.default_rng(seed)
    t = np.arange(21 * 24)
    day = 1 + rng.uniform(0, 0.9) * np.sin(2 * np.pi * (t / 24 - rng.uniform()))
    return rng.uniform(1, 1e4) * day * np.exp(rng.normal(0, rng.uniform(0.01, 0.5), (3, len(t))))


def bands(y, start=START, horizon=24):
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "cpu"})
    return forecast(Panel(ids, y, start, "h"), horizon, OPTIONS).bands


@FEW
@given(PANELS, st.floats(1e-6, 1e6))
def test_scaling_a_series_scales_its_forecast(seed, factor):
    y = load(seed)
    np.testing.assert_allclose(bands(factor * y), factor * bands(y), rtol=1e-3)


@FEW
@given(PANELS)
def test_a_wider_level_is_a_wider_interval_around_the_mean(seed):
    lo95, lo80, mean, hi80, hi95 = bands(load(seed))
    assert (lo95 <= lo80).all()
    assert (lo80 <= mean).all()
    assert (mean <= hi80).all()
    assert (hi80 <= hi95).all()
    assert (hi95 - lo95 > hi80 - lo80).any()


@FEW
@given(PANELS, st.integers(-500, 500))
def test_moving_every_stamp_by_whole_weeks_changes_no_number(seed, weeks):
    y = load(seed)
    np.testing.assert_array_equal(bands(y, START + np.timedelta64(weeks * 7, "D")), bands(y))


@FEW
@given(PANELS)
def test_a_series_forecast_is_the_same_wherever_it_stands_in_the_panel(seed):
    y = load(seed)
    np.testing.assert_allclose(bands(y[::-1])[:, ::-1], bands(y), rtol=1e-4)


@FEW
@given(PANELS)
def test_a_longer_horizon_does_not_lose_finiteness_or_sign(seed):
    found = bands(load(seed), horizon=400)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
