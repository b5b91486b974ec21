"""Forecasts after breaks hold the bars of the project, on made loads of many sizes, dates and lengths."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.options import ForecastOptions
from forecasting.panel.breaks.declared import DeclaredBreak
from forecasting.tournament import forecast
from tests.forecasting import breaking
from tests.forecasting.conftest import panel_of

OPTIONS = ForecastOptions(slow_series=0, timezone={"*": "UTC"})
SEEDS = range(100, 105)


def judged(cases: list[breaking.Case]) -> tuple[np.ndarray, np.ndarray]:
    """WAPE and share inside 95 % of each case, forecast as one panel."""
    panel = panel_of(np.stack([case.history for case in cases]), cases[0].grain)
    truth = np.stack([case.truth for case in cases])
    lo95, _, mean, _, hi95 = forecast(panel, truth.shape[1], OPTIONS).bands
    wape = np.abs(truth - mean).sum(axis=1) / truth.sum(axis=1)
    return wape, ((truth >= lo95) & (truth <= hi95)).mean(axis=1)


def of(make, *arguments):
    return [make(np.random.default_rng(seed), *arguments) for seed in SEEDS]


@pytest.mark.parametrize(
    ("cases", "most", "least"),
    [
        (of(breaking.outage, 14, 0), 0.08, 0.85),
        (of(breaking.outage, 5, 0, 0.1), 0.08, 0.85),
        (of(breaking.outage, 60, 0), 0.08, 0.85),
        (of(breaking.outage, 30, 36), 0.06, 0.85),
        (of(breaking.outage, 84, 20), 0.06, 0.85),
        (of(breaking.outage, 168, 50, 0.05), 0.06, 0.85),
        (of(breaking.excursion, 3, 7, 3), 0.08, 0.85),
        (of(breaking.excursion, 0.4, 5, 2), 0.08, 0.85),
        (of(breaking.step, 2.5, 3), 0.08, 0.85),
        (of(breaking.step, 0.3, 9), 0.08, 0.85),
        (of(breaking.ramp, 50, 14, 3), 0.12, 0.70),
        (of(breaking.ramp, 0.05, 14, 4), 0.12, 0.70),
        (of(breaking.ramp, 6, 9, 6), 0.12, 0.70),
    ],
    ids=lambda value: None if isinstance(value, float) else f"{value[0].grain}",
)
def test_a_break_leaves_the_forecast_within_the_bars(cases, most, least):
    wape, inside = judged(cases)
    assert np.median(wape) <= most
    assert (wape <= 1.5 * most).all()
    assert inside.mean() >= least


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_adding_an_outage_or_an_excursion_moves_the_error_by_at_most_three_points(seed):
    rng = np.random.default_rng(seed)
    y = np.stack([breaking.load(rng, "h", 67) for _ in range(3)])
    history, truth = y[:, : 60 * 24], y[:, 60 * 24 :]
    broken = history.copy()
    ago = rng.integers(0, 200)
    outage = slice(history.shape[1] - ago - rng.integers(1, 120), history.shape[1] - ago)
    broken[0, outage] = 0.0
    days = rng.integers(2, 8)
    back = 24 * rng.integers(2, 20)
    broken[1, history.shape[1] - back - 24 * days : history.shape[1] - back] *= rng.choice([0.4, 2.0, 3.0])
    errors = []
    for values in (history, broken):
        mean = forecast(panel_of(values), truth.shape[1], OPTIONS).bands[2]
        errors.append(np.abs(truth - mean).sum(axis=1) / truth.sum(axis=1))
    assert (errors[1] - errors[0] <= 0.03).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_days_that_broke_move_the_error_by_at_most_three_points(seed):
    rng = np.random.default_rng(seed)
    y = np.stack([breaking.load(rng, "d", 228) for _ in range(4)])
    history, truth = y[:, :200], y[:, 200:]
    broken = history.copy()
    down, away, back = rng.integers(1, 15), rng.integers(2, 22), rng.integers(4, 40)
    broken[0, 200 - back - down : 200 - back] = 0.0
    broken[1, 200 - back - down : 200 - back] = np.nan
    broken[2, 200 - back - away : 200 - back] *= rng.choice([0.4, 2.0, 3.0, 6.0])
    broken[3, 200 - min(down, 10) :] = 0.0
    errors = []
    for values in (history, broken):
        mean = forecast(panel_of(values, "d"), truth.shape[1], OPTIONS).bands[2]
        errors.append(np.abs(truth - mean).sum(axis=1) / truth.sum(axis=1))
    assert (errors[1] - errors[0] <= 0.03).all()


def test_an_open_outage_is_expected_back_and_its_interval_says_that_it_may_not():
    (case,) = of(breaking.outage, 14, 0)[:1]
    outcome = forecast(panel_of(case.history), 48, OPTIONS)
    assert outcome.fit["status"][0].startswith("outage since")
    assert (outcome.bands[0, 0] == 0).all()
    assert (outcome.bands[2, 0] > 0.5 * case.truth[:48]).all()


@pytest.mark.parametrize(("grain", "hours", "factor"), [("h", 20, 3), ("h", 10, 3), ("d", 24, 3), ("d", 24, 0.35)])
def test_what_left_its_level_just_now_may_stay_or_come_back_and_the_interval_says_both(grain, hours, factor):
    steps = hours // 24 if grain == "d" else hours
    y = np.stack([breaking.load(np.random.default_rng(seed), grain, 104) for seed in range(12)])
    known = 90 * breaking.DAY[grain]
    history = y[:, :known].copy()
    history[:, -steps:] *= factor
    lo95, _, _, _, hi95 = forecast(panel_of(history, grain), 2 * steps, OPTIONS).bands
    truth = y[:, known : known + 2 * steps]
    for came in (truth, truth * factor):
        assert ((came >= lo95) & (came <= hi95)).mean() > 0.8


@pytest.mark.parametrize(("grain", "days"), [("h", 2), ("h", 4), ("d", 5)])
@pytest.mark.parametrize("factor", [0.4, 2.2])
def test_a_level_of_days_may_go_back_and_the_interval_holds_both(grain, days, factor):
    y = np.stack([breaking.load(np.random.default_rng(seed), grain, 104) for seed in range(12)])
    day = breaking.DAY[grain]
    history, truth = y[:, : 90 * day].copy(), y[:, 90 * day :]
    history[:, -days * day :] *= factor
    outcome = forecast(panel_of(history, grain), truth.shape[1], OPTIONS)
    assert (outcome.breaks["kind"] == "step").all()
    lo95, _, _, _, hi95 = outcome.bands[:, :, days * day // 2 :]
    for came in (truth, truth * factor):
        then = came[:, days * day // 2 :]
        assert ((then >= lo95) & (then <= hi95)).mean() > 0.9
    long_known = y[:, : 90 * day].copy()
    long_known[:, -26 * day :] *= factor
    lo95, _, _, _, hi95 = forecast(panel_of(long_known, grain), truth.shape[1], OPTIONS).bands
    assert ((truth < lo95) | (truth > hi95)).mean() > 0.6  # known for so long, it is a level


def test_a_step_that_people_said_stays():
    y = breaking.load(np.random.default_rng(3), "h", 90)
    y[-72:] *= 2.2
    panel = panel_of(y)
    told = DeclaredBreak.model_validate({"service": "svc-000", "kind": "step", "from": panel.times[-72].item()})
    lo95, _, mean, _, _ = forecast(panel, 240, OPTIONS.model_copy(update={"breaks": (told,)})).bands[:, 0]
    assert (lo95 > mean / 2.2).mean() > 0.9


def test_a_move_that_is_still_on_is_expected_to_go_on_and_its_interval_reaches_from_now_to_twice_as_far():
    case = breaking.ramp(np.random.default_rng(2), 10, 14, -7)
    outcome = forecast(panel_of(case.history, "d"), 28, OPTIONS)
    lo95, _, mean, _, hi95 = outcome.bands[:, 0]
    assert outcome.fit["status"][0].startswith("moving since")
    assert mean[-7:].mean() > 1.5 * case.history[-3:].mean()
    assert lo95[-7:].mean() < 1.2 * case.history[-3:].mean()
    assert ((case.truth[:28] >= lo95) & (case.truth[:28] <= hi95)).mean() > 0.7


@pytest.mark.parametrize(
    ("factor", "days", "left"), [(0.3, 14, 7), (0.3, 20, 10), (3, 14, 7), (0.1, 18, 6), (0.2, 14, 7)]
)
def test_days_on_their_way_that_look_like_a_step_may_go_on_and_the_interval_holds_it(factor, days, left):
    cases = [breaking.ramp(np.random.default_rng(seed), factor, days, -left) for seed in range(10)]
    panel = panel_of(np.stack([case.history for case in cases]), "d")
    truth = np.stack([case.truth[:28] for case in cases])
    lo95, _, _, _, hi95 = forecast(panel, 28, OPTIONS).bands
    inside = ((truth >= lo95) & (truth <= hi95)).mean(axis=1)
    assert (inside > 0.8).sum() >= 8
    settled = truth / truth[:, -14:].mean(axis=1, keepdims=True) * panel.y[:, -3:].mean(axis=1, keepdims=True)
    assert ((settled >= lo95) & (settled <= hi95))[:, -14:].mean() > 0.7  # or it has ended today
