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
    periods, steps = np.unique(starts, return_counts=True)
    frames = []
    for begin, count in zip(periods, steps, strict=True):
        first = int(np.searchsorted(starts, begin))
        total = paths[:, :, first : first + count].sum(axis=2)
        total += _measured(known, begin, len(paths))[:, None]
        found = {"row": np.arange(len(paths)), "period_start": begin, "mean": total.mean(axis=1)}
        ordered = np.sort(total, axis=1)
        found |= {name: _quantiles(ordered, np.array([p]))[:, 0] for name, p in PROBABILITIES.items()}
        found["quantiles"] = list(_quantiles(ordered, ndtr(SCORES)))
        frame = pd.DataFrame(found).assign(steps=int(count), is_whole=_is_whole(times, begin, period, known))
        frames.append(frame)
    table = pd.concat(frames, ignore_index=True)
    # The mean of a skewed sum may pass a bound of few paths; that of a constant one may, by its last bit.
    table["lo80"], table["hi80"] = table[["lo80", "mean"]].min(axis=1), table[["hi80", "mean"]].max(axis=1)
    table["lo95"], table["hi95"] = table[["lo95", "lo80"]].min(axis=1), table[["hi95", "hi80"]].max(axis=1)
    return table[["row", "period_start", "mean", "lo80", "hi80", "lo95", "hi95", "quantiles", "steps", "is_whole"]]


def _quantiles(ordered: Floats, probabilities: Floats) -> Floats:
    """Linear quantiles (series, probability) of sums that are in order."""
    place = probabilities * (ordered.shape[1] - 1)
    low = np.minimum(np.floor(place).astype(np.intp), max(ordered.shape[1] - 2, 0))
    high = np.minimum(low + 1, ordered.shape[1] - 1)
    found: Floats = ordered[:, low] + (place - low) * (ordered[:, high] - ordered[:, low])
    return found


def period_starts(times: NDArray[np.datetime64], period: Period, year_starts: int = 1) -> NDArray[np.datetime64]:
    """UTC start of the period that each moment is in."""
    months = times.astype("datetime64[M]")
    first = year_starts - 1 if period == "year" else 0
    into = (months.astype(int) - first) % MONTHS[period]
    found: NDArray[np.datetime64] = (months - into * np.timedelta64(1, "M")).astype("datetime64[us]")
    return found


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
