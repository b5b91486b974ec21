"""Cost ahead: run-rate apart from what recurs, requests as its driver where they foresee it better, sums of months."""

from dataclasses import replace

import numpy as np
import pandas as pd

from forecasting.cost.run_rate import drive, recurring_ahead, split_cost
from forecasting.options import ForecastOptions
from forecasting.outcome import Outcome
from forecasting.panel.series import Panel
from forecasting.paths.calendar_sums import Period, calendar_sums
from forecasting.tournament import forecast

SUMMED: dict[str, Period] = {"m": "month", "q": "quarter"}
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


def calendar_forecast(outcome: Outcome, paths: int) -> pd.DataFrame:
    """Return the whole months and quarters that a cost forecast reaches, with what is known of them already.

    The columns of `outcome.forecast`. Intervals come from joint paths: the bounds of a sum are not the sum of bounds.
    """
    rows = np.flatnonzero(np.isfinite(outcome.bands).all(axis=(0, 2)))
    if not len(rows):
        return outcome.forecast.iloc[:0]
    simulated = outcome.paths(paths, rows=rows)
    times = outcome.panel.targets(outcome.bands.shape[2])
    ids = outcome.panel.ids.iloc[rows].reset_index(drop=True).assign(model=outcome.notes["model"].to_numpy()[rows])
    made = []
    for grain, period in SUMMED.items():
        sums = calendar_sums(simulated, times, period, _measured(outcome.panel, rows, period))
        found = ids.iloc[sums["row"]].reset_index(drop=True)
        whole = sums["is_whole"].to_numpy()
        made.append(pd.concat([found, sums], axis=1)[whole].assign(grain=grain))
    columns = list(outcome.forecast.columns)
    return pd.concat(made, ignore_index=True).rename(columns={"period_start": "target_time"})[columns]


def _measured(panel: Panel, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]", period: Period) -> pd.DataFrame:
    """Return what the panel holds of the months or quarters: row (place in `rows`), period_start, value."""
    months = panel.times.astype("datetime64[M]")
    if period == "quarter":
        months = months - (months.astype(int) % 3) * np.timedelta64(1, "M")
    starts = months.astype("datetime64[us]")
    begin = starts[-1]
    inside = starts == begin
    if panel.times[inside][0] > begin:  # the history begins within the period: its first days are not known
        return pd.DataFrame({"row": [], "period_start": [], "value": []})
    totals = np.nansum(panel.y[rows][:, inside], axis=1)
    return pd.DataFrame({"row": np.arange(len(rows)), "period_start": begin, "value": totals})
