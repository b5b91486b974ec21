"""Bounds that hold what moves to come would do, against futures that are drawn one by one."""

import numpy as np
import pytest

from forecasting.intervals.moves_to_come import MOST, expect_moves, lasting, move_rates
from forecasting.options import ForecastOptions
from forecasting.outcome import HI80, HI95, LO80, LO95
from forecasting.panel.breaks.kinds import Break
from forecasting.panel.history import to_history
from forecasting.tournament import forecast

EDGES = {LO95: 0.025, LO80: 0.1, HI80: 0.9, HI95: 0.975}
Z = np.array([-1.96, -1.2816, 0, 1.2816, 1.96])


def step(at, factor):
    return Break("step", at, at, is_open=False, factor=factor, shift=0.0, evidence=9.0)


def outage(at):
    return Break("outage", at, at + 10, is_open=False, factor=0.0, shift=-1.0, evidence=9.0)


def history_of(make_panel, breaks, days=200):
    return to_history(make_panel(np.full((1, days), 1.0), "d"), np.array([0]), days, found=[tuple(breaks)])


def test_the_bounds_are_the_quantiles_of_drawn_futures(make_panel):
    breaks = [step(40, 1.5), step(90, 0.8), step(130, 2.0), step(170, 0.6)]
    sigma, horizon = 0.03, 60
    bands = np.broadcast_to((1 + sigma * Z)[:, None, None], (5, 1, horizon)).copy()
    found = expect_moves(bands, history_of(make_panel, breaks))
    rng = np.random.default_rng(1)
    (rate,), (sizes,) = move_rates([tuple(breaks)], np.array([200]))
    for day in (1, 20, 60):
        moves = rng.uniform(size=400_000) < 1 - np.exp(-rate * day)
        level = np.where(moves, np.exp(rng.choice(sizes, len(moves))), 1.0)
        drawn = level + sigma * rng.normal(size=len(moves))
        for edge, quantile in EDGES.items():
            wanted = np.quantile(drawn, quantile)
            outer = min(wanted, bands[edge, 0, 0]) if quantile < 0.5 else max(wanted, bands[edge, 0, 0])
            assert found[edge, 0, day - 1] == pytest.approx(outer, abs=0.01)


@pytest.mark.parametrize("breaks", [[], [step(150, 2.0)], [outage(50), outage(90)]])
def test_a_level_that_moved_once_or_never_is_not_expected_to_move(make_panel, breaks):
    bands = np.broadcast_to((1 + 0.03 * Z)[:, None, None], (5, 1, 30))
    np.testing.assert_array_equal(expect_moves(bands, history_of(make_panel, breaks)), bands)


def test_bounds_that_are_not_known_stay_so(make_panel):
    bands = np.full((5, 1, 30), np.nan)
    bands[2] = 1.0
    np.testing.assert_array_equal(expect_moves(bands, history_of(make_panel, [step(40, 1.5), step(90, 0.8)])), bands)


def test_a_level_that_never_moved_may_as_those_of_its_peers_did():
    calm, moving = (), tuple(step(at, 1.5) for at in (50, 120, 180, 260))
    alone, _ = move_rates([calm], np.array([360]))
    short, _ = move_rates([calm, moving], np.array([60, 360]))
    long, sizes = move_rates([calm, moving], np.array([3600, 360]))
    assert alone[0] == 0
    assert short[1] > short[0] > long[0] > 0  # what a series shows itself counts more the longer it is
    assert np.abs(sizes[0]).max() == pytest.approx(np.log(1.5), abs=1e-9)


def test_the_rate_of_peers_that_move_alike_is_that_of_their_moves():
    rng = np.random.default_rng(4)
    found = [tuple(step(int(at), 1.2) for at in np.flatnonzero(rng.uniform(size=400) < 1 / 80)) for _ in range(200)]
    rates, _ = move_rates(found, np.full(200, 400))
    assert rates.mean() == pytest.approx(1 / 80, rel=0.1)


def test_what_moves_add_to_bounds_is_common_to_all_steps():
    before = np.broadcast_to((1 + 0.03 * Z)[:, None, None], (5, 2, 30))
    after = before.copy()
    after[[LO95, HI95], 0] = 1 + (before[[LO95, HI95], 0] - 1) * 4  # three quarters of it are moves
    np.testing.assert_allclose(lasting(np.array([0.2, 0.2]), before, after), [1 - 0.8 * 0.25, 0.2])
    np.testing.assert_allclose(lasting(np.array([0.99, 0.9]), before, after), [0.99, 0.9])
    assert lasting(np.array([0.9, 0.9]), before, after)[0] == MOST


def test_sums_of_demand_that_moves_in_steps_are_inside_their_bounds(make_panel):
    rng = np.random.default_rng(3)
    moves = np.where(rng.uniform(size=(60, 428)) < 1 / 100, rng.normal(0, 0.4, (60, 428)), 0.0)
    y = 100 * np.exp(np.cumsum(moves, axis=1) + rng.normal(0, 0.005, moves.shape))
    sums = forecast(make_panel(y[:, :400], "d"), 28, ForecastOptions(slow_series=0)).paths(400).sum(axis=2)
    low, high = np.quantile(sums, [0.025, 0.975], axis=1)
    actual = y[:, 400:].sum(axis=1)
    assert ((actual >= low) & (actual <= high)).mean() > 0.88


def test_demand_that_moves_in_steps_is_inside_its_bounds(make_panel):
    rng = np.random.default_rng(2)
    moves = np.where(rng.uniform(size=(30, 428)) < 1 / 60, rng.normal(0, 0.4, (30, 428)), 0.0)
    levels = np.exp(np.cumsum(moves, axis=1))
    y = 100 * levels * np.exp(rng.normal(0, 0.002, levels.shape))
    lo95, _, _, _, hi95 = forecast(make_panel(y[:, :400], "d"), 28, ForecastOptions(slow_series=0)).bands
    assert ((y[:, 400:] >= lo95) & (y[:, 400:] <= hi95)).mean() > 0.92
