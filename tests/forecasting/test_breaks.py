import numpy as np
import pytest

from forecasting.intervals.conformal import ratio_quantiles, within
from forecasting.options import ForecastOptions
from forecasting.panel.breaks.declared import DeclaredBreak, declare
from forecasting.panel.breaks.find import find_breaks
from forecasting.panel.breaks.kinds import MOVED
from forecasting.panel.breaks.view import see
from forecasting.panel.history import fill_from_past
from forecasting.tournament import forecast
from tests.forecasting import breaking

OPTIONS = ForecastOptions(slow_series=0, origins=4)


def only(case):
    (found,) = find_breaks(case.history[None], case.grain)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("hours", "ago", "depth"),
    [(14, 0, 0.0), (30, 36, 0.0), (84, 40, 0.0), (3, 200, 0.0), (168, 24, 0.05), (400, 90, 0)],
)
def test_an_outage_is_found_to_the_hour_whatever_its_length(seed, hours, ago, depth):
    case = breaking.outage(np.random.default_rng(seed), hours, ago, depth)
    found = only(case)
    assert found.kind == "outage"
    assert found.is_open == (ago == 0)
    assert (found.begin, found.end) == (len(case.history) - ago - hours, len(case.history) - ago)
    assert found.factor == pytest.approx(depth, abs=0.02)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("factor", "days", "ago"), [(3, 7, 3), (0.5, 4, 10), (1.6, 12, 5), (4, 2, 30)])
def test_an_excursion_that_came_back_is_found_with_its_factor(seed, factor, days, ago):
    case = breaking.excursion(np.random.default_rng(seed), factor, days, ago)
    found = only(case)
    assert (found.kind, found.is_open) == ("excursion", False)
    assert found.end == pytest.approx(len(case.history) - 24 * ago, abs=3)
    assert found.end - found.begin == pytest.approx(24 * days, abs=5)
    assert found.factor == pytest.approx(factor, rel=0.1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("factor", "ago", "grain"), [(2.5, 3, "h"), (0.4, 10, "h"), (1.5, 25, "h"), (3, 5, "d"), (0.3, 20, "d")]
)
def test_a_step_is_found_where_it_happened(seed, factor, ago, grain):
    case = breaking.step(np.random.default_rng(seed), factor, ago, grain)
    found = only(case)
    assert found.kind == "step"
    day = breaking.DAY[grain]
    assert found.begin == pytest.approx(len(case.history) - ago * day, abs=2 if grain == "h" else 0)
    assert found.factor == pytest.approx(factor, rel=0.1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("factor", "days", "ago"), [(50, 14, 3), (0.05, 14, 3), (4, 10, 6), (10, 14, -7)])
def test_a_gradual_move_is_a_ramp_with_its_end_or_still_on(seed, factor, days, ago):
    case = breaking.ramp(np.random.default_rng(seed), factor, days, ago)
    found = only(case)
    assert (found.kind, found.is_open) == ("ramp", ago < 0)
    assert found.begin == pytest.approx(200 - ago - days, abs=3)
    assert found.end == pytest.approx(min(200, 200 - ago), abs=3)


@pytest.mark.parametrize(("hours", "ago", "missing"), [(9, 0, 0.1), (9, 15, 0.3), (30, 20, 0.3), (30, 18, 0.5)])
def test_an_outage_is_found_among_samples_that_are_missing(hours, ago, missing):
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90) for seed in range(10)])
    end = y.shape[1] - ago
    y[:, end - hours : end] = 0.0
    y[np.random.default_rng(23).uniform(size=y.shape) < missing] = np.nan
    found = find_breaks(y, "h")
    assert sum([(one.kind, one.is_open) for one in breaks] == [("outage", ago == 0)] for breaks in found) >= 9


@pytest.mark.parametrize("factors", [(2.0, 1.8), (0.5, 0.5), (1.8, 3.0)])
def test_two_steps_in_a_row_are_two_steps_and_not_a_slope(factors):
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90) for seed in range(4)])
    y[:, 80 * 24 :] *= factors[0]
    y[:, 85 * 24 :] *= factors[1]
    for found in find_breaks(y, "h"):
        assert [one.kind for one in found] == ["step", "step"]
        assert [one.factor for one in found] == pytest.approx(factors, rel=0.1)
        assert [one.begin / 24 for one in found] == pytest.approx([80, 85], abs=0.2)


