"""How many units each hour of the week needs, from the hourly forecast at the quantile that the tier plans for."""

from collections.abc import Hashable, Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.special import ndtri

from forecasting.decisions.capacity_trade import TINY, unit_size
from forecasting.decisions.headroom import LAST_TIER, tier_quantile
from forecasting.decisions.night import Frames, Night, Rows
from forecasting.outcome import BANDS
from forecasting.paths.simulate import through_quantiles

Floats = NDArray[np.float64]

WEEK = 168  # hours
MONDAY = np.datetime64("1970-01-05T00", "h")


class ScaleSchedule(BaseModel):
    """Scheduled scaling: as many units as the hour needs, in place of as many as the busiest one does."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["scale_schedule"] = "scale_schedule"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:  # noqa: ARG002 - as every decision
        """`hour`: one row a limited series with lists of hourly forecasts from first_time on, and peak_ratio.

        A forecast of an hour of a gauge is its mean where a limit is of its largest sample: peak_ratio is between them.
        Series without a forecast of every hour of the week have no schedule.
        """
        hours = inputs["hour"]
        whole = hours[hours["mean"].map(len) >= WEEK].reset_index(drop=True)
        if whole.empty:
            return [Rows("scale_schedule", pd.DataFrame(), is_newest_only=True)]
        demand = np.stack([_demand(row) for row in whole.to_dict("records")])
        size, is_whole = unit_size(whole)
        need = demand / size[:, None]
        units = np.where(is_whole[:, None], np.maximum(np.ceil(need - TINY), 1.0), need)
        table = whole.loc[np.repeat(whole.index, WEEK), ["service", "metric"]].reset_index(drop=True)
        table = table.assign(
            hour_of_week=np.tile(np.arange(WEEK), len(whole)), units=units.ravel(), demand=demand.ravel()
        )
        return [Rows("scale_schedule", table, is_newest_only=True)]


def _demand(row: Mapping[Hashable, Any]) -> Floats:
    """Load (hour of the week) at the quantile that the tier plans for, from lists of hourly forecasts."""
    (quantile,) = tier_quantile([row["tier"] if pd.notna(row["tier"]) else LAST_TIER])
    bands = np.stack([np.asarray(row[name], dtype=float) for name in BANDS])
    need = through_quantiles(np.full((1, bands.shape[1]), ndtri(quantile)), bands)[0] * float(row["peak_ratio"])
    return np.maximum(_busiest(need, pd.Timestamp(row["first_time"])), 0.0)


def _busiest(need: Floats, first: pd.Timestamp) -> Floats:
    """Largest need of each hour of the week, Monday 00:00 UTC first, over the weeks that are forecast."""
    start = int((first.to_datetime64().astype("datetime64[h]") - MONDAY) // np.timedelta64(1, "h"))
    places = (start + np.arange(len(need))) % WEEK
    most = np.full(WEEK, -np.inf)
    np.maximum.at(most, places, need)
    return most
