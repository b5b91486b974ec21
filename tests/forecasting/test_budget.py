"""Budgets: the probability is the share of joint futures that pass, wider where services are wrong together."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from forecasting.decisions.budget import Budget
from forecasting.decisions.night import Night
from forecasting.paths.calendar_sums import SCORES
from forecasting.paths.together import align_errors, common_correlation, draw_sum

NIGHT = Night(date(2026, 11, 20))
START = pd.Timestamp("2026-11-01")


def inputs(budget: float, services: int = 1, *, spent: float = 600.0, is_final: bool = False, errors=None):
    """`services` with 600 spent in all, 400 to come in all and a standard deviation of 40 each."""
    status = pd.DataFrame([{
        "scope": "team", "name": "payments", "period": "m", "period_start": START, "currency": "USD", "budget": budget,
        "spent": spent, "settled_until": date(2026, 11, 17), "is_final": is_final, "passed_on": None,
        "forecast_last_month": 900.0,
    }])  # fmt: skip
    names = [f"s{k}" for k in range(services)]
    member = pd.DataFrame({"scope": "team", "name": "payments", "currency": "USD", "service": names,
                           "metric": "cost_usd", "weight": 1.0})  # fmt: skip
    errors = np.zeros((services, 0)) if errors is None else errors
    origins = [list(pd.date_range("2026-06-01", periods=errors.shape[1], freq="MS"))] * services
    known, ahead = 600.0 / services, 400.0 / services
    sums = pd.DataFrame({
        "service": names, "metric": "cost_usd", "period": "m", "period_start": START, "known": known,
        "mean": known + ahead, "quantiles": [list(known + ahead + 40 * SCORES)] * services, "origins": origins,
        "errors": list(errors), "lo80": np.nan, "hi80": np.nan,
    })  # fmt: skip
    return {"status": status, "member": member, "sum": sums}


def decide(*arguments, **facts) -> pd.Series:
    (rows,) = Budget().decide(inputs(*arguments, **facts), NIGHT)
    return rows.frame.iloc[0]


@pytest.mark.parametrize("budget", [800.0, 950.0, 1000.0, 1040.0, 1100.0, 1200.0])
def test_the_probability_of_one_series_is_that_of_its_distribution(budget):
    found = decide(budget)
    assert found["forecast"] == pytest.approx(1000)
    assert found["probability_over"] == pytest.approx(1 - ndtr((budget - 1000) / 40), abs=1e-6)
    assert found["lo80"] == pytest.approx(1000 - 40 * 1.2816)
    assert found["drift"] == pytest.approx(1000 / 900 - 1)


def test_the_interval_of_one_series_is_the_one_that_its_forecast_says():
    some = inputs(950.0, spent=580.0)
    some["sum"] = some["sum"].assign(lo80=947.0, hi80=1055.0)
    some["member"]["weight"] = 0.5
    (rows,) = Budget().decide(some, NIGHT)
    assert rows.frame.loc[0, ["lo80", "hi80"]].tolist() == pytest.approx([580 + 347 / 2, 580 + 455 / 2])


def test_services_that_are_wrong_together_make_a_wider_sum_than_those_that_are_not():
    rng = np.random.default_rng(0)
    common = np.tile(rng.standard_normal(9), (20, 1)) + 0.1 * rng.standard_normal((20, 9))
    apart = rng.standard_normal((20, 9))
    wide, narrow = (decide(1000.0, 20, errors=errors) for errors in (common, apart))
    alone = 40 * np.sqrt(20) * 2 * 1.2816
    assert narrow["hi80"] - narrow["lo80"] < 1.7 * alone
    assert wide["hi80"] - wide["lo80"] > 3 * alone
    assert wide["hi80"] - wide["lo80"] < 40 * 20 * 2 * 1.2816
    assert wide["forecast"] == narrow["forecast"] == pytest.approx(1000)


def test_what_is_final_is_known():
    assert decide(1000.0, spent=1000.01, is_final=True)["probability_over"] == 1
    found = decide(1000.0, spent=1000.0, is_final=True)
    assert (found["probability_over"], found["forecast"], found["hi80"]) == (0, 1000, 1000)


def test_what_is_spent_beyond_the_budget_is_passed_whatever_comes():
    assert decide(500.0)["probability_over"] > 0.999


def test_a_period_that_no_forecast_reaches_has_no_probability():
    some = inputs(1000.0)
    some["sum"] = some["sum"].assign(period="q")
    (rows,) = Budget().decide(some, NIGHT)
    assert np.isnan(rows.frame["probability_over"].iloc[0])


def test_a_sum_without_doubt_is_certain():
    some = inputs(1000.0)
    some["sum"]["quantiles"] = [[1000.0] * len(SCORES)]
    (rows,) = Budget().decide(some, NIGHT)
    assert rows.frame["probability_over"].iloc[0] == 0
    some["status"]["budget"] = 999.0
    assert Budget().decide(some, NIGHT)[0].frame["probability_over"].iloc[0] == 1


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 3000), st.floats(0, 500), st.integers(1, 4))
def test_a_larger_budget_is_never_likelier_passed(budget, more, services):
    assert decide(budget, services)["probability_over"] >= decide(budget + more, services)["probability_over"]


def test_correlation_is_found_whatever_the_weights_and_the_size_of_the_errors():
    rng = np.random.default_rng(1)
    common = np.sqrt(0.6) * rng.standard_normal(400) + np.sqrt(0.4) * rng.standard_normal((10, 400))
    weights = np.arange(1.0, 11.0)
    found = common_correlation(common * rng.uniform(0.1, 9, (10, 1)), weights)
    assert found == pytest.approx(0.6, abs=0.08)


@pytest.mark.filterwarnings("error")
def test_a_series_that_no_origin_tried_says_nothing_of_correlation():
    rng = np.random.default_rng(2)
    errors = rng.standard_normal((4, 50))
    weights = np.ones(4)
    untried = np.vstack([errors, np.full((1, 50), np.nan)])
    assert common_correlation(untried, np.ones(5)) == pytest.approx(common_correlation(errors, weights), abs=0.02)


def test_origins_of_different_series_are_held_against_each_other_by_their_day():
    days = pd.date_range("2026-01-01", periods=4, freq="D")
    paths = pd.DataFrame({"origins": [list(days[:3]), list(days[1:])], "errors": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]})
    found = align_errors(paths)
    assert np.array_equal(found, [[1, 2, 3, np.nan], [np.nan, 4, 5, 6]], equal_nan=True)


def test_draws_keep_the_distribution_of_each_series():
    quantiles = np.stack([100 + 10 * SCORES])
    drawn = draw_sum(quantiles, np.array([1.0]), 0.5, np.random.default_rng(0))
    assert drawn.mean() == pytest.approx(100, abs=0.6)
    assert drawn.std() == pytest.approx(10, abs=0.4)
