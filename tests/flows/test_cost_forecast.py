"""Cost ahead: what recurs recurs, months add up, and known days count as known."""

import numpy as np
import pandas as pd
import pytest

from forecasting.cost.forecast import DRIVEN, forecast_cost
from forecasting.decisions.cost_period import CostPeriod
from forecasting.decisions.night import Night
from forecasting.options import ForecastOptions
from forecasting.outcome import BANDS, Outcome
from forecasting.panel.series import Panel, to_panel
from forecasting.paths.calendar_sums import period_starts

FIRST, DAYS, HORIZON = pd.Timestamp("2026-01-01"), 200, 120  # the last known day is 2026-07-19
FAST = ForecastOptions(slow_models=())


def panel(metric: str, **series: np.ndarray) -> Panel:
    days = pd.date_range(FIRST, periods=DAYS, freq="D")
    frame = pd.concat(
        pd.DataFrame({"service": name, "metric": metric, "timestamp": days, "value": value})
        for name, value in series.items()
    )
    return to_panel(frame, grain="d")


def stored(outcome: Outcome) -> pd.DataFrame:
    """Return the forecast as the warehouse keeps it: one row a series, lists of days."""
    made = outcome.forecast.groupby(["service", "metric", "model"], as_index=False).agg(
        first_time=("target_time", "min"), **{name: (name, list) for name in BANDS}
    )
    return made.merge(outcome.path, on=["service", "metric"])


def known(outcome: Outcome) -> pd.DataFrame:
    rows = []
    for grain, period in (("m", "month"), ("q", "quarter"), ("y", "year")):
        starts = period_starts(outcome.panel.times, period)
        for row, name in enumerate(outcome.panel.ids["service"]):
            value = np.nansum(outcome.panel.y[row][starts == starts[-1]])
            rows.append((name, "cost_usd", grain, starts[-1], value))
    return pd.DataFrame(rows, columns=["service", "metric", "grain", "period_start", "value"])


def calendar_forecast(outcome: Outcome, paths: int) -> pd.DataFrame:
    inputs = {"path": stored(outcome), "known": known(outcome)}
    decided = CostPeriod().decide(inputs, Night(pd.Timestamp("2026-07-21").date(), paths))
    return pd.concat([rows.frame for rows in decided if rows.table == "forecast"], ignore_index=True)


def weekly(level: float, noise: float, seed: int) -> np.ndarray:
    days = np.arange(DAYS)
    rng = np.random.default_rng(seed)
    return level * (1 + 0.2 * ((days + 3) % 7 < 5)) * (1 + rng.normal(0, noise, DAYS))


@pytest.fixture(scope="module")
def cost() -> Panel:
    steady = weekly(100, 0.02, 1)
    monthly = weekly(100, 0.02, 2)
    days = pd.date_range(FIRST, periods=DAYS, freq="D")
    monthly[days.day == 5] += 900  # support, on the fifth of every month
    monthly[40] += 5000  # a migration, once
    return panel("cost_usd", monthly=monthly, steady=steady)


@pytest.fixture(scope="module")
def no_driver(cost: Panel) -> Panel:
    return Panel(cost.ids, np.full(cost.y.shape, np.nan), cost.start, cost.grain)


def test_a_monthly_charge_is_forecast_on_its_day_and_a_one_off_is_not(cost, no_driver):
    made = forecast_cost(cost, no_driver, HORIZON, FAST).forecast.set_index(["service", "target_time"])["mean"]
    monthly = made["monthly"]
    on_the_fifth = monthly[monthly.index.day == 5]
    others = monthly[monthly.index.day != 5]
    assert len(on_the_fifth) == 4
    assert on_the_fifth.to_numpy() == pytest.approx(1015, abs=60)
    assert others.max() < 150


def test_whole_months_and_quarters_hold_what_is_known_and_what_is_forecast(cost, no_driver):
    outcome = forecast_cost(cost, no_driver, HORIZON, FAST)
    sums = calendar_forecast(outcome, 400)
    months = sums[(sums["service"] == "steady") & (sums["grain"] == "m")].set_index("target_time")
    assert [str(month.date()) for month in months.index] == ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"]
    spent = cost.y[1][pd.date_range(FIRST, periods=DAYS) >= "2026-07-01"].sum()
    daily = outcome.forecast[outcome.forecast["service"] == "steady"].set_index("target_time")["mean"]
    july = spent + daily[daily.index < "2026-08-01"].sum()
    assert months.loc["2026-07-01", "mean"] == pytest.approx(july, rel=0.01)
    assert months.loc["2026-08-01", "mean"] == pytest.approx(daily["2026-08"].sum(), rel=0.01)
    quarters = sums[(sums["service"] == "steady") & (sums["grain"] == "q")].set_index("target_time")
    assert [str(quarter.date()) for quarter in quarters.index] == ["2026-07-01"]
    assert quarters.loc["2026-07-01", "mean"] == pytest.approx(months.loc[:"2026-09-01", "mean"].sum(), rel=0.001)


def test_the_interval_of_a_month_is_narrower_than_the_sum_of_the_days_bounds(cost, no_driver):
    outcome = forecast_cost(cost, no_driver, HORIZON, FAST)
    sums = calendar_forecast(outcome, 400)
    august = sums[(sums["service"] == "steady") & (sums["target_time"] == "2026-08-01") & (sums["grain"] == "m")].iloc[
        0
    ]
    days = outcome.forecast[outcome.forecast["service"] == "steady"].set_index("target_time")["2026-08-01":"2026-08-31"]
    assert days["lo95"].sum() < august["lo95"] <= august["lo80"] <= august["mean"] <= august["hi80"] <= august["hi95"]
    assert august["hi95"] < days["hi95"].sum()


def test_requests_drive_the_cost_that_follows_them_and_no_other():
    rng = np.random.default_rng(7)
    days = np.arange(DAYS)
    swing = 1 + 0.5 * np.sin(2 * np.pi * days / 7)
    requests = 1000 * swing * np.exp(rng.normal(0, 0.01, DAYS))
    cost = panel("cost_usd", follows=requests * 0.002 * np.exp(rng.normal(0, 0.1, DAYS)), own=weekly(50, 0.01, 3))
    driver = panel("cost_usd", follows=requests, own=np.exp(rng.normal(0, 1, DAYS)))
    model = forecast_cost(cost, driver, 30, FAST).fit.set_index("service")["model"]
    assert model["follows"] == DRIVEN
    assert model["own"] != DRIVEN


def test_the_same_chunk_gives_the_same_bits(cost, no_driver):
    first, second = (calendar_forecast(forecast_cost(cost, no_driver, 60, FAST), 200) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_series_without_any_value_have_no_months(cost):
    empty = Panel(cost.ids, np.full(cost.y.shape, np.nan), cost.start, cost.grain)
    outcome = forecast_cost(empty, empty, 60, FAST)
    assert calendar_forecast(outcome, 100).empty
