import warnings

import numpy as np
import pytest

from forecasting import nanstats


@pytest.fixture(scope="module")
def cells():
    rng = np.random.default_rng(4)
    y = rng.normal(0, 3, (6, 9, 5))
    y[rng.uniform(size=y.shape) < 0.4] = np.nan
    y[2, :, 3] = np.nan
    return y


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize(("ours", "theirs"), [(nanstats.median, np.nanmedian), (nanstats.mean, np.nanmean)])
def test_median_and_mean_are_numpys_over_any_axis(cells, axis, ours, theirs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # numpy's, where nothing is known
        np.testing.assert_allclose(ours(cells, axis=axis), theirs(cells, axis=axis))


def test_low_median_is_a_value_that_was_seen():
    assert nanstats.low_median(np.array([[4.0, np.nan, 1.0]]), axis=1) == [1.0]
    assert nanstats.median(np.array([[4.0, np.nan, 1.0]]), axis=1) == [2.5]


@pytest.mark.parametrize("of", [nanstats.median, nanstats.low_median, nanstats.mean])
def test_fewer_known_than_asked_for_is_not_known(of):
    found = of(np.array([[1.0, 2.0, np.nan], [1.0, 2.0, 3.0]]), axis=1, fewest=3)
    assert np.isnan(found).tolist() == [True, False]


def test_row_quantiles_are_numpys(cells):
    rows = cells[:, :, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        wanted = np.nanquantile(rows, [0.1, 0.5, 0.975], axis=1)
    np.testing.assert_allclose(nanstats.row_quantiles(rows, (0.1, 0.5, 0.975)), wanted)


def test_a_ratio_to_nothing_is_not_known():
    assert np.isnan(nanstats.ratio(np.array([1.0, 1.0]), np.array([0.0, np.nan]))).all()


@pytest.mark.parametrize("of", [nanstats.median, nanstats.low_median, nanstats.mean])
def test_of_nothing_nothing_is_known(of):
    assert np.isnan(of(np.empty((2, 0)), axis=1)).tolist() == [True, True]
