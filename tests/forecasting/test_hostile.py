"""Two thousand hostile series: whatever comes in, what goes out is finite, bounded and ordered, or says why not."""

import numpy as np
import pytest

from forecasting.options import ForecastOptions
from forecasting.tournament import forecast

KINDS = 20


def hostile(kind, rng, n):
    t = np.arange(n)
    noise = rng.normal(0, 1, n)
    spike, step = np.zeros(n), np.where(t < rng.integers(1, n), 1.0, rng.choice([1e-6, 3.0, 1e6]))
    spike[rng.integers(0, n)] = rng.choice([1.0, 1e12])
    two = np.full(n, np.nan)
    two[rng.choice(n, 2, replace=False)] = rng.normal(0, 1e3, 2)
    one = np.full(n, np.nan)
    one[rng.integers(0, n)] = 5.0
    holes = np.where(rng.uniform(size=n) < 0.9, np.nan, 100 + noise)
    end = np.where(t < n - rng.integers(1, n), 50 + noise, np.nan)
    made = [
        np.full(n, rng.choice([0.0, 7.0, -3.0, 1e300, 1e-300])),
        one,
        np.full(n, np.nan),
        1e300 * (1 + 0.1 * noise),
        1e-300 * (2 + noise),
        np.where(t % 2, 1.0, -1.0) * 10 ** rng.uniform(-3, 9),
        spike,
        step,
        -np.abs(noise) * 1e5,
        np.float64(2**63) + noise * 2**40,
        two,
        np.exp(np.minimum(t * rng.uniform(0.01, 0.5), 600)),
        np.where(t % 2, 1e300, 1e-300),
        holes,
        end,
        np.cumsum(noise) * 1e6,
        np.where(rng.uniform(size=n) < 0.02, rng.exponential(1e4, n), 0.0),
        np.where(t < n // 2, np.nan, 10 + noise),
        (t % 24 == 3) * 1e9 + noise,
        np.where(t % 7 == 0, np.nan, 1 / (1e-9 + np.abs(noise))),
    ]
    return made[kind]


@pytest.mark.parametrize("grain", ["h", "d"])
@pytest.mark.parametrize("n", [2, 15, 130, 500])
def test_hostile_series_give_finite_bounded_ordered_forecasts_or_the_stated_fallback(make_panel, grain, n):
    rng = np.random.default_rng(n)
    y = np.stack([hostile(k % KINDS, rng, n) for k in range(250)])
    outcome = forecast(make_panel(y, grain), 30, ForecastOptions(slow_series=0))
    empty = np.isnan(y).all(axis=1)
    assert outcome.fit["fallback_reason"][empty].str.contains("no value").all()
    cells = outcome.bands[:, ~empty]
    assert np.isfinite(cells).all()
    assert (np.diff(cells, axis=0) >= 0).all()
    seen = y[~empty]
    largest = np.nanmax(np.abs(seen), axis=1)
    with np.errstate(over="ignore"):
        assert (np.abs(cells).max(axis=(0, 2)) <= 10 * largest).all()
    floors = np.nanmin(seen, axis=1) >= 0
    assert (cells[:, floors] >= 0).all()
    assert np.isfinite(outcome.forecast[["mean", "lo80", "hi80", "lo95", "hi95"]].to_numpy()).all()
    assert len(outcome.fit) == 250
    assert np.isfinite(outcome.paths(3, 1)[~empty]).all()