@pytest.mark.parametrize(("factor", "ago"), [(3.0, 4), (0.3, 5), (2.0, 9), (0.5, 9), (1.6, 25)])
def test_a_step_of_noisy_days_is_found_within_days_where_it_is_large_and_within_weeks_where_it_is_small(factor, ago):
    y = np.stack([breaking.load(np.random.default_rng(seed), "d", 250, 0.2) for seed in range(10)])
    y[:, -ago:] *= factor
    found = [breaks[-1] for breaks in find_breaks(y, "d") if breaks]
    right = [one for one in found if one.kind == "step" and abs(one.begin - 250 + ago) <= 2]
    assert len(right) >= 7
    assert np.median([one.factor for one in right]) == pytest.approx(factor, rel=0.15)


def test_steps_down_one_after_the_other_are_found_in_noisy_days():
    y = np.stack([breaking.load(np.random.default_rng(seed), "d", 250, 0.15) for seed in range(10)])
    y[:, -30:] *= 0.5
    y[:, -12:] *= 0.5
    found = find_breaks(y, "d")
    assert sum([one.kind for one in breaks] == ["step", "step"] for breaks in found) >= 8


@pytest.mark.parametrize(("hours", "factor", "back"), [(168, 0.5, 8), (168, 3.0, 5), (40, 2.0, 4), (300, 0.12, 3)])
def test_what_came_back_hours_ago_has_come_back(hours, factor, back):
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90) for seed in range(8)])
    end = y.shape[1] - back
    y[:, end - hours : end] *= factor
    last = [breaks[-1] for breaks in find_breaks(y, "h")]
    assert not any(one.is_open for one in last)
    assert all(one.kind in ("excursion", "outage") and abs(one.end - end) <= 2 for one in last)


def test_a_step_of_office_hours_is_no_row_of_excursions():
    y = np.stack([breaking.office(np.random.default_rng(seed), 89, 0.1) for seed in range(8)])  # ends on a Friday
    y[:, -60:] *= 0.4
    found = find_breaks(y, "h")
    assert sum([one.kind for one in breaks] == ["step"] for breaks in found) >= 7


def test_one_day_at_nothing_is_an_outage_however_noisy_the_days_are():
    y = np.stack([breaking.load(np.random.default_rng(seed), "d", 250, 0.22) for seed in range(10)])
    y[:, -9] = 0.0
    found = find_breaks(y, "d")
    assert sum([(one.kind, one.begin, one.end) for one in breaks] == [("outage", 241, 242)] for breaks in found) >= 9


def test_days_that_are_noisy_grow_or_wander_have_no_breaks():
    rng = np.random.default_rng(31)
    noisy = np.stack([breaking.load(rng, "d", 300, 0.25) for _ in range(40)])
    grows = np.stack([breaking.load(rng, "d", 300, 0.1) for _ in range(40)]) * np.exp(np.arange(300) / 150)
    wander = np.exp(np.cumsum(rng.normal(0, 0.04, (40, 300)), axis=1))
    assert sum(map(bool, find_breaks(noisy, "d"))) <= 1
    assert sum(map(bool, find_breaks(grows, "d"))) <= 1
    assert sum(map(bool, find_breaks(wander, "d"))) <= 3


def test_a_slope_that_ended_two_days_ago_has_ended():
    cases = [breaking.ramp(np.random.default_rng(seed), 4, 10, 1) for seed in range(8)]
    found = find_breaks(np.stack([case.history for case in cases]), "d")
    assert all(breaks[-1].kind == "ramp" for breaks in found)
    assert sum(breaks[-1].is_open for breaks in found) <= 2


def test_load_without_a_break_has_none():
    rng = np.random.default_rng(5)
    hours = np.stack([breaking.load(rng, "h", 90) for _ in range(60)])
    days = np.stack([breaking.load(rng, "d", 300) for _ in range(60)])
    assert sum(map(bool, find_breaks(hours, "h") + find_breaks(days, "d"))) <= 2


@pytest.mark.parametrize("yearly", [0.0, 0.4, 1.5])
def test_growth_and_seasons_of_the_year_are_no_breaks(yearly):
    rng = np.random.default_rng(6)
    t = np.arange(700)
    y = np.stack([breaking.load(rng, "d", 700) for _ in range(20)])
    y *= np.exp(yearly * t / 365) * (1 + 0.3 * np.sin(2 * np.pi * t / 365 + rng.uniform(0, 6, (20, 1))))
    assert sum(map(bool, find_breaks(y, "d"))) <= 1


