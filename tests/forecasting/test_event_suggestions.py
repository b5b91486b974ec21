"""What looks like an event and cannot be known is suggested with the lines that declare it."""

import tomllib
from datetime import date

import numpy as np
import pandas as pd
import pytest

from flows.settings import Settings
from forecasting.options import Event, ForecastOptions
from forecasting.panel.event_suggestions import COLUMNS, suggest_events
from forecasting.panel.series import Panel
from forecasting.tournament import forecast
from tests.forecasting.test_calendar import black_friday, christmas, daily


def panel_of(dates, y):
    ids = pd.DataFrame({"service": [f"shop-{k}" for k in range(len(y))], "metric": "requests"})
    return Panel(ids, y, dates[0].astype("datetime64[us]"), "d")


@pytest.mark.parametrize("seed", [1, 2])
def test_black_friday_seen_once_is_suggested_and_the_suggestion_forecasts_it(seed):
    dates, y = daily("2025-02-01", "2026-12-25", black_friday, seed)
    known = int(np.searchsorted(dates, np.datetime64("2026-11-15")))
    panel = panel_of(dates, y[:, :known])
    found = suggest_events(panel, ForecastOptions())
    assert list(found.columns) == list(COLUMNS)
    assert found["service"].tolist() == ["shop-0", "shop-1", "shop-2"]
    assert set(found["name"]) == {"Black Friday"}
    assert set(found["first_day"]) == {date(2025, 11, 24)}
    assert set(found["last_day"]) == {date(2025, 12, 1)}
    assert found["factor"].between(1.8, 2.8).all()
    assert (found["seen"] == 1).all()
    pasted = tomllib.loads("\n".join(found["configuration"]))["event"]
    events = tuple(Event.model_validate(one) for one in pasted)
    assert {(one.first_day, one.last_day) for one in events} == {
        (date(2025, 11, 24), date(2025, 12, 1)),
        (date(2026, 11, 23), date(2026, 11, 30)),
    }
    assert Settings.model_validate({"event": pasted}).event == events
    plain, told = (
        forecast(panel, 30, ForecastOptions(slow_series=0, events=declared)).bands[2] for declared in ((), events)
    )
    week = slice(8, 16)
    truth = y[:, known : known + 30][:, week]
    assert np.abs(told[:, week] - truth).sum() < 0.6 * np.abs(plain[:, week] - truth).sum()


def test_what_is_learnt_is_declared_is_ordinary_or_is_an_outage_is_not_suggested():
    options = ForecastOptions()
    dates, y = daily("2023-12-01", "2026-11-15", christmas, 3)
    assert suggest_events(panel_of(dates, y), options).empty  # learnt from two Christmases
    dates, y = daily("2025-02-01", "2026-11-15", lambda _: 1.0, 3)
    assert suggest_events(panel_of(dates, y), options).empty
    y[:, 300:303] = 0.0
    assert suggest_events(panel_of(dates, y), options).empty  # missing, not quiet
    y[:, 400:] *= 3.0
    assert suggest_events(panel_of(dates, y), options).empty  # a step: it did not come back
    dates, y = daily("2025-02-01", "2026-11-15", black_friday, 3)
    declared = Event(name="sale", first_day=date(2025, 11, 24), last_day=date(2025, 12, 1))
    assert suggest_events(panel_of(dates, y), ForecastOptions(events=(declared,))).empty


def test_a_feast_that_goes_by_the_moon_is_suggested_for_its_own_days_of_the_next_year():
    quiet = pd.date_range("2025-01-28", "2025-02-03")
    dates, y = daily("2024-06-01", "2025-11-30", lambda day: 0.4 if day in quiet else 1.0, 1)
    found = suggest_events(panel_of(dates, y), ForecastOptions()).iloc[0]
    assert found["name"] == "Lunar New Year"  # 29 January 2025, 17 February 2026
    _, comes = tomllib.loads(found["configuration"])["event"]
    assert (comes["first_day"], comes["last_day"]) == (date(2026, 2, 16), date(2026, 2, 22))


def test_a_week_without_a_name_is_suggested_for_the_same_weekdays_of_the_next_year():
    dates, y = daily(
        "2025-02-01", "2026-11-15", lambda day: 2.5 if "2026-03-09" <= str(day)[:10] <= "2026-03-13" else 1.0, 4
    )
    found = suggest_events(panel_of(dates, y[:1]), ForecastOptions())
    assert found["name"].tolist() == ["like 2026-03-09"]
    events = tomllib.loads(found["configuration"].iloc[0])["event"]
    assert [(one["first_day"], one["last_day"]) for one in events] == [
        (date(2026, 3, 9), date(2026, 3, 13)),
        (date(2027, 3, 8), date(2027, 3, 12)),
    ]
    assert events[0]["services"] == ["shop-0"]


@pytest.mark.parametrize("days", [3, 5, 10, 20])
@pytest.mark.parametrize("factor", [0.3, 1.5])
def test_a_level_that_moved_up_to_today_is_no_event(days, factor):
    dates, y = daily("2026-05-01", "2026-11-20", lambda _: 1.0, 1)
    y[:, -days:] *= factor
    assert suggest_events(panel_of(dates, y), ForecastOptions()).empty
