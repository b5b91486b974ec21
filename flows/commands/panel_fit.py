"""One chunk of a panel file: arrays in, frames out. It imports no database, so that a process for it starts fast."""

from dataclasses import dataclass

import pandas as pd

from forecasting.options import ForecastOptions
from forecasting.panel.series import Panel
from forecasting.tournament import forecast


@dataclass(frozen=True)
class PanelFit:
    """The tables of `Outcome`."""

    forecast: pd.DataFrame
    fit: pd.DataFrame


def fit_panel(panel: Panel, horizon: int, options: ForecastOptions) -> PanelFit:
    """Forecast the series of a panel `horizon` steps ahead."""
    outcome = forecast(panel, horizon, options)
    return PanelFit(outcome.forecast, outcome.fit)


def fit_numbered(asked: tuple[int, Panel, int, ForecastOptions]) -> PanelFit:
    """Forecast a panel that comes with its place among the others, its horizon and its options."""
    return fit_panel(*asked[1:])