def begun(seed, since, to):
    """Days of a week's pattern that stood still and have moved `to` times their level since, with the days to come."""
    t = np.arange(172 + 90) - 172
    share = np.where(np.arange(len(t)) % 7 < 5, 1.0, 0.7)
    level = 0.3 * (1 + (to - 1) * np.maximum(t + since, 0) / since) * share
    return level, level * (1 + 0.02 * np.random.default_rng(seed).standard_normal(len(t)))


@pytest.mark.parametrize("since", [55, 70, 87])
@pytest.mark.parametrize("to", [2.3, 0.6])
def test_growth_that_began_weeks_ago_and_goes_on_is_a_trend_and_no_row_of_moves(since, to):
    y = np.stack([begun(seed, since, to)[1][:172] for seed in range(5)])
    for breaks in find_breaks(y, "d"):
        moved = [one.factor for one in breaks if one.kind in MOVED]
        assert len(moved) <= 1
        assert all(0.9 < factor < 1.1 for factor in moved)  # some days of it may stand out by themselves


@pytest.mark.parametrize("since", [60, 87])
def test_growth_that_began_weeks_ago_is_forecast_to_go_on(make_panel, since):
    level, y = begun(1, since, 2.3)
    outcome = forecast(make_panel(y[None, :172], "d"), 90, ForecastOptions(slow_models=()))
    mean, truth = outcome.bands[2, 0], level[172:]
    assert np.abs(mean - truth)[:14].sum() < 0.05 * truth[:14].sum()
    assert np.all(mean < 1.3 * truth)  # taken for moves, it went to four times of what it ever was


def test_a_service_that_sleeps_at_random_has_no_outages():
    rng = np.random.default_rng(7)
    y = breaking.load(rng, "h", 90)
    for at in rng.integers(0, len(y) - 12, 40):
        y[at : at + rng.integers(2, 10)] = 0.0
    assert len(find_breaks(y[None], "h")[0]) <= 1


@pytest.mark.parametrize("share", [0.15, 0.3, 0.5])
@pytest.mark.parametrize(("grain", "steps"), [("h", 90 * 24), ("d", 400)])
def test_what_has_nothing_to_do_most_of_the_time_is_not_down_then(grain, steps, share):
    rng = np.random.default_rng(16)
    y = np.where(rng.uniform(size=(12, steps)) < share, rng.gamma(2, 10, (12, steps)), 0.0)
    week_ends = np.where((np.arange(steps) // breaking.DAY[grain]) % 7 >= 5, 2 * y, 0.0)
    found = find_breaks(y, grain) + find_breaks(week_ends, grain)
    assert sum(any(one.kind == "outage" for one in breaks) for breaks in found) <= 2  # of 24 series


def test_a_sparse_service_that_is_down_for_long_is_down():
    rng = np.random.default_rng(17)
    y = np.where(rng.uniform(size=(6, 90 * 24)) < 0.8, rng.gamma(2, 10, (6, 90 * 24)), 0.0)
    y[:, -96:-24] = 0.0
    found = [one for breaks in find_breaks(y, "h") for one in breaks]
    assert len(found) >= 5
    assert all(one.kind == "outage" and not one.is_open for one in found)
    assert all(72 <= one.end - one.begin <= 90 for one in found)  # it had nothing to do for some hours beside


@pytest.mark.parametrize("grain", ["h", "15min"])
@pytest.mark.parametrize("ago", [1, 2, 5])
def test_a_spike_of_an_hour_says_nothing_of_the_level_of_its_day(grain, ago):
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90) for seed in range(8)])
    y[:, -1 - ago] *= 50
    y = np.repeat(y, breaking.DAY[grain] // 24, axis=1)
    assert not any(find_breaks(y, grain))


@pytest.mark.parametrize(("hours", "factor"), [(1, 50), (3, 50), (2, 3)])
def test_what_left_its_level_hours_ago_is_open_from_its_first_hours_on(hours, factor):
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90) for seed in range(8)])
    y[:, -hours:] *= factor
    found = [one for breaks in find_breaks(y, "h") for one in breaks]
    assert len(found) >= 7
    assert all(one.kind == "excursion" and one.is_open and one.begin >= y.shape[1] - hours for one in found)
    assert np.median([one.factor for one in found]) == pytest.approx(factor, rel=0.1)


