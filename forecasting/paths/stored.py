"""Futures of forecasts that are kept in tables: the same paths as on the night that fitted them, without a fit."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.outcome import BANDS
from forecasting.paths.simulate import series_seeds, simulate

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

BLOCK = 50  # series that are simulated at once: 50 x 1,000 paths x 90 days are 36 MB
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Block:
    """Some series whose forecasts have the same days."""

    facts: pd.DataFrame  # the rows of the table, without the bands
    times: Times  # UTC start of each day
    bands: Floats  # (band, series, day)

    def paths(self, count: int) -> Floats:
        """Simulate futures (series, count, day)."""
        (seed,) = self.facts["seed"].unique()
        short, long = (self.facts[name].to_numpy(dtype=float) for name in ("short_correlation", "long_correlation"))
        return simulate(self.bands, short, long, series_seeds(self.facts, int(seed)), count)


def blocks(stored: pd.DataFrame, size: int = BLOCK) -> Iterator[Block]:
    """Cut a table with one row a series into blocks.

    Columns: service, metric, first_time, lists of equal length lo95, lo80, mean, hi80, hi95 (a value a day), seed,
    short_correlation, long_correlation; others are passed on as facts.
    """
    if stored.empty:
        return
    days = stored["mean"].map(len).rename("days")
    for _, part in stored.groupby(["seed", "first_time", days], sort=True):
        first = part["first_time"].iloc[0].to_datetime64().astype("datetime64[us]")
        for start in range(0, len(part), size):
            some = part.iloc[start : start + size]
            bands = np.stack([np.stack(some[name].to_list()) for name in BANDS]).astype(float)
            times = first + np.arange(bands.shape[2]) * DAY
            yield Block(some.drop(columns=list(BANDS)).reset_index(drop=True), times, bands)


def over_blocks(stored: pd.DataFrame, measure: Callable[[Block], pd.DataFrame]) -> pd.DataFrame:
    """Measure every block, on all processors (numpy lets threads work side by side), and join what was found."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        measured = [frame for frame in pool.map(measure, blocks(stored)) if len(frame)]
    return pd.concat(measured, ignore_index=True) if measured else pd.DataFrame()
