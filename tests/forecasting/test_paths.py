import numpy as np
import pytest

from forecasting.panel.series import Panel
from forecasting.paths.simulate import _next
from forecasting.tournament import forecast


@pytest.fixture
def outcome(make_panel, weekly_load):
    return forecast(make_panel(weekly_load(3)), 72)


def test_paths_hold_the_intervals_at_every_step(outcome):
    paths = outcome.paths(4000, 1)
    for band, probability in ((0, 0.025), (1, 0.1), (2, 0.5), (3, 0.9), (4, 0.975)):
        below = (paths <= outcome.bands[band][:, None]).mean(axis=1)
        assert np.abs(below - probability).max() < 0.04


def test_paths_of_a_series_do_not_depend_on_its_neighbours(outcome):
    panel = outcome.panel
    alone = Panel(panel.ids.iloc[[1]].reset_index(drop=True), panel.y[[1]], panel.start, panel.grain)
    short, long = outcome.correlation
    single = type(outcome)(
        alone, outcome.bands[:, [1]], outcome.vintages, 1, outcome.notes, (short[[1]], long[[1]]), outcome.seed
    )
    np.testing.assert_array_equal(single.paths(20, 5)[0], outcome.paths(20, 5)[1])


def test_another_seed_is_another_future_and_the_same_seed_the_same(outcome):
    np.testing.assert_array_equal(outcome.paths(5, 1), outcome.paths(5, 1))
    assert not np.array_equal(outcome.paths(5, 1), outcome.paths(5, 2))


def test_each_step_of_an_autoregression_is_the_one_before_it_and_fresh_noise_of_variance_one_in_all():
    before, noise = np.random.default_rng(1).standard_normal((2, 20_000, 2))
    found = _next(before, noise, np.array([0.8, 0.0]))
    np.testing.assert_allclose(found[:, 0], 0.8 * before[:, 0] + 0.6 * noise[:, 0])
    np.testing.assert_allclose(found[:, 1], noise[:, 1])
    assert found.var(axis=0) == pytest.approx([1.0, 1.0], abs=0.05)
