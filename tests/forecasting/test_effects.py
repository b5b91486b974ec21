from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasting.options import Event, ForecastOptions
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

START = np.datetime64("2024-01-01", "us")  # a Monday


def german_shop(days=1070, drop=0.4, series=4):
    """Daily load that falls to `drop` on German public holidays, up to 5 December 2026."""
    import holidays  # noqa: PLC0415 - only this helper needs it

    rng = np.random.default_rng(2)
    dates = [date(2024, 1, 1) + pd.Timedelta(days=k) for k in range(days)]
    closed = np.array([d in holidays.country_holidays("DE", years=range(2024, 2028)) for d in dates])
    t = np.arange(days)
    y = 100 * (1 + 0.3 * (t % 7 < 5)) * np.where(closed, drop, 1.0) * np.exp(rng.normal(0, 0.02, (series, days)))
    return y, closed


def panel_of(y):
    ids = pd.DataFrame({"service": [f"shop-{k}" for k in range(len(y))], "metric": "visits"})
    return Panel(ids, y, START, "d")


def test_a_holiday_is_forecast_as_earlier_holidays_were():
    y, closed = german_shop()
    past = panel_of(y[:, :-40])
    assert closed[-40:].sum() == 0
    options = {"slow_series": 0, "origins": 2}
    plain = forecast(past, 90, ForecastOptions(**options))
    known = forecast(past, 90, ForecastOptions(**options, country={"*": "DE"}))
    christmas = int((np.datetime64("2026-12-25") - np.datetime64(past.end, "D")).astype(int))
    for made in (known, plain):  # without a country the days are learnt from their earlier years
        ratio = made.bands[2, :, christmas] / made.bands[2, :, christmas - 14]
        assert ratio == pytest.approx(0.4, abs=0.08)
    ordinary = known.bands[2, :, :20] / plain.bands[2, :, :20]
    assert ordinary == pytest.approx(1.0, abs=0.1)


def test_a_country_whose_holidays_do_nothing_changes_no_forecast_of_a_holiday():
    y, _ = german_shop(drop=1.0)
    past = panel_of(y[:, :-40])
    options = {"slow_series": 0, "origins": 2}
    plain = forecast(past, 90, ForecastOptions(**options))
    known = forecast(past, 90, ForecastOptions(**options, country={"*": "DE"}))
    np.testing.assert_allclose(known.bands[2], plain.bands[2], rtol=0.06)


def test_a_declared_event_that_comes_again_is_forecast_with_its_effect():
    rng = np.random.default_rng(5)
    t = np.arange(200)
    y = 100 * (1 + 0.2 * (t % 7 < 5)) * np.exp(rng.normal(0, 0.02, (2, 200)))
    y[:, 100:103] *= 3
    events = [
        Event(name="sale", first_day=date(2024, 4, 10), last_day=date(2024, 4, 12)),
        Event(name="sale", first_day=date(2024, 7, 24), last_day=date(2024, 7, 26)),
    ]
    found = forecast(panel_of(y), 14, ForecastOptions(slow_series=0, events=tuple(events))).bands[2]
    assert (found[:, 5:8].mean(axis=1) / found[:, 12:].mean(axis=1) > 2).all()


def test_an_event_of_another_service_leaves_this_one_alone():
    rng = np.random.default_rng(5)
    y = 100 * np.exp(rng.normal(0, 0.02, (2, 200)))
    event = Event(name="sale", first_day=date(2024, 4, 10), last_day=date(2024, 4, 12), services=("shop-1",))
    plain = forecast(panel_of(y), 14, ForecastOptions(slow_series=0)).forecast
    known = forecast(panel_of(y), 14, ForecastOptions(slow_series=0, events=(event,))).forecast
    mine = plain["service"] == "shop-0"
    np.testing.assert_allclose(known.loc[mine, "mean"], plain.loc[mine, "mean"], rtol=0.02)


@pytest.mark.parametrize("grain", ["h", "d"])
def test_a_declared_event_makes_the_days_ahead_no_less_certain(grain):
    rng = np.random.default_rng(3)
    day = 24 if grain == "h" else 1
    t = np.arange(90 * day)
    y = 100 * (1 + 0.4 * np.sin(2 * np.pi * t / 24)) * np.exp(rng.normal(0, 0.05, (6, len(t))))
    y[:, 62 * day : 64 * day] *= 1.7
    ids = pd.DataFrame({"service": [f"s{k}" for k in range(6)], "metric": "requests"})
    panel = Panel(ids, y, np.datetime64("2026-06-01T00", "us"), grain)
    sale = Event(name="sale", first_day=date(2026, 8, 2), last_day=date(2026, 8, 3))
    plain, told = (
        forecast(panel, 14 * day, ForecastOptions(slow_series=0, events=events)).bands for events in ((), (sale,))
    )
    assert (told[3] - told[1]).mean() < 1.1 * (plain[3] - plain[1]).mean()
    assert (told[4] - told[0]).mean() < 1.1 * (plain[4] - plain[0]).mean()
