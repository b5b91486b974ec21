"""Cost ahead: run-rate apart from what recurs, requests as its driver where they foresee it better."""

from dataclasses import replace

from forecasting.cost.run_rate import drive, recurring_ahead, split_cost
from forecasting.options import ForecastOptions
from forecasting.outcome import Outcome
from forecasting.panel.series import Panel
from forecasting.tournament import forecast

DRIVEN = "requests x unit cost"


def forecast_cost(panel: Panel, driver: Panel, horizon: int, options: ForecastOptions) -> Outcome:
    """Forecast daily cost (series of `panel`); `driver` has the requests of the same services on the same days.

    One-off charges are not run-rate and are left out; charges that recur on their day of month are added on theirs.
    """
    parts = split_cost(panel.y, panel.times)
    run_rate = forecast(replace(panel, y=parts.run_rate), horizon, options)
    driven = drive(run_rate, forecast(driver, horizon, options))
    model = run_rate.notes["model"].where(~driven.is_kept, DRIVEN)
    bands = driven.bands + recurring_ahead(parts.amounts, panel.targets(horizon))
    return replace(run_rate, panel=panel, bands=bands, notes=run_rate.notes.assign(model=model))
