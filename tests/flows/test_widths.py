"""Intervals learn from live coverage, and say so."""

import numpy as np
import pandas as pd
import pytest

from forecasting.intervals.live_widths import learn_widths
from forecasting.options import ForecastOptions
from forecasting.outcome import Outcome
from forecasting.panel.series import to_panel
from forecasting.tournament import forecast

NIGHTS, STEPS = 28, 7


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    days = pd.date_range("2026-01-01", periods=120, freq="D")
    rng = np.random.default_rng(11)
    frame = pd.concat(
        pd.DataFrame({"service": name, "metric": "cpu", "timestamp": days, "value": rng.uniform(40, 60, len(days))})
        for name in ("missed", "new", "wide")
    )
    return forecast(to_panel(frame, grain="d"), 30, ForecastOptions(slow_models=()))


def live(service: str, off: float, half80: float) -> pd.DataFrame:
    """Cells whose truth lies around the forecast of 50 by `off` at the standard deviation."""
    rng = np.random.default_rng(len(service))
    nights = pd.date_range("2026-04-03", periods=NIGHTS, freq="D").repeat(STEPS)
    return pd.DataFrame(
        {
            "service": service,
            "metric": "cpu",
            "made_on": nights,
            "step": np.tile(np.arange(STEPS), NIGHTS),
            "actual": 50 + rng.normal(0, off, NIGHTS * STEPS),
            "mean": 50.0,
            "lo80": 50 - half80,
            "hi80": 50 + half80,
            "lo95": 50 - 1.5 * half80,
            "hi95": 50 + 1.5 * half80,
        }
    )


def test_widths_grow_where_truths_fell_outside_and_shrink_where_all_fell_inside(outcome):
    scored = pd.concat([live("missed", 10, 5), live("wide", 1, 20)])
    learnt, said = learn_widths(outcome, scored)
    missed, new, wide = (said.iloc[row] for row in range(3))
    assert missed["width80"] > 1.5
    assert missed["live_coverage80"] < 0.6
    assert (new["width80"], new["width95"]) == (1, 1)
    assert np.isnan(new["live_coverage80"])
    assert wide["width80"] < 0.8
    assert wide["live_coverage80"] > 0.95
    half = [band[4] - band[2] for band in (outcome.bands, learnt.bands)]
    assert (half[1][0] > half[0][0]).all()
    assert (half[1][1] == half[0][1]).all()
    assert (half[1][2] < half[0][2]).all()


def test_bands_stay_ordered_and_the_centre_stays(outcome):
    learnt, _ = learn_widths(outcome, pd.concat([live("missed", 30, 2), live("wide", 0.1, 20)]))
    assert (np.diff(learnt.bands, axis=0) >= 0).all()
    assert (learnt.bands >= 0).all()
    assert np.array_equal(learnt.bands[2], outcome.bands[2])


def test_nothing_scored_changes_nothing(outcome):
    learnt, said = learn_widths(outcome, live("missed", 1, 1).iloc[:0])
    assert np.array_equal(learnt.bands, outcome.bands)
    assert said["width80"].tolist() == [1, 1, 1]


def test_paths_are_as_wide_as_what_was_learnt(outcome):
    learnt, _ = learn_widths(outcome, live("missed", 10, 5))
    before, after = (np.std(each.paths(400)[0]) for each in (outcome, learnt))
    assert after > 1.3 * before
