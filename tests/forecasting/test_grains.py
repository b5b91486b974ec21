"""Every grain that a file may be forecast at: its steps on the calendar, and errors under those of seasonal naive."""

import numpy as np
import pandas as pd
import pytest

from forecasting.accuracy import wape
from forecasting.options import ForecastOptions
from forecasting.panel.grain import SEASONS, YEAR, floor, moments, steps_between
from forecasting.panel.series import Panel, PanelError, to_panel
from forecasting.tournament import forecast

# grain, steps known, steps ahead, first stamp, last target
KINDS = [
    ("5min", 2016 * 4 + 576, 144, "2024-01-01", "2024-01-31T11:55"),
    ("15min", 672 * 4, 96, "2024-01-01", "2024-01-29T23:45"),
    ("30min", 336 * 5, 96, "2024-01-01", "2024-02-06T23:30"),
    ("h", 168 * 8, 48, "2024-01-01", "2024-02-27T23:00"),
    ("d", 400, 28, "2024-01-01", "2025-03-03"),
    ("w", 208, 26, "2020-01-06", "2024-06-24"),
    ("m", 84, 12, "2016-01-01", "2023-12-01"),
]


def made(grain, steps, series=4, seed=3):
    """A season of the grain, a level that wanders, noise: (series, step)."""
    rng, t = np.random.default_rng(seed), np.arange(steps)
    short, long = SEASONS[grain][0], SEASONS[grain][-1]
    period = short if short > 1 else long
    y = 1 + 0.4 * np.sin(2 * np.pi * (t / period - rng.uniform(0, 1, (series, 1))))
    if 1 < short < long:
        y = y * (1 + 0.25 * ((t // short) % 7 < 5))
    level = np.exp(np.cumsum(rng.normal(0, 0.3 / np.sqrt(YEAR[grain]) if short == 1 else 0.002, y.shape), axis=1))
    return np.exp(rng.normal(4, 1, (series, 1))) * y * level * np.exp(rng.normal(0, 0.06, y.shape))


@pytest.mark.parametrize(("grain", "known", "ahead", "start", "last"), KINDS)
def test_a_grain_is_forecast_on_its_own_steps_and_better_than_seasonal_naive(grain, known, ahead, start, last):
    y = made(grain, known + ahead)
    ids = pd.DataFrame({"service": [f"s{k}" for k in range(len(y))], "metric": "load"})
    panel = Panel(ids, y[:, :known], np.datetime64(start, "us"), grain)
    outcome = forecast(panel, ahead, ForecastOptions(slow_series=0))
    table, truth = outcome.forecast, y[:, known:]
    times = table.loc[table["service"] == "s0", "target_time"]
    assert times.min() == moments(panel.start, np.array([known]), grain)[0]
    assert times.max() == np.datetime64(last)
    assert set(table["grain"]) == {grain}
    season = SEASONS[grain][-1]
    naive = panel.y[:, known - season + np.arange(ahead) % season]
    assert wape(truth, outcome.bands[2]).mean() < 0.95 * wape(truth, naive).mean()
    inside = ((truth >= outcome.bands[0]) & (truth <= outcome.bands[4])).mean()
    assert inside > 0.85
    made_on = outcome.backtest["made_on"].to_numpy().astype("datetime64[us]")
    assert (floor(made_on, grain) == made_on).all()


def test_months_are_steps_of_the_calendar():
    start = np.datetime64("2023-11-01", "us")
    steps = moments(start, np.arange(-1, 4), "m")
    assert [str(step)[:10] for step in steps] == ["2023-10-01", "2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]
    assert steps_between(start, steps, "m").tolist() == [-1, 0, 1, 2, 3]


def test_a_year_of_weeks_and_a_year_of_months_are_forecast_too():
    for grain, known in (("w", 40), ("m", 20), ("w", 5), ("m", 2)):
        panel = Panel(
            pd.DataFrame({"service": ["a"], "metric": ["x"]}),
            made(grain, known, series=1),
            np.datetime64("2024-01-01", "us"),
            grain,
        )
        bands = forecast(panel, 6).bands
        assert np.isfinite(bands).all()
        assert (np.diff(bands, axis=0) >= 0).all()


@pytest.mark.parametrize(("grain", "stamp"), [("15min", "2026-01-05 00:05"), ("w", "2026-01-06"), ("m", "2026-01-02")])
def test_a_stamp_off_the_grid_of_its_grain_is_refused(grain, stamp):
    frame = pd.DataFrame(
        {"service": ["a"], "metric": ["x"], "timestamp": pd.to_datetime([stamp]).astype("datetime64[us]"), "value": 1.0}
    )
    with pytest.raises(PanelError, match="not whole UTC"):
        to_panel(frame, grain=grain)