def test_what_is_away_by_half_is_so_since_it_began_and_not_since_its_farthest_hours():
    y = np.stack([breaking.load(np.random.default_rng(seed), "h", 90, 0.08) for seed in range(12)])
    y[:, -14:] *= 0.42
    found = [breaks[-1] for breaks in find_breaks(y, "h") if breaks]
    on = [one for one in found if one.kind == "excursion" and one.is_open]
    assert len(on) >= 5
    assert sum(abs(one.begin - y.shape[1] + 14) <= 2 for one in on) >= len(on) - 1


def test_what_comes_later_does_not_change_what_is_found_before():
    case = breaking.excursion(np.random.default_rng(1), 3, 7, 3)
    inside = len(case.history) - 24 * 5
    (then,) = find_breaks(case.history[None, :inside], "h")
    assert [one.kind for one in then] == ["step"]  # nobody can know on the fifth day that it goes back on the seventh
    assert then[0].factor == pytest.approx(3, rel=0.1)


def test_a_view_brings_what_lies_before_each_step_to_the_level_after_the_last():
    y = breaking.load(np.random.default_rng(2), "h", 90)
    broken = y.copy()
    broken[1000:] *= 3
    broken[1700:] *= 0.5
    found = find_breaks(broken[None], "h")
    view = see(found, len(y))
    level = (broken * view.factor[0] + view.shift[0]) / y
    assert level == pytest.approx(np.full(len(y), 1.5), rel=0.05)
    assert len(set(view.regime[0, [500, 1300, 2000]])) == 3


def test_a_series_with_values_below_zero_is_moved_by_a_difference():
    rng = np.random.default_rng(3)
    y = rng.normal(0, 1, 90 * 24)
    y[80 * 24 :] += 30
    (found,) = find_breaks(y[None], "h")
    assert [one.kind for one in found] == ["step"]
    assert found[0].shift == pytest.approx(30, rel=0.05)
    assert np.isnan(found[0].factor)


def test_scale_does_not_decide():
    case = breaking.step(np.random.default_rng(4), 2.5, 6)
    y = case.history[None]
    small, large = (find_breaks(y * unit, "h")[0][0] for unit in (1e-200, 1e200))
    assert (small.begin, small.kind) == (large.begin, large.kind) == (only(case).begin, "step")


def declared(**keys):
    return DeclaredBreak.model_validate({"service": "svc-000", **keys})


def test_a_declared_step_levels_the_history_and_one_that_is_unmarked_does_not(make_panel):
    case = breaking.step(np.random.default_rng(8), 1.5, 12)
    panel = make_panel(case.history)
    at = panel.times[len(case.history) - 12 * 24].item()
    marked = declare([()], panel, [declared(kind="step", **{"from": at})])
    assert (marked[0][0].kind, marked[0][0].begin) == ("step", len(case.history) - 12 * 24)
    assert marked[0][0].factor == pytest.approx(1.5, rel=0.05)
    found = find_breaks(panel.y, "h")
    assert found[0]
    assert declare(found, panel, [declared(unmark=True, **{"from": at})]) == [()]
    assert declare(found, panel, [declared(unmark=True, metric="cpu", **{"from": at})]) == found


@pytest.mark.parametrize("days", [1, 5, 20])
@pytest.mark.parametrize("grain", ["h", "d"])
def test_a_service_that_is_said_to_be_over_is_forecast_as_zero_at_once(make_panel, grain, days):
    y = breaking.load(np.random.default_rng(9), grain, 120)
    y[-days * breaking.DAY[grain] :] = 0
    panel = make_panel(y, grain)
    at = panel.times[len(y) - days * breaking.DAY[grain]].item()
    over = ForecastOptions(breaks=(declared(kind="step", **{"from": at}),), slow_series=0)
    outcome = forecast(panel, 14, over)
    assert (outcome.bands == 0).all()
    assert outcome.fit["series_class"][0] == "stopped"
    assert outcome.fit["status"][0].startswith(f"stopped since {at:%Y-%m-%d}")
    assert forecast(panel, 14, ForecastOptions(slow_series=0)).bands[2].mean() > 0.5 * y.mean()


