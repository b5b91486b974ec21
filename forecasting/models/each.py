"""Run a one-series fit over every series and origin: the loop that the statsmodels specs share."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from forecasting.panel.history import Floats, History

ORIGINS = 3  # the end of the history and the two newest before it
FIT_FAILURES = (ValueError, np.linalg.LinAlgError, FloatingPointError, ZeroDivisionError, IndexError)


def each_series(
    history: History,
    origins: Sequence[int],
    horizon: int,
    fit: Callable[[Floats, int], Floats],
    points: tuple[int, int],
) -> Floats:
    """(origin, series, step) of `fit(values, horizon)`; NaN where it fails or has fewer points than `points[0]`.

    Only the newest `points[1]` values are fitted, and only the newest origins: these fits are slow.
    """
    out = np.full((len(origins), len(history.x), horizon), np.nan)
    newest = sorted(range(len(origins)), key=lambda k: origins[k])[-ORIGINS:]
    for k in newest:
        for row in range(len(history.x)):
            begin = max(int(history.first[row]), origins[k] - points[1])
            values = history.x[row, begin : origins[k]]
            if len(values) >= points[0] and np.ptp(values) > 0:
                out[k, row] = _quietly(fit, values, horizon)
    return out


def _quietly(fit: Callable[[Floats, int], Floats], values: Floats, horizon: int) -> Floats:
    """Convergence warnings are no news here: the backtest judges the fit. A fit that fails does not compete."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            forecast = np.asarray(fit(values, horizon), dtype=float)
        except FIT_FAILURES:
            return np.full(horizon, np.nan)
    return forecast if np.isfinite(forecast).all() else np.full(horizon, np.nan)
