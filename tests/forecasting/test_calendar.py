"""Days of the month and periods of the year that come again are learnt by themselves and forecast ahead."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasting.accuracy import wape
from forecasting.options import Event, ForecastOptions
from forecasting.panel.calendar import learn
from forecasting.panel.feasts import FEASTS, days_of_feast, easter, orthodox_easter
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

FAST = ForecastOptions(slow_series=0)
SEEDS = [1, 2]  # of three series each


def daily(first, last, moved, seed, *, noise=0.03, growth=0.0, weekend=0.7):
    """Days from `first` up to `last`, times what `moved(day)` says: (dates, values of three services)."""
    rng = np.random.default_rng(seed)
    dates = np.arange(np.datetime64(first), np.datetime64(last))
    t = np.arange(len(dates))
    week = np.where((dates.astype(int) + 3) % 7 < 5, 1.0, weekend)
    factor = np.array([moved(pd.Timestamp(day)) for day in dates])
    y = 1000 * week * factor * np.exp(growth * t / 365) * np.exp(rng.normal(0, noise, (3, len(dates))))
    return dates, y


def judge(dates, y, origin, days=30, options=FAST):
    """WAPE, share inside 95 % and the forecast of the days from `origin` on."""
    known = int(np.searchsorted(dates, np.datetime64(origin)))
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "requests"})
    panel = Panel(ids, y[:, :known], dates[0].astype("datetime64[us]"), "d")
    outcome = forecast(panel, days, options)
    lo95, _, mean, _, hi95 = outcome.bands
    truth = y[:, known : known + days]
    assert np.isfinite(outcome.bands).all()
    assert (np.diff(outcome.bands, axis=0) >= 0).all()
    return float(wape(truth, mean).max()), float(((truth >= lo95) & (truth <= hi95)).mean()), mean


def between(day, first, last):
    """Whether the month and day lie between two, both included; a period may go over the new year."""
    now = (day.month, day.day)
    return first <= now <= last if first <= last else now >= first or now <= last


def christmas(day):
    return 0.4 if between(day, (12, 21), (1, 3)) else 1.0


def black_friday(day):
    """The day after the fourth Thursday of November, five times; the week about it, twice."""
    first = pd.Timestamp(day.year, 11, 1)
    friday = first + pd.Timedelta(days=(3 - first.weekday()) % 7 + 22)
    away = (day - friday).days
    return 5.0 if away == 0 else 2.0 if -4 <= away <= 3 else 1.0


def around_easter(day):
    return 0.5 if -2 <= (day.to_datetime64().astype("datetime64[D]") - easter(day.year)).astype(int) <= 1 else 1.0


ORIGINS = [
    ("2026-12-10", 0.15, 0.7),
    ("2026-12-28", 0.10, 0.85),
    ("2027-01-03", 0.10, 0.85),
    ("2027-01-06", 0.08, 0.85),
    ("2027-01-20", 0.08, 0.85),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("origin", "worst", "inside"), ORIGINS)
def test_christmas_of_earlier_years_is_forecast_and_does_not_pull_what_follows(seed, origin, worst, inside):
    dates, y = daily("2024-01-01", "2027-05-01", christmas, seed)
    error, covered, _ = judge(dates, y, origin)
    assert error <= worst
    assert covered >= inside


def after_first_monday_of_may(day):
    first = pd.Timestamp(day.year, 5, 1)
    return 1.6 if 0 <= (day - first - pd.Timedelta(days=-first.weekday() % 7)).days <= 4 else 1.0


def about(feast, first, last, factor):
    """Factor on the days from `first` to `last` of a feast, else 1."""
    days = days_of_feast(next(one for one in FEASTS if one.name == feast), 2022, 2029)

    def moved(day):
        away = (day.to_datetime64().astype("datetime64[D]") - days).astype(int)
        return factor if ((first <= away) & (away <= last)).any() else 1.0

    return moved


def working_days_left(day):
    """Working days of its month after a working day; many on another day."""
    after = (day + pd.offsets.MonthBegin(1)).to_datetime64().astype("datetime64[D]")
    today = day.to_datetime64().astype("datetime64[D]")
    return int(np.busday_count(today + 1, after)) if np.is_busday(today) else 99


def labor_day_weekend(day):
    first = pd.Timestamp(day.year, 9, 1)
    return 0.5 if -2 <= (day - first - pd.Timedelta(days=-first.weekday() % 7)).days <= 0 else 1.0


def second_sunday_of_february(day):
    return 3.0 if day.month == 2 and day.weekday() == 6 and 8 <= day.day <= 14 else 1.0


PERIODS = {
    "Lunar New Year": (about("Lunar New Year", -1, 6, 0.4), "2026-02-05"),
    "Ramadan's end": (about("Eid al-Fitr", -1, 3, 0.4), "2026-03-10"),
    "the feast of the sacrifice": (about("Eid al-Adha", -1, 3, 0.4), "2026-05-20"),
    "Diwali": (about("Diwali", -3, 1, 2.0), "2026-11-01"),
    "Orthodox Easter": (about("Orthodox Easter", -2, 1, 0.5), "2026-04-01"),
    "the weekend of the first Monday of September": (labor_day_weekend, "2026-08-25"),
    "a Sunday that is the second of a short month": (second_sunday_of_february, "2026-02-01"),
    "the last working days of March": (
        lambda day: 2.5 if day.month == 3 and working_days_left(day) < 3 else 1.0,
        "2026-03-15",
    ),
    "a fiscal closing": (lambda day: 1.8 if between(day, (3, 28), (4, 2)) else 1.0, "2026-03-15"),
    "three weeks of summer": (lambda day: 0.6 if between(day, (8, 3), (8, 23)) else 1.0, "2026-07-28"),
    "five weeks of summer": (lambda day: 0.6 if between(day, (7, 20), (8, 23)) else 1.0, "2026-08-05"),
    "one day of June": (lambda day: 3.0 if (day.month, day.day) == (6, 18) else 1.0, "2026-06-01"),
    "Easter": (around_easter, "2026-03-25"),
    "the week after the first Monday of May": (after_first_monday_of_may, "2026-04-25"),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PERIODS)
def test_a_period_of_the_year_is_forecast_from_its_second_time_on(name, seed):
    moved, origin = PERIODS[name]
    dates, y = daily("2023-12-01", "2026-12-01", moved, seed, noise=0.04, growth=0.1)
    error, covered, _ = judge(dates, y, origin)
    assert error <= 0.08
    assert covered >= 0.8


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_black_friday_is_forecast_on_its_day_though_its_date_moves(year, seed):
    dates, y = daily(f"{year - 2}-02-01", f"{year}-12-25", black_friday, seed)
    error, _, mean = judge(dates, y, f"{year}-11-15")
    day = int(np.argmax([black_friday(pd.Timestamp(d)) for d in dates[dates >= np.datetime64(f"{year}-11-15")]]))
    peak = y[:, dates >= np.datetime64(f"{year}-11-15")][:, day]
    assert mean.argmax(axis=1).tolist() == [day] * 3
    np.testing.assert_allclose(mean[:, day], peak, rtol=0.4)
    assert error <= 0.15


def test_one_feast_does_not_come_twice():
    dates, y = daily("2024-09-15", "2026-12-25", black_friday, 3)
    _, _, mean = judge(dates, y, "2026-11-29", days=14)  # in its week: the peak is over
    assert mean.max() < 2.6 * np.median(mean)


def last_working_day(day):
    return pd.offsets.BMonthEnd().rollforward(day.normalize()) == day.normalize()


def fifteenth_or_before(day):
    """Whether wages that are due on the 15th are paid today: on the Friday before, where it is a weekend."""
    due = day.replace(day=15)
    return day == due - pd.Timedelta(days=max(0, due.weekday() - 4))


MONTHLY = {
    "the last three working days of a quarter": (
        lambda day: 2.5 if day.month % 3 == 0 and working_days_left(day) < 3 else 1.0,
        "2026-12-10",
        3,
    ),
    "a quarter that ends in November": (
        lambda day: 3.0 if day.month % 3 == 2 and working_days_left(day) < 1 else 1.0,
        "2026-11-10",
        1,
    ),
    "the last working day, more at quarters": (
        lambda day: (3.0 if day.month % 3 == 0 else 2.0) if working_days_left(day) < 1 else 1.0,
        "2026-12-10",
        1,
    ),
    "the fifteenth or the working day before": (lambda day: 3.0 if fifteenth_or_before(day) else 1.0, "2026-08-01", 1),
    "the first working day, over a new year": (
        lambda day: (
            4.0
            if day.day <= 4
            and day
            == pd.Timestamp(np.busday_offset(day.strftime("%Y-%m-01"), 0, "forward", holidays=[f"{day.year}-01-01"]))
            else 1.0
        ),
        "2026-12-10",
        1,
    ),
    "the first": (lambda day: 9.0 if day.day == 1 else 1.0, "2026-11-20", 1),
    "the fifteenth": (lambda day: 3.0 if day.day == 15 else 1.0, "2026-11-20", 1),
    "the last working day": (lambda day: 4.0 if last_working_day(day) else 1.0, "2026-11-20", 1),
    "the first two days": (lambda day: 2.5 if day.day <= 2 else 1.0, "2026-11-20", 2),
    "the second Tuesday": (lambda day: 2.0 if day.weekday() == 1 and 8 <= day.day <= 14 else 1.0, "2026-11-30", 1),
    "the last day": (lambda day: 0.3 if (day + pd.Timedelta(days=1)).day == 1 else 1.0, "2026-11-20", 1),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MONTHLY)
def test_a_day_of_the_month_is_forecast_within_a_fifth(name, seed):
    moved, origin, _ = MONTHLY[name]
    dates, y = daily("2025-06-01", "2027-01-10", moved, seed, weekend=1.0)
    error, covered, mean = judge(dates, y, origin)
    assert error <= 0.10
    assert covered >= 0.85
    ahead = dates[dates >= np.datetime64(origin)][:30]
    special = np.flatnonzero([moved(pd.Timestamp(day)) != 1 for day in ahead])
    truth = y[:, dates >= np.datetime64(origin)][:, special]
    np.testing.assert_allclose(mean[:, special], truth, rtol=0.2)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_of_some_hours_on_the_first_is_forecast_at_its_hours(seed):
    rng = np.random.default_rng(seed)
    times = pd.date_range("2026-05-10", "2026-12-05", freq="h", inclusive="left")
    hour = np.asarray(times.hour)
    y = 100 + 30 * np.sin(2 * np.pi * hour / 24) + 600 * ((np.asarray(times.day) == 1) & (hour >= 2) & (hour < 6))
    y = y * np.exp(rng.normal(0, 0.04, (3, len(times))))
    known = int(times.searchsorted(pd.Timestamp("2026-11-25")))
    ids = pd.DataFrame({"service": ["a", "b", "c"], "metric": "cpu"})
    panel = Panel(ids, y[:, :known], np.datetime64("2026-05-10", "us"), "h")
    mean = forecast(panel, len(times) - known).bands[2]
    first = slice(6 * 24, 7 * 24)
    assert wape(y[:, known:], mean).max() <= 0.08
    assert wape(y[:, known:][:, first], mean[:, first]).max() <= 0.15


def test_ordinary_load_is_given_no_calendar():
    rng = np.random.default_rng(6)
    days = 1100
    week = 1 + 0.3 * (np.arange(days) % 7 < 5)
    noise = np.exp(rng.normal(0, 0.1, (40, days)))
    wander = np.exp(np.cumsum(rng.normal(0, 0.03, (40, days)), axis=1))
    year = 1 + 0.4 * np.sin(2 * np.pi * np.arange(days) / 365.25)
    for y in (100 * week * noise, 100 * week * wander, 100 * week * year * np.sqrt(noise), rng.poisson(2, (40, days))):
        ids = pd.DataFrame({"service": [f"s{k}" for k in range(len(y))], "metric": "x"})
        panel = Panel(ids, np.asarray(y, dtype=float), np.datetime64("2022-01-01", "us"), "d")
        learnt = learn(panel, 90, ForecastOptions())
        ahead = np.zeros((1, 1)) if learnt is None else learnt.log[:, days : days + 90]
        assert (ahead != 0).mean() < 0.005


def test_demand_that_is_rare_is_given_no_day_of_the_month():
    rng = np.random.default_rng(4)
    start = np.datetime64("2025-01-01", "us")
    ids = pd.DataFrame({"service": [f"s{k:02d}" for k in range(40)], "metric": "orders"})
    learnt = [
        learn(Panel(ids, rng.poisson(mean, (40, 300)).astype(float), start, "d"), 28, FAST) for mean in (0.3, 0.5, 1.0)
    ]
    assert sum(0 if one is None else len(one.rows) for one in learnt) <= 1


def test_what_ended_does_not_come_again():
    until = pd.Timestamp(2026, 9, 1)
    dates, y = daily("2025-06-01", "2027-01-10", lambda day: 9.0 if day.day == 1 and day < until else 1.0, 4)
    error, _, _ = judge(dates, y, "2026-11-20")
    assert error <= 0.06


def test_a_declared_event_keeps_its_days_to_itself():
    dates, y = daily("2024-01-01", "2026-12-25", black_friday, 5)
    fridays = (date(2024, 11, 29), date(2025, 11, 28), date(2026, 11, 27))
    events = tuple(Event(name="black friday", first_day=day, last_day=day) for day in fridays)
    error, _, mean = judge(dates, y, "2026-11-15", options=ForecastOptions(slow_series=0, events=events))
    assert error <= 0.15
    assert (mean.argmax(axis=1) == 12).all()


def test_feasts_are_where_the_almanac_has_them():
    known = {2024: "2024-05-05", 2025: "2025-04-20", 2026: "2026-04-12", 2038: "2038-04-25"}
    assert {year: str(orthodox_easter(year)) for year in known} == known
    found = {feast.name: [str(day) for day in days_of_feast(feast, 2025, 2026)] for feast in FEASTS}
    assert found["Lunar New Year"] == ["2025-01-29", "2026-02-17"]
    assert found["Rosh Hashanah"] == ["2025-09-23", "2026-09-12"]
    assert found["Mid-Autumn"] == ["2025-10-06", "2026-09-25"]
    eid = next(feast for feast in FEASTS if feast.name == "Eid al-Fitr")
    assert [str(day) for day in days_of_feast(eid, 2030, 2030)] == ["2030-02-04"]  # a day of Lunar New Year too
    assert [str(day) for day in days_of_feast(eid, 2033, 2033)] == ["2033-01-03", "2033-12-23"]


def test_easter_is_where_the_almanac_has_it():
    known = {2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2038: "2038-04-25", 1818: "1818-03-22"}
    assert {year: str(easter(year)) for year in known} == known
