"""Counters that were given as load are said to be; load that grows, falls or is a size is not."""

import numpy as np
import pytest

from forecasting.panel.raw_counter import STATUS, raw_counters
from forecasting.tournament import forecast

HOURS = np.arange(24 * 40)
RNG = np.random.default_rng(3)
LOAD = 200 + 80 * np.sin(2 * np.pi * HOURS / 24) + RNG.normal(0, 5, len(HOURS))


def counted(load, resets):
    total = np.cumsum(load)
    for reset in resets:
        total[reset:] -= total[reset] - load[reset] / 2
    return total


COUNTERS = {
    "one reset": counted(LOAD, [500]),
    "three resets": counted(LOAD, [400, 600, 930]),
    "so far today": HOURS % 24 * 1.0,
    "quiet nights": counted(np.where(HOURS % 24 < 8, 0, LOAD), [700]),
}
OTHERS = {
    "load": LOAD,
    "growth": LOAD * (1 + HOURS / 200),
    "a disk that fills and is cleaned to half": 50 + (HOURS % 300) * 0.2,
    "a size that only grows": np.cumsum(LOAD),
    "flat": np.full(len(HOURS), 7.0),
}


@pytest.mark.parametrize("name", COUNTERS)
def test_a_counter_is_said_to_be_one(make_panel, name):
    assert raw_counters(make_panel(COUNTERS[name][None], "h")).all()


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_counter_is_not(make_panel, name):
    assert not raw_counters(make_panel(OTHERS[name][None], "h")).any()


def test_the_forecast_says_so(make_panel):
    fit = forecast(make_panel(np.stack([COUNTERS["one reset"], LOAD]), "h"), 24).fit
    assert fit["status"].tolist() == [STATUS, None]
