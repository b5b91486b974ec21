import numpy as np
import pytest

from forecasting.cost.forecast import forecast_cost
from forecasting.cost.run_rate import drive, recurring_ahead, split_cost
from forecasting.options import ForecastOptions
from forecasting.tournament import forecast

DAYS = np.datetime64("2026-06-01") + np.arange(180)
NUMBER = (DAYS - DAYS.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1


def base(seed=1):
    return 100 + np.random.default_rng(seed).normal(0, 2, (1, 180))


def test_support_charged_on_the_same_day_of_each_month_recurs():
    cost = base() + np.where(NUMBER == 3, 400.0, 0.0)
    split = split_cost(cost, DAYS)
    assert split.amounts[0][3] == pytest.approx(400, rel=0.05)
    assert split.one_off.sum() == 0
    ahead = recurring_ahead(split.amounts, np.datetime64("2026-12-01") + np.arange(31))
    assert np.flatnonzero(ahead[0]).tolist() == [2]


def test_a_charge_on_the_last_day_recurs_in_months_of_any_length():
    last = (DAYS + 1).astype("datetime64[M]") != DAYS.astype("datetime64[M]")
    split = split_cost(base() + np.where(last, 300.0, 0.0), DAYS)
    ahead = recurring_ahead(split.amounts, np.datetime64("2027-02-01") + np.arange(28))
    assert np.flatnonzero(ahead[0]).tolist() == [27]


def test_a_single_purchase_is_a_one_off_and_not_run_rate():
    cost = base()
    cost[0, 90] += 5000
    split = split_cost(cost, DAYS)
    assert split.one_off[0, 90] == pytest.approx(5000, rel=0.01)
    assert split.amounts == [{}]
    assert split.run_rate.max() < 120


def test_parts_add_up_to_the_cost():
    cost = base() + np.where(NUMBER == 3, 400.0, 0.0)
    cost[0, 50] += 900
    split = split_cost(cost, DAYS)
    np.testing.assert_allclose(split.run_rate + split.recurring + split.one_off, cost)


def test_weekly_rhythm_and_gaps_are_no_charges():
    cost = base() * np.where(np.arange(180) % 7 < 5, 1.0, 0.5)
    cost[0, 20:30] = np.nan
    split = split_cost(cost, DAYS)
    assert split.one_off.sum() == 0
    assert np.isnan(split.run_rate[0, 20:30]).all()


def test_cost_follows_requests_only_where_that_wins_the_backtest(make_panel):
    rng = np.random.default_rng(4)
    t = np.arange(300)
    requests = 1000 + 3000 * (t % 7 < 5) + rng.normal(0, 10, (2, 300))
    cost = np.stack([0.02 * requests[0] * rng.normal(1, 0.3, 300), 50 + 5 * np.sin(2 * np.pi * t / 7)])
    options = ForecastOptions(slow_series=0)
    driven = drive(*(forecast(make_panel(y, "d"), 28, options) for y in (cost, requests)))
    assert not driven.is_kept[1]
    assert driven.is_kept[0]
    assert np.isfinite(driven.bands).all()
    assert (np.diff(driven.bands, axis=0) >= 0).all()


@pytest.mark.parametrize("every", [7, 14])
def test_a_job_that_runs_week_after_week_is_run_rate(every):
    runs = np.arange(180) % every == 4
    cost = base() + np.where(runs, 300.0, 0.0)
    cost[0, 90] += 5000
    split = split_cost(cost, DAYS)
    np.testing.assert_allclose(split.run_rate[0, runs], cost[0, runs])
    assert np.flatnonzero(split.one_off[0]).tolist() == [90]
    assert split.amounts == [{}]


def test_the_month_of_a_service_with_a_weekly_job_holds_its_jobs(make_panel):
    rng = np.random.default_rng(6)
    days = 196
    cost = 100 * np.where(np.arange(days) % 7 == 6, 4.0, 1.0) * np.exp(rng.normal(0, 0.01, (3, days)))
    requests = 1e5 * np.where(np.arange(days) % 7 > 4, 0.7, 1.0) * np.exp(rng.normal(0, 0.01, (3, days)))
    options = ForecastOptions(slow_series=0)
    outcome = forecast_cost(make_panel(cost, grain="d"), make_panel(requests, grain="d"), 28, options)
    assert outcome.bands[2].sum(axis=1) == pytest.approx(np.full(3, 4 * (600 + 400)), rel=0.03)
