"""Sums over calendar months and quarters from joint paths: bounds of a sum are not the sum of bounds."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
Period = Literal["month", "quarter", "year"]

MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}
SCORES = np.linspace(-3.0, 3.0, 25)  # standard normal scores at which a sum's quantiles are kept
PROBABILITIES = {"lo95": 0.025, "lo80": 0.1, "hi80": 0.9, "hi95": 0.975}


def calendar_sums(
    paths: Floats,
    times: NDArray[np.datetime64],
    period: Period,
    known: pd.DataFrame | None = None,
    *,
    year_starts: int = 1,
) -> pd.DataFrame:
    """Sum paths (series, path, step) by the month, quarter or year of each step, UTC: one row a series and period.

    Columns: row (of the series in paths), period_start, mean, lo80, hi80, lo95, hi95, quantiles (a list, at SCORES),
    steps, is_whole. `known` adds what has already been measured of a period: columns row, period_start, value. A
    period that the steps reach only the beginning of is not whole; with a `known` part its first days are taken as
    known. A year starts with the month `year_starts`.
    """
    starts = period_starts(times, period, year_starts)
    periods, first, steps = np.unique(starts, return_index=True, return_counts=True)
    total = np.stack([paths[:, :, a : a + n].sum(axis=2) for a, n in zip(first, steps, strict=True)])
    total += np.stack([_measured(known, begin, len(paths)) for begin in periods])[:, :, None]
    total = total.reshape(-1, paths.shape[1])  # a row a period and series
    mean = total.mean(axis=1)
    total.sort(axis=1)
    # The mean of a skewed sum may pass a bound of few paths; that of a constant one may, by its last bit.
    low95, low, high, high95 = _quantiles(total, np.array(list(PROBABILITIES.values()))).T
    low, high = np.minimum(low, mean), np.maximum(high, mean)
    is_whole = [_is_whole(times, begin, period, known) for begin in periods]
    return pd.DataFrame(
        {
            "row": np.tile(np.arange(len(paths)), len(periods)),
            "period_start": np.repeat(periods, len(paths)),
            "mean": mean,
            "lo80": low,
            "hi80": high,
            "lo95": np.minimum(low95, low),
            "hi95": np.maximum(high95, high),
            "quantiles": list(_quantiles(total, ndtr(SCORES))),
            "steps": np.repeat(steps, len(paths)),
            "is_whole": np.repeat(is_whole, len(paths)),
        }
    )


def _quantiles(ordered: Floats, probabilities: Floats) -> Floats:
    """Linear quantiles (series, probability) of sums that are in order."""
    place = probabilities * (ordered.shape[1] - 1)
    low = np.minimum(np.floor(place).astype(np.intp), max(ordered.shape[1] - 2, 0))
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    result: Floats = ordered[:, low] + (place - low) * (ordered[:, high] - ordered[:, low])
    return result


def period_starts(times: NDArray[np.datetime64], period: Period, year_starts: int = 1) -> NDArray[np.datetime64]:
    """UTC start of the period that each moment is in."""
    months = times.astype("datetime64[M]")
    first = year_starts - 1 if period == "year" else 0
    into = (months.astype(int) - first) % MONTHS[period]
    result: NDArray[np.datetime64] = (months - into * np.timedelta64(1, "M")).astype("datetime64[us]")
    return result


def _measured(known: pd.DataFrame | None, begin: np.datetime64, series: int) -> Floats:
    if known is None:
        return np.zeros(series)
    part = known[known["period_start"].to_numpy().astype("datetime64[us]") == begin]
    total = np.bincount(part["row"].to_numpy(dtype=int), part["value"].to_numpy(dtype=float), minlength=series)
    return total.astype(np.float64)


def _is_whole(times: NDArray[np.datetime64], begin: np.datetime64, period: Period, known: pd.DataFrame | None) -> bool:
    length = np.timedelta64(MONTHS[period], "M")
    end = (begin.astype("datetime64[M]") + length).astype("datetime64[us]")
    step = times[1] - times[0] if len(times) > 1 else np.timedelta64(1, "D")
    has_start = times[0] <= begin or (known is not None and bool((known["period_start"] == begin).any()))
    return bool(has_start and times[-1] + step >= end)