def test_a_declared_outage_does_not_train_and_is_told(make_panel):
    y = breaking.load(np.random.default_rng(9), "h", 60)
    y[-10:] *= 0.4  # too little to be sure of
    panel = make_panel(y)
    span = {"from": panel.times[-10].item(), "to": panel.end.item()}
    outcome = forecast(panel, 24, ForecastOptions(breaks=(declared(kind="outage", **span),), origins=2))
    assert outcome.breaks[["kind", "is_open"]].to_dict("records") == [{"kind": "outage", "is_open": True}]
    assert outcome.fit["status"][0].startswith("outage since 2026-03-05 14:00")
    assert (outcome.bands[1, 0, :20] < 0.5 * outcome.bands[2, 0, :20]).all()  # it may still be on


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"from": "2026-01-01"}, "needs a kind"),
        ({"from": "2026-01-02", "to": "2026-01-01", "kind": "outage"}, "lies before"),
        ({"from": "2026-01-02", "kind": "ramp"}, "needs a to"),
    ],
)
def test_a_declared_break_that_says_too_little_is_refused(keys, message):
    with pytest.raises(ValueError, match=message):
        declared(**keys)


def test_a_gap_is_filled_for_three_seasons_and_then_stays_missing():
    y = np.r_[np.arange(168.0), np.full(6 * 168, np.nan)][None]
    filled = fill_from_past(y, (24, 168))
    assert (filled[0, 168 : 4 * 168] == np.tile(np.arange(168), 3)).all()
    assert np.isnan(filled[0, 4 * 168 :]).all()


def test_days_that_are_never_measured_are_not_forecast(make_panel):
    y = breaking.load(np.random.default_rng(10), "d", 140)
    mondays, weekdays = y.copy(), y.copy()
    mondays[np.arange(140) % 7 != 0] = np.nan
    weekdays[np.arange(140) % 7 >= 5] = np.nan
    for values, days in ((mondays, {0}), (weekdays, {0, 1, 2, 3, 4})):
        made = forecast(make_panel(values[:137] if len(days) == 1 else values, "d"), 28, OPTIONS).forecast
        assert set(made["target_time"].dt.day_of_week) == days


def test_after_a_step_the_class_and_the_errors_are_those_of_the_new_level(make_panel):
    case = breaking.step(np.random.default_rng(11), 3, 4)
    fit = forecast(make_panel(case.history), 168, OPTIONS).fit
    assert fit["series_class"][0] == "new level"
    assert fit["status"][0] == "new level, 4 days known"
    assert np.isnan(fit["wape"][0])  # nothing that was foreseen at the old level is an error of this one


@pytest.mark.parametrize("series", [2, 8, 100])
def test_the_tails_of_one_neighbour_do_not_decide_the_intervals_of_others(series):
    ratio = np.random.default_rng(12).normal(0, 1, (6, series, 48))
    clean = ratio_quantiles(ratio)
    ratio[:, 0] *= np.where(np.random.default_rng(13).uniform(size=(6, 48)) < 0.1, 30, 1)
    spoilt = ratio_quantiles(np.clip(ratio, -30, 30))
    np.testing.assert_allclose(spoilt[:, 1:], clean[:, 1:], rtol=0.1)
    assert spoilt[-1, 0] > 1.5 * clean[-1, 0]


def test_bounds_at_the_cap_still_tell_80_from_95_percent():
    mean, high = np.array([[10.0]]), np.array([14.0])
    _, _, hi80, hi95 = within(np.array([[[4.0]], [[6.0]], [[20.0]], [[30.0]]]), mean, high)
    assert (hi80[0, 0], hi95[0, 0]) == (12.0, 14.0)


@pytest.mark.parametrize(("grain", "days"), [("h", 90), ("d", 300)])
def test_load_cut_at_a_ceiling_is_saturated_since_it_was_first_cut(grain, days):
    rng = np.random.default_rng(14)
    y = np.stack([breaking.load(rng, grain, days) for _ in range(5)])
    assert not any(find_breaks(y, grain))
    day = breaking.DAY[grain]
    since = (days - 50) * day
    ceiling = np.quantile(y, 0.6, axis=1, keepdims=True)
    y[:, since:] = np.minimum(y, ceiling)[:, since:]
    for row, found in enumerate(find_breaks(y, grain)):
        assert [one.kind for one in found] == ["saturation"]
        assert found[0].begin == pytest.approx(since, abs=9 * day)
        assert found[0].shift == pytest.approx(ceiling[row, 0])
        assert found[0].is_open


