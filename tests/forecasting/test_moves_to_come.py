"""Bounds that hold what moves to come would do, against futures that are drawn one by one."""

import numpy as np
import pytest

from forecasting.intervals.moves_to_come import expect_moves, move_rate
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
    rate, sizes = move_rate(tuple(breaks), 200)
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


def test_demand_that_moves_in_steps_is_inside_its_bounds(make_panel):
    rng = np.random.default_rng(2)
    moves = np.where(rng.uniform(size=(30, 428)) < 1 / 60, rng.normal(0, 0.4, (30, 428)), 0.0)
    levels = np.exp(np.cumsum(moves, axis=1))
    y = 100 * levels * np.exp(rng.normal(0, 0.002, levels.shape))
    lo95, _, _, _, hi95 = forecast(make_panel(y[:, :400], "d"), 28, ForecastOptions(slow_series=0)).bands
    assert ((y[:, 400:] >= lo95) & (y[:, 400:] <= hi95)).mean() > 0.92
