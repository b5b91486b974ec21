"""Capacity priced: the curve falls, the advised point keeps the plan, and what requests use has its knee."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.decisions.headroom import Headroom
from forecasting.decisions.night import Night
from forecasting.decisions.scale_schedule import ScaleSchedule
from forecasting.decisions.use_per_request import UsePerRequest

NIGHT = Night(date(2026, 11, 20), paths=400)
PEAK = pd.DataFrame({"service": ["web"], "metric": ["cpu"], "peak_now": [0.5], "peak_since": [date(2026, 10, 21)]})


def path(**changes: object) -> pd.DataFrame:
    mean = 0.5 * (1 + 0.004 * np.arange(90))
    known: dict[str, object] = {
        "service": "web", "metric": "cpu", "first_time": pd.Timestamp("2026-11-20"),
        "lo95": list(mean * 0.8), "lo80": list(mean * 0.9), "mean": list(mean), "hi80": list(mean * 1.1),
        "hi95": list(mean * 1.2), "seed": 0, "short_correlation": 0.5, "long_correlation": 0.25, "limit_value": 0.7,
        "lead_time_days": 14, "units": 10.0, "unit_cost_usd_month": 50.0, "tier": 0, "limit_from": [], "limit_then": [],
        "shape": np.linspace(0.3, 1.0, 25), "peak_share": 1.0, "peak_errors": [],
    }  # fmt: skip
    return pd.DataFrame([known | changes])


def decide(**changes: object) -> tuple[pd.Series, pd.DataFrame]:
    headroom, trade = Headroom().decide({"path": path(**changes), "peak": PEAK}, NIGHT)
    return headroom.frame.iloc[0], trade.frame.sort_values("units").reset_index(drop=True)


def test_what_is_advised_is_the_least_that_keeps_the_plan_and_what_is_to_be_added_leads_to_it():
    head, trade = decide()
    advised, current = trade[trade["is_advised"]].iloc[0], trade[trade["is_current"]].iloc[0]
    assert advised["units"] == current["units"] + head["units_to_add"]
    assert advised["units"] == round(advised["units"])
    assert advised["breach_probability_90d"] <= 0.01 < trade.loc[
        trade["units"] < advised["units"], "breach_probability_90d"].min()  # fmt: skip
    assert head["usd_month"] == 50 * head["units_to_add"]
    assert advised["cost_usd_month"] == 50 * advised["units"]
    assert head["add_by"] == head["planned_date"] - pd.Timedelta(days=14)


def test_a_tier_that_plans_for_less_adds_less():
    assert decide(tier=0)[0]["units_to_add"] > decide(tier=2)[0]["units_to_add"] > 0


def test_more_units_are_passed_less_often_and_for_fewer_hours():
    _, trade = decide()
    for name in ("breach_probability_30d", "breach_probability_60d", "breach_probability_90d", "expected_breach_hours"):
        assert (np.diff(trade[name]) <= 0).all(), name
    assert (np.diff(trade["cost_usd_month"]) > 0).all()
    assert trade.iloc[0]["expected_breach_hours"] > 900


def test_spare_capacity_is_advised_to_go():
    head, trade = decide(limit_value=7.0, units=100.0)
    advised = trade[trade["is_advised"]].iloc[0]
    assert head["units_to_add"] == 0
    assert advised["units"] < 20
    assert advised["breach_probability_90d"] <= 0.01


def test_without_known_units_the_metric_itself_is_added_and_without_a_price_nothing_is_priced():
    head, trade = decide(units=np.nan, unit_cost_usd_month=np.nan)
    assert head["units_to_add"] == pytest.approx(head["peak_forecast"] - 0.7)
    assert np.isnan(head["usd_month"])
    assert trade["cost_usd_month"].isna().all()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([0.5, 1.0, 2.5, 10.0, 1000.0, np.nan]), st.floats(0.1, 5.0), st.sampled_from([0, 1, 2]))
def test_the_curve_the_plan_and_what_is_to_be_added_never_contradict_each_other(units, limit, tier):
    head, trade = decide(units=units, limit_value=limit, tier=tier)
    current, advised = trade.loc[trade["is_current"], "units"].item(), trade.loc[trade["is_advised"], "units"].item()
    assert (head["units_to_add"] > 0) == pd.notna(head["planned_date"]) == (head["headroom_ratio"] < 0)
    if head["units_to_add"] > 0:
        assert current + head["units_to_add"] == pytest.approx(advised)
    else:
        assert advised <= current


def test_half_units_are_scheduled_by_parts():
    hour = hours(units=2.5)
    (schedule,) = ScaleSchedule().decide({"hour": hour}, NIGHT)
    assert schedule.frame["units"].to_numpy() == pytest.approx(schedule.frame["demand"].to_numpy() / (0.7 / 2.5))


def test_a_limit_that_rises_in_time_needs_nothing_and_one_that_falls_does():
    rising = decide(limit_value=0.7, limit_from=[date(2026, 12, 1)], limit_then=[2.0])[0]
    falling = decide(limit_value=2.0, limit_from=[date(2027, 1, 10)], limit_then=[0.6])[0]
    assert pd.isna(rising["p50_date"])
    assert rising["next_limit"] == 2.0
    assert falling["p10_date"] >= pd.Timestamp("2027-01-10")
    assert falling["units_to_add"] > 0


@pytest.mark.parametrize(("limit", "then"), [(0.7, 1.4), (2.0, 0.6), (0.55, 0.56)])
def test_the_curve_knows_of_a_limit_that_is_declared_to_change(limit, then):
    head, trade = decide(limit_value=limit, limit_from=[date(2026, 12, 20)], limit_then=[then], tier=1)
    current, advised = trade[trade["is_current"]].iloc[0], trade[trade["is_advised"]].iloc[0]
    for days in (30, 60, 90):
        assert current[f"breach_probability_{days}d"] == pytest.approx(head[f"probability_{days}d"])
    assert max(advised["units"] - current["units"], 0) == head["units_to_add"]
    assert advised["breach_probability_90d"] <= 0.05
    if head["probability_90d"] == 1:
        assert current["expected_breach_hours"] > advised["expected_breach_hours"]


def test_the_limit_of_a_count_is_of_its_busiest_hour():
    a_day = {name: list(np.full(90, value)) for name, value in
             (("lo95", 900.0), ("lo80", 950.0), ("mean", 1000.0), ("hi80", 1050.0), ("hi95", 1100.0))}  # fmt: skip
    head, _ = decide(**a_day, limit_value=200.0, units=np.nan, peak_share=0.1)
    assert head["peak_forecast"] == pytest.approx(115, abs=10)
    assert pd.isna(head["p50_date"])


@settings(max_examples=20, deadline=None)
@given(st.floats(0.2, 2.0), st.floats(1.0, 3.0))
def test_more_capacity_is_never_nearer(limit, more):
    near, far = decide(limit_value=limit)[0], decide(limit_value=limit * more)[0]
    for name in ("p10_date", "p50_date", "p90_date", "planned_date"):
        assert pd.isna(far[name]) or near[name] <= far[name]
    for name in ("probability_30d", "probability_60d", "probability_90d"):
        assert near[name] >= far[name]


def hours(**changes: object) -> pd.DataFrame:
    mean = 0.4 + 0.3 * np.sin(2 * np.pi * np.arange(336) / 24)
    known: dict[str, object] = {
        "service": "web", "metric": "cpu", "first_time": pd.Timestamp("2026-11-20"), "lo95": list(mean * 0.8),
        "lo80": list(mean * 0.9), "mean": list(mean), "hi80": list(mean * 1.1), "hi95": list(mean * 1.2),
        "limit_value": 0.7, "units": 10.0, "tier": 1, "peak_ratio": 1.1,
    }  # fmt: skip
    return pd.DataFrame([known | changes])


def test_each_hour_of_the_week_has_the_units_that_its_busiest_forecast_needs():
    (rows,) = ScaleSchedule().decide({"hour": hours()}, NIGHT)
    table = rows.frame.set_index("hour_of_week")
    assert list(table.index) == list(range(168))
    # 20 November 2026 is a Friday: hour 6 of its forecast is hour 4 * 24 + 6 of the week, the crest of the wave.
    assert table.loc[4 * 24 + 6, "demand"] == table["demand"].max()
    p95 = 1.1 + 0.1 * (1.645 - 1.2816) / (1.96 - 1.2816)
    assert table.loc[4 * 24 + 6, "demand"] == pytest.approx(0.7 * p95 * 1.1, rel=1e-3)
    assert table["units"].max() == np.ceil(table["demand"].max() / 0.07)
    assert table["units"].min() == np.ceil(table["demand"].min() / 0.07)


def test_without_a_forecast_of_the_whole_week_there_is_no_schedule():
    short = {name: [1.0] * 48 for name in ("lo95", "lo80", "mean", "hi80", "hi95")}
    (rows,) = ScaleSchedule().decide({"hour": hours(**short)}, NIGHT)
    assert rows.frame.empty


def fitted(uses: np.ndarray, requests: np.ndarray) -> pd.Series:
    row = {"service": "web", "metric": "cpu", "request_metric": "requests", "requests": list(requests),
           "uses": list(uses), "hours": [13] * len(uses)}  # fmt: skip
    (rows,) = UsePerRequest().decide({"hour": pd.DataFrame([row])}, NIGHT)
    return rows.frame.iloc[0]


def test_a_line_has_no_knee():
    requests = np.linspace(100, 1000, 50)
    noise = np.random.default_rng(1).normal(0, 0.005, 50)
    found = fitted(0.1 + 0.0005 * requests + noise, requests)
    assert found["use_per_request"] == pytest.approx(0.0005, rel=0.05)
    assert found["base_use"] == pytest.approx(0.1, abs=0.01)
    assert np.isnan(found["knee_requests"])
    assert found["explained_ratio"] > 0.95


def test_use_that_rises_faster_from_a_number_of_requests_on_has_a_knee_there():
    requests = np.linspace(100, 1000, 50)
    noise = np.random.default_rng(2).normal(0, 0.005, 50)
    found = fitted(0.1 + 0.0005 * requests + 0.002 * np.maximum(requests - 700, 0) + noise, requests)
    assert found["knee_requests"] == pytest.approx(700, abs=50)
    assert found["use_per_request_after"] == pytest.approx(0.0025, rel=0.1)
    assert found["use_per_request"] == pytest.approx(0.0005, rel=0.1)
