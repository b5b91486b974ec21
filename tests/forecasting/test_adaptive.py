import numpy as np
import pytest

from forecasting.intervals.adaptive import widen, widening


def live(width, nights=60, steps=24, seed=2):
    """Truths of standard deviation one around zero, published with bounds at +-width."""
    y = np.random.default_rng(seed).normal(0, 1, (1, nights, steps))
    mean = np.zeros(y.shape)
    return y, (mean - width, mean, mean + width)


def test_intervals_that_hold_their_level_are_left_alone():
    found = widening(*live(1.2816), 0.80)
    assert found.multiplier[0] == pytest.approx(1.0, abs=0.05)
    assert found.coverage[0] == pytest.approx(0.80, abs=0.05)


@pytest.mark.parametrize("width", [0.5, 3.0])
def test_intervals_too_narrow_or_too_wide_are_moved_toward_their_level(width):
    y, bands = live(width)
    found = widening(y, bands, 0.80)
    low, high = widen(tuple(cells[0] for cells in bands), found.multiplier, -np.inf)
    after = ((y[0] >= low) & (y[0] <= high)).mean()
    assert abs(after - 0.80) < abs(found.coverage[0] - 0.80)
    assert (found.multiplier[0] > 1) == (width < 1)


def test_one_bad_night_moves_the_width_little():
    y, bands = live(1.2816, nights=1)
    once = widening(y * 5, bands, 0.80).multiplier[0]
    always = widening(*[live(1.2816, nights=60)[0] * 5, live(1.2816, nights=60)[1]], 0.80).multiplier[0]
    assert 1 < once < 1.25
    assert always > 2


def test_a_drift_of_last_week_counts_more_than_one_of_last_season():
    y, bands = live(1.2816, nights=80)
    late, early = y.copy(), y.copy()
    late[:, -14:] *= 3
    early[:, :14] *= 3
    assert widening(late, bands, 0.80).multiplier[0] > widening(early, bands, 0.80).multiplier[0]


def test_series_without_scores_keeps_its_width():
    y, bands = live(1.0)
    found = widening(np.full(y.shape, np.nan), bands, 0.80)
    assert found.multiplier[0] == 1.0
    assert np.isnan(found.coverage[0])


def test_widening_stretches_both_sides_and_stops_at_the_floor():
    low, high = widen((np.array([[8.0]]), np.array([[10.0]]), np.array([[14.0]])), np.array([6.0]), 0.0)
    assert low[0, 0] == 0.0
    assert high[0, 0] == 34.0
