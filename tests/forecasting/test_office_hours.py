"""Where nothing tells a clock, office hours suggest one before it changes; the interval holds that it does not."""

import numpy as np
import pandas as pd
import pytest

from forecasting.options import ForecastOptions
from forecasting.panel.clock_change import follow_clocks
from forecasting.panel.office_hours import suppose_zones
from forecasting.panel.series import Panel
from forecasting.tournament import forecast
from tests.forecasting.test_wall_clock import DAYS_AHEAD, errors, office, split

HOURS = DAYS_AHEAD * 24
AUTUMN = {"Europe/Berlin": ("2026-07-01", 114), "America/New_York": ("2026-08-01", 88)}
SPRING = {"Europe/Berlin": ("2026-01-01", 85), "America/New_York": ("2025-12-10", 85)}


@pytest.mark.parametrize("when", [AUTUMN, SPRING])
@pytest.mark.parametrize(
    ("zone", "opens", "closes", "supposed"),
    [
        ("Europe/Berlin", 8, 18, "Europe/Berlin"),
        ("Europe/Madrid", 9, 18, "Europe/Berlin"),
        ("Europe/London", 9, 17, "Europe/Berlin"),
        ("America/New_York", 8, 18, "America/New_York"),
        ("America/Chicago", 9, 17, "America/New_York"),
        ("America/Los_Angeles", 8, 17, "America/New_York"),
    ],
)
def test_office_hours_are_forecast_over_a_change_that_lies_ahead(when, zone, opens, closes, supposed):
    start, days = when[supposed]
    times, y = office(zone, start, days + DAYS_AHEAD, 1, opens=opens, closes=closes)
    panel, truth = split(times, y, days)
    assert suppose_zones(panel, HOURS) == [supposed] * 3
    error, inside = errors(panel, truth, ForecastOptions())
    assert error <= 0.06
    assert inside >= 0.90


@pytest.mark.parametrize(
    "zone", ["Asia/Kolkata", "Asia/Tokyo", "Asia/Dubai", "America/Sao_Paulo", "Australia/Brisbane"]
)
def test_where_most_clocks_stand_still_nothing_is_supposed(zone):
    for start, days in (*AUTUMN.values(), *SPRING.values()):
        panel, _ = split(*office(zone, start, days, 1), days)
        assert suppose_zones(panel, HOURS) == [None] * 3


def test_where_it_is_wrong_the_interval_holds_what_comes():
    start, days = AUTUMN["Europe/Berlin"]
    panel, truth = split(*office("Africa/Johannesburg", start, days + DAYS_AHEAD, 1), days)
    assert suppose_zones(panel, HOURS) == ["Europe/Berlin"] * 3
    lo95, _, _, _, hi95 = forecast(panel, HOURS).bands
    assert ((truth >= lo95) & (truth <= hi95)).mean() >= 0.90


def test_the_load_itself_tells_once_the_change_is_over():
    start, days = AUTUMN["Europe/Berlin"]
    for over in (1, 3):  # the clocks change two days after `days`
        panel, truth = split(*office("Europe/Berlin", start, days + 2 + over + DAYS_AHEAD, 1), days + 2 + over)
        assert errors(panel, truth, ForecastOptions())[0] <= 0.06
    panel, _ = split(*office("Africa/Johannesburg", start, days + 5, 1), days + 5)
    assert suppose_zones(panel, HOURS) == [None] * 3
    assert follow_clocks(panel, ForecastOptions()) == [None] * 3


def test_only_where_a_change_lies_ahead_and_no_clock_is_told():
    start, days = AUTUMN["Europe/Berlin"]
    panel, _ = split(*office("Europe/Berlin", start, days, 1), days)
    assert suppose_zones(panel, 48) == [None] * 3
    told = forecast(panel, 24 * 4, ForecastOptions(timezone={"a": "UTC"})).fit.set_index("service")["timezone"]
    assert told.to_dict() == {"a": "UTC", "b": "Europe/Berlin", "c": "Europe/Berlin"}


TIMES = pd.date_range("2026-07-01", periods=112 * 24, freq="h")
HOUR, IS_WORKDAY = np.asarray(TIMES.hour), np.asarray(TIMES.day_of_week) < 5
IS_DAY = (HOUR >= 6) & (HOUR < 16)


@pytest.mark.parametrize(
    "level",
    [
        pytest.param(100 + 60 * np.sin(2 * np.pi * (HOUR - 12) / 24), id="people at home, every evening"),
        pytest.param(np.where(IS_DAY, 900.0, 100.0), id="the same at weekends"),
        pytest.param(np.where(IS_WORKDAY, 900.0, 100.0), id="all day long"),
        pytest.param(np.where((HOUR == 11) & IS_WORKDAY, 900.0, 100.0), id="a job of one hour"),
        pytest.param(np.where(IS_DAY & IS_WORKDAY, 110.0, 100.0), id="hardly any"),
        pytest.param(np.full(len(HOUR), 100.0), id="even"),
        pytest.param(np.zeros(len(HOUR)), id="none"),
    ],
)
def test_what_keeps_no_office_hours_is_left_as_it_is(level):
    y = level * np.exp(np.random.default_rng(2).normal(0, 0.03, len(level)))
    ids = pd.DataFrame({"service": ["a"], "metric": "requests"})
    assert suppose_zones(Panel(ids, y[None], np.datetime64("2026-07-01", "us"), "h"), HOURS) == [None]


def test_a_week_or_nothing_at_all_suggests_nothing():
    week, _ = split(*office("Europe/Berlin", "2026-10-14", 10, 1), 10)
    assert suppose_zones(week, HOURS) == [None] * 3
    nothing = Panel(week.ids, np.full((3, 60 * 24), np.nan), np.datetime64("2026-08-24", "us"), "h")
    assert suppose_zones(nothing, HOURS) == [None] * 3
