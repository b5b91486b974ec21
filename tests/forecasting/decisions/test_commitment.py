"""How much to commit to: bolder is never less, falling demand is, and the level is where the next unit breaks even."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.decisions.commitment_option import LADDER_MONTHS, CommitmentOption
from forecasting.decisions.commitments.futures import foresee
from forecasting.decisions.commitments.level import RISKS, cost, levels, regrets, value
from forecasting.decisions.night import Night

NIGHT = Night(date(2026, 11, 20))


def hourly(weeks=40, level=100.0, growth=0.0, noise=0.03, seed=0):
    rng = np.random.default_rng(seed)
    hours = np.arange(weeks * 168)
    shape = 1 + 0.3 * np.sin(2 * np.pi * hours / 24) - 0.15 * ((hours // 24) % 7 >= 5)
    wander = np.repeat(np.exp(np.cumsum(rng.normal(0, noise, weeks))), 168)
    return level * shape * np.exp(growth * hours / (52 * 168)) * wander


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 1000), st.floats(0.05, 0.9), st.floats(-1.0, 1.0), st.floats(0, 0.2), st.floats(0, 1), st.booleans()
)
def test_a_bolder_appetite_never_commits_less(seed, discount, growth, noise, retires, is_safe):  # noqa: PLR0917
    futures = foresee(hourly(growth=growth, noise=noise, seed=seed), 1, retires)
    found = levels(futures, discount, is_safe=is_safe)
    assert list(found) == list(RISKS)
    assert 0 <= found["cautious"] <= found["neutral"] <= found["bold"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 0.7))
def test_the_neutral_level_is_the_cheapest_in_expectation(seed, discount):
    futures = foresee(hourly(seed=seed), 1)
    neutral = levels(futures, discount)["neutral"]
    mean = {level: cost(futures.hours, level, discount).mean() for level in np.linspace(0, 200, 81)}
    assert cost(futures.hours, neutral, discount).mean() <= min(mean.values()) + 1e-9


def test_a_larger_discount_and_growing_demand_commit_more_and_falling_demand_less():
    flat, falling, growing = (foresee(hourly(growth=growth, noise=0.005), 1) for growth in (0.0, -0.5, 0.5))
    for discount in (0.28, 0.5):
        assert levels(falling, discount)["neutral"] < levels(flat, discount)["neutral"]
        assert levels(flat, discount)["neutral"] < levels(growing, discount)["neutral"]
    assert levels(flat, 0.28)["neutral"] < levels(flat, 0.5)["neutral"]
    assert falling.trend < -0.2


def test_what_may_be_retired_is_covered_only_as_far_as_it_cannot_lose():
    demand = hourly(noise=0.005)
    lasting, mortal = foresee(demand, 1), foresee(demand, 1, retires_a_year=0.3)
    assert levels(mortal, 0.28)["neutral"] < levels(lasting, 0.28)["neutral"]
    safe = levels(mortal, 0.28, is_safe=True)["bold"]
    assert value(mortal, safe, 0.0, 0.28).worst_saving >= 0
    assert levels(foresee(demand, 1, retires_a_year=0.01), 0.28, is_safe=True)["neutral"] > 50


def test_too_short_a_history_and_demand_that_ended_say_nothing():
    assert foresee(hourly(weeks=11), 1) is None
    ended = hourly()
    ended[-3 * 168 :] = 0
    assert foresee(ended, 1) is None
    begun = np.r_[np.zeros(168 * 30), hourly(weeks=5)]
    assert foresee(begun, 1) is None


def test_saving_coverage_and_utilisation_of_a_level():
    futures = foresee(hourly(noise=0.001), 1)
    nothing, some = value(futures, 0.0, 0.0, 0.28), value(futures, 50.0, 0.0, 0.28)
    assert (nothing.saving, nothing.coverage, nothing.utilisation) == (0.0, 0.0, 1.0)
    assert some.saving == pytest.approx(50 * 0.28 * 730, rel=0.01)  # always used
    assert some.utilisation == pytest.approx(1.0, abs=0.001)
    assert value(futures, 50.0, 50.0, 0.28).saving == 0.0
    assert value(futures, 400.0, 0.0, 0.28).worst_saving < 0


def test_the_regret_curve_has_the_options_and_its_lowest_point_near_the_neutral_level():
    futures = foresee(hourly(), 1)
    chosen = levels(futures, 0.28)
    curve = regrets(futures, 0.28, list(chosen.values()))
    at = {round(level, 6): regret for level, _, regret, _ in curve}
    assert all(round(level, 6) in at for level in chosen.values())
    assert at[round(chosen["neutral"], 6)] <= min(at.values()) + 1e-6
    assert all(0 <= regret <= worst or regret <= worst * 1.2 for _, _, regret, worst in curve)


def decide(demand, owned=(), expiry=(), offers=((None, 1, 0.28), (None, 3, 0.5))):
    scope = {"provider": "AWS", "currency": "USD", "scope": "Compute", "basis": "hourly charges"}
    inputs = {
        "demand": pd.DataFrame([scope | {"hour": np.arange(len(demand)), "demand": demand}]),
        "owned": pd.DataFrame(owned, columns=["provider", "currency", "scope", "owned_hour", "discount"]),
        "offer": pd.DataFrame(offers, columns=["provider", "term_years", "discount"]),
        "expiry": pd.DataFrame(expiry, columns=["provider", "currency", "month", "hourly", "soon"]).astype(
            {"month": "datetime64[us]", "hourly": float, "soon": float}
        ),
    }
    return [rows.frame for rows in CommitmentOption().decide(inputs, NIGHT)]


def test_options_by_term_and_appetite_beside_what_is_owned():
    options, _, curves = decide(hourly(), [("AWS", "USD", "Compute", 20.0, 0.3)])
    assert len(options) == 6
    assert list(options["discount"]) == [0.3] * 3 + [0.5] * 3  # of what is owned, learnt from the bill
    np.testing.assert_allclose(
        options["commit_usd_hour"], options["level_usd_hour_on_demand"] * (1 - options["discount"])
    )
    np.testing.assert_allclose(options["to_buy_usd_hour"], np.maximum(options["commit_usd_hour"] - 20, 0))
    assert (options["break_even_utilisation"] == 1 - options["discount"]).all()
    assert curves.groupby("term_years")["is_option"].sum().between(1, 3).all()


@pytest.mark.parametrize("level", [1e-4, 1.0, 1e5])
def test_the_curve_marks_the_options_whatever_the_demand_costs(level):
    options, _, curves = decide(hourly(level=level))
    marked = curves[curves["is_option"]].groupby("term_years")["level_usd_hour_on_demand"].agg(set)
    assert marked.to_dict() == {
        term: set(np.round(of_term["level_usd_hour_on_demand"], 6)) for term, of_term in options.groupby("term_years")
    }


def test_an_offer_of_the_provider_goes_before_what_is_offered_by_all():
    options, _, _ = decide(hourly(), offers=((None, 1, 0.28), ("AWS", 1, 0.4), ("GCP", 1, 0.1)))
    assert set(options["discount"]) == {0.4}


def test_the_ladder_reaches_the_level_in_equal_steps_and_replaces_what_ends():
    ends = [("AWS", "USD", pd.Timestamp("2027-02-01"), 15.0, 0.0)]
    options, ladder, _ = decide(hourly(), [("AWS", "USD", "Compute", 20.0, 0.28)], ends)
    for (term, risk), steps in ladder.groupby(["term_years", "risk"]):
        wanted = options[(options["term_years"] == term) & (options["risk"] == risk)]["commit_usd_hour"].item()
        assert steps["owned_after_usd_hour"].iloc[-1] == pytest.approx(max(wanted, 5.0))
        assert steps["expiring_usd_hour"].sum() == 15
        assert (steps["buy_usd_hour"].iloc[LADDER_MONTHS:] == 0).all()
    assert ladder["month"].min() == pd.Timestamp("2026-12-01")


def test_what_ends_within_three_months_is_not_owned_then_and_is_replaced_when_it_ends():
    ends = [
        ("AWS", "USD", pd.Timestamp("2026-11-01"), 4.0, 4.0),  # on the 28th: before the first purchase
        ("AWS", "USD", pd.Timestamp("2027-01-01"), 6.0, 6.0),
        ("AWS", "EUR", pd.Timestamp("2027-01-01"), 9.0, 9.0),
    ]
    options, ladder, _ = decide(hourly(), [("AWS", "USD", "Compute", 20.0, 0.28)], ends)
    assert (options["owned_usd_hour"] == 10.0).all()
    np.testing.assert_allclose(options["to_buy_usd_hour"], np.maximum(options["commit_usd_hour"] - 10, 0))
    steps = ladder[(ladder["term_years"] == 1) & (ladder["risk"] == "neutral")].reset_index(drop=True)
    assert list(steps["expiring_usd_hour"][:3]) == [4.0, 6.0, 0.0]
    held = 20 - steps["expiring_usd_hour"].cumsum() + steps["buy_usd_hour"].cumsum()
    np.testing.assert_allclose(steps["owned_after_usd_hour"], held)