def test_a_count_of_machines_that_stands_at_its_highest_is_not_saturated():
    rng = np.random.default_rng(15)
    machines = rng.integers(2, 9, 90 * 24).astype(float)
    machines[-20 * 24 :] = np.where(rng.uniform(size=20 * 24) < 0.5, 8.0, machines[-20 * 24 :])
    assert not any(one.kind == "saturation" for one in find_breaks(machines[None], "h")[0])


def varied(grain, days, ago, times, noise=0.05):
    y = np.stack([breaking.load(np.random.default_rng(seed), grain, days, noise) for seed in range(12)])
    day = breaking.DAY[grain]
    more = np.random.default_rng(20).normal(0, noise * np.sqrt(max(times**2 - 1, 0.0)), (12, ago * day))
    y[:, -ago * day :] *= np.exp(more)
    return y


@pytest.mark.parametrize(("grain", "days", "ago", "times"), [("h", 90, 6, 3), ("h", 90, 30, 2.5), ("d", 250, 60, 4)])
def test_a_change_of_variance_is_found_since_it_began(grain, days, ago, times):
    found = [
        [one for one in breaks if one.kind == "variance"]
        for breaks in find_breaks(varied(grain, days, ago, times), grain)
    ]
    assert sum(len(changes) == 1 for changes in found) >= 11
    begins = [days - one.begin / breaking.DAY[grain] for changes in found for one in changes]
    assert np.median(np.abs(np.array(begins) - ago)) <= (1 if grain == "h" else 4)
    assert np.median([one.factor for changes in found for one in changes]) == pytest.approx(times, rel=0.3)


@pytest.mark.parametrize(("ago", "least", "most"), [(14, 0, 0), (42, 10, 12)])
def test_days_that_happened_to_be_quiet_for_two_weeks_make_no_forecast_more_certain(ago, least, most):
    y = np.stack([breaking.load(np.random.default_rng(seed), "d", 200, 0.05) for seed in range(12)])
    calm = np.stack([breaking.load(np.random.default_rng(seed), "d", 200, 0.005) for seed in range(12)])
    y[:, -ago:] = calm[:, -ago:] * (y[:, :-ago].mean(axis=1) / calm[:, :-ago].mean(axis=1))[:, None]
    found = [any(one.kind == "variance" for one in breaks) for breaks in find_breaks(y, "d")]
    assert least <= sum(found) <= most


def test_noise_that_follows_the_level_is_no_change_of_variance():
    rng = np.random.default_rng(21)
    y = np.stack([breaking.load(rng, "h", 90, 0.1) for _ in range(20)])
    y[:, -10 * 24 :] *= rng.choice([0.3, 3.0], (20, 1))
    counts = rng.poisson(np.where(np.arange(90 * 24) < 75 * 24, 40.0, 8.0), (20, 90 * 24)).astype(float)
    grows = np.stack([breaking.load(rng, "d", 300, 0.1) for _ in range(20)]) * np.exp(np.arange(300) / 150)
    found = find_breaks(y, "h") + find_breaks(counts, "h") + find_breaks(grows, "d")
    assert not any(one.kind == "variance" for breaks in found for one in breaks)


@pytest.mark.parametrize("times", [3.0, 1 / 3])
def test_intervals_are_as_wide_as_the_series_varies_now(make_panel, times):
    rng = np.random.default_rng(22)
    load = np.stack([breaking.load(np.random.default_rng(seed), "h", 104, 1e-9) for seed in range(12)])
    spread = np.where(np.arange(104 * 24) < 85 * 24, 0.06, 0.06 * times)
    y = load * np.exp(rng.normal(0, spread, load.shape))
    outcome = forecast(make_panel(y[:, : 90 * 24]), 14 * 24, OPTIONS)
    lo95, lo80, _, hi80, hi95 = outcome.bands
    truth = y[:, 90 * 24 :]
    assert ((truth >= lo80) & (truth <= hi80)).mean() == pytest.approx(0.80, abs=0.07)
    assert ((truth >= lo95) & (truth <= hi95)).mean() == pytest.approx(0.95, abs=0.04)
    assert outcome.fit["status"].str.startswith("varies").mean() > 0.8
