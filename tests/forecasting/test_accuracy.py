import numpy as np
import pytest

from forecasting import accuracy

RNG = np.random.default_rng(3)
Y = RNG.normal(10, 4, (5, 30))
Y[1, 3:7] = np.nan
F = RNG.normal(10, 4, (5, 30))
F[2, 9] = np.nan
LO, HI = F - 3, F + 2
SCALE = np.array([1.0, 2.0, 0.5, 3.0, 1.0])


def cells(row):
    every = zip(Y[row], F[row], LO[row], HI[row], strict=True)
    return [(y, f, lo, hi) for y, f, lo, hi in every if not (np.isnan(y) or np.isnan(f))]


def naive_wape(row):
    return sum(abs(y - f) for y, f, _, _ in cells(row)) / sum(abs(y) for y, _, _, _ in cells(row))


def naive_bias(row):
    return sum(f - y for y, f, _, _ in cells(row)) / sum(abs(y) for y, _, _, _ in cells(row))


def naive_smape(row):
    return np.mean([200 * abs(y - f) / (abs(y) + abs(f)) for y, f, _, _ in cells(row)])


def naive_mase(row):
    return np.mean([abs(y - f) for y, f, _, _ in cells(row)]) / SCALE[row]


def naive_pinball(row):
    return np.mean([0.9 * (y - f) if y >= f else 0.1 * (f - y) for y, f, _, _ in cells(row)])


def naive_coverage(row):
    return np.mean([lo <= y <= hi for y, _, lo, hi in cells(row)])


def naive_msis(row):
    losses = []
    for y, _, lo, hi in cells(row):
        loss = hi - lo
        if y < lo:
            loss += 40 * (lo - y)
        if y > hi:
            loss += 40 * (y - hi)
        losses.append(loss)
    return np.mean(losses) / SCALE[row]


@pytest.mark.parametrize(
    ("measure", "naive"),
    [
        (lambda: accuracy.wape(Y, F), naive_wape),
        (lambda: accuracy.bias(Y, F), naive_bias),
        (lambda: accuracy.smape(Y, F), naive_smape),
        (lambda: accuracy.mase(Y, F, SCALE), naive_mase),
        (lambda: accuracy.pinball(Y, F, 0.9), naive_pinball),
        (lambda: accuracy.coverage(Y, LO, HI), naive_coverage),
        (lambda: accuracy.msis(Y, LO, HI, SCALE), naive_msis),
    ],
    ids=["wape", "bias", "smape", "mase", "pinball", "coverage", "msis"],
)
def test_measure_equals_a_loop_over_the_measured_cells(measure, naive):
    assert measure() == pytest.approx([naive(row) for row in range(5)])


def test_seasonal_scale_is_the_mean_change_over_a_season_where_both_ends_were_measured():
    y = [1.0, 2.0, np.nan, 4.0, 7.0]
    assert accuracy.seasonal_scale(y, 2) == pytest.approx(2.0)  # only 2 -> 4 has both ends


def test_owa_of_naive2_itself_is_one():
    assert accuracy.owa(18.383, 2.395, 18.383, 2.395) == pytest.approx(1.0)


def test_error_without_a_measured_cell_is_nan():
    assert np.isnan(accuracy.wape([np.nan, 1.0], [1.0, np.nan]))


def test_ratio_to_zero_is_nan_not_infinite():
    assert np.isnan(accuracy.wape([0.0, 0.0], [1.0, 1.0]))
    assert np.isnan(accuracy.mase([1.0], [2.0], 0.0))


def test_smape_of_zero_forecast_as_zero_is_zero():
    assert accuracy.smape([0.0, 0.0], [0.0, 0.0]) == 0.0
