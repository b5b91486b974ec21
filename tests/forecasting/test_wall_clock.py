"""Load that follows the clock on the wall, forecast over and after a change of it."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from forecasting.accuracy import wape
from forecasting.options import ForecastOptions
from forecasting.panel.clock_change import follow_clocks
from forecasting.panel.series import Panel
from forecasting.panel.wall_clock import to_wall, wall_clock
from forecasting.panel.zones import zone_of_country
from forecasting.tournament import forecast

DAYS_AHEAD = 14


def office(zone, start, days, seed, *, step_minutes=60, opens=8, closes=18):
    """Load of an office by the clock of `zone`: (times UTC, (series, step)), three series with noise of 3 %."""
    rng = np.random.default_rng(seed)
    per_hour = 60 // step_minutes
    times = pd.date_range(start, periods=days * 24 * per_hour, freq=f"{step_minutes}min", tz="UTC")
    local = times.tz_convert(zone)
    hour = np.asarray(local.hour + local.minute / 60)
    inside = np.clip(np.minimum(hour + 1 / per_hour, closes) - np.maximum(hour, opens), 0, 1 / per_hour) * per_hour
    works = np.asarray(local.day_of_week) < 5
    level = np.where(works, 120 + 880 * inside, 55 + 20 * inside)
    return times, level * np.exp(rng.normal(0, 0.03, (3, len(times))))


def split(times, y, days_known, grain="h", per_day=24):
    known = days_known * per_day
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "requests"})
    start = times[0].tz_localize(None).to_datetime64().astype("datetime64[us]")
    return Panel(ids, y[:, :known], start, grain), y[:, known:]


def errors(panel, truth, options):
    """WAPE and share inside 95 %, over all series."""
    lo95, _, mean, _, hi95 = forecast(panel, truth.shape[1], options).bands
    assert np.isfinite(mean).all()
    return float(wape(truth, mean).mean()), float(((truth >= lo95) & (truth <= hi95)).mean())


BEFORE = [  # zone, first day, days known: the clocks change within the fortnight that follows
    ("Europe/Berlin", "2026-07-01", 114),
    ("Europe/Berlin", "2026-01-01", 85),
    ("America/New_York", "2026-08-01", 88),
    ("Australia/Sydney", "2026-01-10", 80),
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("zone", "start", "days"), BEFORE)
def test_office_hours_are_forecast_over_a_change_of_clocks(zone, start, days, seed):
    panel, truth = split(*office(zone, start, days + DAYS_AHEAD, seed), days)
    error, inside = errors(panel, truth, ForecastOptions(timezone={"*": zone}))
    assert error <= 0.08
    assert inside >= 0.90


AFTER = [  # two days to two weeks after the change
    ("Europe/Berlin", "2026-07-01", 119),
    ("Europe/Berlin", "2026-07-01", 130),
    ("America/New_York", "2026-01-01", 75),
    ("Pacific/Auckland", "2026-07-01", 95),
]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("zone", "start", "days"), AFTER)
def test_a_change_of_clocks_that_shows_in_the_load_is_found_and_followed(zone, start, days, seed):
    panel, truth = split(*office(zone, start, days + DAYS_AHEAD, seed), days)
    assert follow_clocks(panel, ForecastOptions()) == [zone] * 3
    error, inside = errors(panel, truth, ForecastOptions())
    assert error <= 0.06
    assert inside >= 0.90


def test_the_clock_that_was_followed_is_told_with_the_fit():
    panel, _ = split(*office("Europe/Berlin", "2026-07-01", 60, 5), 59)
    told = forecast(panel, 24, ForecastOptions(timezone={"*": "Europe/Berlin"}))
    assert set(told.fit["timezone"]) == {"Europe/Berlin"}
    assert set(forecast(panel, 24).fit["timezone"]) == {"UTC"}  # no clock changed: nothing shows which it is


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Africa/Johannesburg", "UTC", "America/Phoenix"])
def test_load_whose_clock_never_changes_is_taken_for_utc(zone):
    panel, truth = split(*office(zone, "2026-07-01", 140, 3), 126)
    assert follow_clocks(panel, ForecastOptions()) == [None] * 3
    plain = forecast(panel, truth.shape[1])
    told = forecast(panel, truth.shape[1], ForecastOptions(timezone={"*": zone}))
    np.testing.assert_allclose(told.bands, plain.bands, rtol=1e-9)


def test_what_wanders_or_is_only_noise_follows_no_clock():
    rng = np.random.default_rng(4)
    hours = 150 * 24
    wander = 100 + np.cumsum(rng.normal(0, 1, (40, hours)), axis=1)
    noise = 100 + rng.normal(0, 10, (40, hours))
    day = 100 + 30 * np.sin(2 * np.pi * (np.arange(hours) / 24 - rng.uniform(0, 1, (40, 1)))) + noise
    y = np.concatenate([wander, noise, day])
    ids = pd.DataFrame({"service": [f"s{k:03d}" for k in range(len(y))], "metric": "cpu"})
    panel = Panel(ids, y, np.datetime64("2026-07-01", "us"), "h")
    assert set(follow_clocks(panel, ForecastOptions())) == {None}


def test_the_clock_of_a_country_is_followed_unless_the_load_does_not():
    times, y = office("Europe/Berlin", "2026-07-01", 130, 5)
    y[1] = office("Asia/Tokyo", "2026-07-01", 130, 6)[1][1]  # a batch that runs by UTC
    panel, _ = split(times, y, 130)
    assert follow_clocks(panel, ForecastOptions(country={"*": "DE"})) == ["Europe/Berlin", "UTC", "Europe/Berlin"]
    assert follow_clocks(panel, ForecastOptions(country={"*": "DE"}, timezone={"b": "Asia/Tokyo"}))[1] == "Asia/Tokyo"


def test_clocks_that_move_by_half_an_hour_are_followed():
    rng = np.random.default_rng(7)
    times = pd.date_range("2026-07-10", periods=109 * 24, freq="h", tz="UTC")  # they change on 4 October
    local = times.tz_convert("Australia/Lord_Howe")
    hour = np.asarray(local.hour + local.minute / 60)
    y = 500 + 400 * np.sin(2 * np.pi * hour / 24) * np.exp(rng.normal(0, 0.02, (3, len(times))))
    panel, truth = split(times, y, 84)
    error, inside = errors(panel, truth[:, : 24 * DAYS_AHEAD], ForecastOptions(timezone={"*": "Australia/Lord_Howe"}))
    plain, _ = errors(panel, truth[:, : 24 * DAYS_AHEAD], ForecastOptions())
    assert error < 0.6 * plain
    assert error <= 0.04
    assert inside >= 0.90


def test_quarters_of_an_hour_follow_the_clock_too():
    times, y = office("Europe/Berlin", "2026-09-20", 37 + 3, 8, step_minutes=15)
    panel, truth = split(times, y, 34, "15min", 96)
    error, inside = errors(panel, truth[:, : 3 * 96], ForecastOptions(country={"*": "DE"}))
    assert error <= 0.06
    assert inside >= 0.90


def test_an_hour_left_out_is_missing_and_of_one_that_came_twice_the_second_counts():
    times = pd.date_range("2026-03-01", periods=240 * 24, freq="h", tz="UTC")
    ids = pd.DataFrame({"service": ["a"], "metric": ["x"]})
    y = np.arange(len(times), dtype=float)[None]
    panel = Panel(ids, y, np.datetime64("2026-03-01", "us"), "h")
    clock = wall_clock(panel, ["Europe/Berlin"], 24)
    wall = to_wall(panel, clock).y[0]  # counted back from 26 October, winter
    spring, autumn = times.get_loc("2026-03-29 01:00"), times.get_loc("2026-10-25 01:00")
    assert np.isnan(wall[spring])
    assert wall[spring - 1] == spring - 1
    assert wall[spring + 1] == spring
    assert wall[autumn] == autumn
    assert wall[autumn - 1] == autumn - 2


def test_backtests_over_a_change_tell_the_truth_of_their_hours():
    times, y = office("Europe/Berlin", "2026-07-01", 133, 9)
    panel, _ = split(times, y, 123)
    outcome = forecast(panel, 24 * DAYS_AHEAD)
    told = outcome.backtest
    cells = pd.Series(panel.y.ravel(), pd.MultiIndex.from_product([["a", "b", "c"], panel.times]))
    at = cells.loc[list(zip(told["service"], told["target_time"], strict=True))]
    np.testing.assert_array_equal(told["actual"].to_numpy(), at.to_numpy())
    assert (outcome.fit["wape"] < 0.06).all()
    assert list(outcome.forecast["target_time"].unique()) == list(panel.targets(24 * DAYS_AHEAD))


def test_a_country_has_the_zone_of_most_of_its_people_and_a_wrong_zone_is_refused():
    assert zone_of_country("DE") == "Europe/Berlin"
    assert zone_of_country("US") == "America/New_York"
    assert zone_of_country("AU") == "Australia/Sydney"
    assert zone_of_country("XX") is None
    with pytest.raises(ValidationError, match="not a time zone"):
        ForecastOptions(timezone={"a": "Berlin"})


def test_an_outage_before_a_change_of_clocks_is_told_at_its_hour_in_utc():
    times, y = office("Europe/Berlin", "2026-07-01", 131, 10)
    y[:, times.searchsorted(pd.Timestamp("2026-10-14 08:00", tz="UTC")) :][:, :30] = 0.0
    panel, _ = split(times, y, 131)
    found = forecast(panel, 48, ForecastOptions(timezone={"*": "Europe/Berlin"})).breaks
    outages = found[found["kind"] == "outage"]
    assert sorted(outages["service"]) == ["a", "b", "c"]
    assert set(outages["from_utc"]) == {pd.Timestamp("2026-10-14 08:00")}
    assert set(outages["to_utc"]) == {pd.Timestamp("2026-10-15 14:00")}
