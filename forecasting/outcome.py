"""What a forecast hands back: tables of forecasts, fits and backtests, and simulated paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting import accuracy
from forecasting.panel.series import Panel
from forecasting.paths.simulate import series_seeds, simulate

Floats = NDArray[np.float64]

BANDS = ("lo95", "lo80", "mean", "hi80", "hi95")
LO95, LO80, MEAN, HI80, HI95 = range(len(BANDS))  # places on the band axis of every array of bands


@dataclass(frozen=True)
class Vintages:
    """Forecasts that would have been made at earlier origins, knowing only what was known then."""

    bands: Floats  # (vintage, band, series, step); NaN where a series has no such vintage
    actual: Floats  # (vintage, series, step)
    naive: Floats  # (vintage, series, step): seasonal naive at the same origins
    made_on: NDArray[np.datetime64]  # (vintage, series) UTC


@dataclass(frozen=True)
class Missed:
    """By how much the backtest missed a series: it tells which series are wrong together."""

    origins: NDArray[np.datetime64]  # UTC
    errors: Floats  # mean error of the first steps from each origin, in sizes of the error to expect
    peaks: Floats  # peak less the peak forecast, at PEAK_SCORES, unit of the metric


@dataclass(frozen=True)
class Outcome:
    """Bands and evidence for each series of `panel`, in its order and in the unit of each metric."""

    panel: Panel
    bands: Floats  # (band, series, step); NaN for a series that was never measured
    vintages: Vintages
    shown: int  # how many vintages, newest first, the backtest table shows
    # One row a series: series_class, model, models_kept, history_points, seconds, status, fallback_reason, timezone.
    notes: pd.DataFrame
    correlation: tuple[Floats, Floats]  # short and long, by series
    seed: int
    missed: Mapping[int, "Missed"] = field(default_factory=dict)  # by row, of the series that were backtested
    breaks: pd.DataFrame = field(default_factory=pd.DataFrame)  # see `breaks_table`
    expected: NDArray[np.bool_] | None = None  # (series, step): false on hours or days that are never measured

    @cached_property
    def forecast(self) -> pd.DataFrame:
        """service, metric, grain, target_time, mean, lo80, hi80, lo95, hi95, model; one row a step to be measured."""
        known = np.flatnonzero(np.isfinite(self.bands).all(axis=(0, 2)))
        table = self._rows(known, self.bands[:, known], self.panel.targets(self.bands.shape[2]))
        if self.expected is None or self.expected.all():
            return table
        return table[self.expected[known].ravel()].reset_index(drop=True)

    @cached_property
    def backtest(self) -> pd.DataFrame:
        """As `forecast`, with made_on and actual, at held-out origins; intervals are those known at that origin."""
        frames = []
        for k in range(len(self.vintages.bands))[-self.shown or len(self.vintages.bands) :]:
            bands, made_on = self.vintages.bands[k], self.vintages.made_on[k]
            known = np.isfinite(bands[MEAN]).any(axis=1)
            for moment in np.unique(made_on[known]):
                rows = np.flatnonzero(known & (made_on == moment))
                steps = np.isfinite(bands[MEAN, rows]).all(axis=0)
                times = self.panel.at(self.panel.column(moment) + np.flatnonzero(steps))
                frame = self._rows(rows, bands[:, rows][:, :, steps], times)
                frame.insert(0, "made_on", moment)
                frame["actual"] = self.vintages.actual[k][rows][:, steps].ravel()
                frames.append(frame)
        empty = self._rows(np.arange(0), self.bands[:, :0, :0], self.panel.targets(0)).assign(made_on=[], actual=[])
        return pd.concat(frames, ignore_index=True) if frames else empty

    @cached_property
    def fit(self) -> pd.DataFrame:
        """One row a series: class, models kept, errors at origins not used to choose them, seconds, fallback reason."""
        y, f, naive = (
            _by_series(cells) for cells in (self.vintages.actual, self.vintages.bands[:, MEAN], self.vintages.naive)
        )
        lo95, lo80, _, hi80, hi95 = (_by_series(self.vintages.bands[:, band]) for band in range(5))
        scale = accuracy.seasonal_scale(self.panel.y, self.panel.season)
        rows = self.panel.ids.reset_index(drop=True).assign(grain=self.panel.grain)
        rows = pd.concat([rows, self.notes[["series_class", "model", "models_kept"]]], axis=1)
        rows["wape"] = accuracy.wape(y, f)
        rows["wape_naive"] = accuracy.wape(y, naive)
        rows["mase"] = accuracy.mase(y, f, scale)
        rows["coverage80"] = accuracy.coverage(y, lo80, hi80)
        rows["coverage95"] = accuracy.coverage(y, lo95, hi95)
        told = ["history_points", "seconds", "status", "fallback_reason", "timezone"]
        return pd.concat([rows, self.notes[told]], axis=1)

    @cached_property
    def path(self) -> pd.DataFrame:
        """One row a series: what `paths` needs beside the forecast, and how far each origin missed."""
        nothing = Missed(np.array([], dtype="datetime64[us]"), np.array([]), np.array([]))
        missed = [self.missed.get(row, nothing) for row in range(len(self.panel.ids))]
        short, long = self.correlation
        return self.panel.ids.reset_index(drop=True).assign(
            grain=self.panel.grain,
            seed=self.seed,
            short_correlation=short,
            long_correlation=long,
            origins=pd.Series([one.origins for one in missed], dtype=object),
            errors=pd.Series([one.errors for one in missed], dtype=object),
            peak_errors=pd.Series([one.peaks[np.isfinite(one.peaks)] for one in missed], dtype=object),
        )

    def paths(self, count: int, seed: int | None = None, rows: NDArray[np.intp] | None = None) -> Floats:
        """Simulate futures (series, count, step) of all series or of some `rows`.

        Each step is spread as its interval, and neighbours are correlated as past errors were. A series' paths
        depend on its name and the seed, not on its neighbours.
        """
        chosen = np.arange(len(self.panel.ids)) if rows is None else rows
        seeds = series_seeds(self.panel.ids.iloc[chosen], self.seed if seed is None else seed)
        short, long = self.correlation
        return simulate(self.bands[:, chosen], short[chosen], long[chosen], seeds, count)

    def _rows(self, rows: NDArray[np.intp], bands: Floats, times: NDArray[np.datetime64]) -> pd.DataFrame:
        steps = len(times)
        ids = self.panel.ids
        names = {name: np.repeat(ids[name].to_numpy()[rows], steps) for name in ("service", "metric")}
        cells = {name: bands[BANDS.index(name)].ravel() for name in ("mean", "lo80", "hi80", "lo95", "hi95")}
        return pd.DataFrame(
            {
                **names,
                "grain": self.panel.grain,
                "target_time": np.tile(times, len(rows)),
                **cells,
                "model": np.repeat(self.notes["model"].to_numpy()[rows], steps),
            }
        )


def _by_series(cells: Floats) -> Floats:
    """(vintage, series, step) to (series, vintage * step)."""
    return cells.transpose(1, 0, 2).reshape(cells.shape[1], -1)
