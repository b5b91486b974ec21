"""One fit: a chunk of series in, frames out. It carries all it needs, so it can run on another machine.

This file imports no database: a worker process that only fits starts faster without.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.cost.forecast import forecast_cost
from forecasting.intervals.live_widths import learn_widths
from forecasting.options import ForecastOptions
from forecasting.panel.event_suggestions import suggest_events
from forecasting.panel.series import Panel
from forecasting.tournament import Outcome, forecast


@dataclass(frozen=True)
class Chunk:
    """Some series of one panel and all that a fit needs to know: it can go to another machine."""

    name: str
    panel: Panel
    horizon: int  # steps
    options: ForecastOptions
    driver: Panel | None  # requests of the same services on the same days, where the panel is cost; else None
    live: pd.DataFrame  # how earlier nights' forecasts of these series have held: see learn_widths
    is_new: NDArray[np.bool_]  # by series: no earlier night has forecast it, so a backtest is wanted


@dataclass(frozen=True)
class Fitted:
    """What came of a chunk, as frames for the tables of the same names."""

    forecast: pd.DataFrame
    backtest: pd.DataFrame
    fit: pd.DataFrame
    path: pd.DataFrame
    event_suggestion: pd.DataFrame
    series_break: pd.DataFrame


def fit_chunk(chunk: Chunk) -> Fitted:
    """Forecast the series of a chunk. Pure: the same chunk gives the same bits wherever it runs."""
    if chunk.driver is None:
        outcome = forecast(chunk.panel, chunk.horizon, chunk.options)
    else:
        outcome = forecast_cost(chunk.panel, chunk.driver, chunk.horizon, chunk.options)
    outcome, widths = learn_widths(outcome, chunk.live)
    fit = pd.concat([outcome.fit, widths], axis=1)
    path = outcome.path if chunk.panel.grain == "d" else pd.DataFrame()  # futures are of days
    return Fitted(outcome.forecast, _backtest(chunk, outcome), fit, path, _suggestions(chunk), outcome.breaks)


def one_by_one(chunk: Chunk) -> Iterator[Chunk]:
    """Split a chunk that could not be fitted into its series, so that the others are not lost with the one at fault."""
    for row in range(len(chunk.panel.ids)):
        ids = chunk.panel.ids.iloc[row : row + 1].reset_index(drop=True)
        panel = replace(chunk.panel, ids=ids, y=chunk.panel.y[row : row + 1])
        name = f"{chunk.name}, {ids['service'][0]} {ids['metric'][0]}"
        yield replace(chunk, name=name, panel=panel, is_new=chunk.is_new[row : row + 1])


def unfitted(chunk: Chunk, reason: str) -> Fitted:
    """Return what is left to say of series that could not be fitted at all: that they could not, and why."""
    fit = chunk.panel.ids.assign(
        grain=chunk.panel.grain,
        series_class="unknown",
        model="none",
        models_kept=pd.Series([[]] * len(chunk.panel.ids), dtype=object),
        history_points=np.isfinite(chunk.panel.y).sum(axis=1),
        seconds=0.0,
        fallback_reason=f"the fit failed: {reason}",
    )
    nothing = pd.DataFrame()
    return Fitted(nothing, nothing, fit, nothing, nothing, nothing)


def fit_packed(packed: tuple[str, bytes]) -> Fitted:
    """Fit a chunk that was pickled, with its name."""
    return fit_chunk(pickle.loads(packed[1]))  # noqa: S301 - packed by the night itself


def _suggestions(chunk: Chunk) -> pd.DataFrame:
    """Return what looks like an event in the daily load of the chunk; what moves cost has other causes."""
    if chunk.driver is not None or chunk.panel.grain != "d":
        return pd.DataFrame()
    return suggest_events(chunk.panel, chunk.options)


def _backtest(chunk: Chunk, outcome: Outcome) -> pd.DataFrame:
    """Return the backtests that are wanted: they are the larger part of what comes back."""
    if not chunk.is_new.any():
        return pd.DataFrame()
    return outcome.backtest.merge(chunk.panel.ids[chunk.is_new], on=["service", "metric"])
