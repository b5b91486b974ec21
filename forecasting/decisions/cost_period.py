"""What each month, quarter and fiscal year will cost: what is known of it and the sum of what is forecast."""

from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.paths.calendar_sums import Period, calendar_sums
from forecasting.paths.stored import Block, over_blocks

PERIODS: dict[str, Period] = {"m": "month", "q": "quarter", "y": "year"}
IN_FORECAST = ("m", "q")
COLUMNS = ["service", "metric", "grain", "target_time", "mean", "lo80", "hi80", "lo95", "hi95", "model"]


class CostPeriod(BaseModel):
    """Sums of cost over the calendar, from joint futures: the bounds of a sum are not the sum of bounds."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["cost_period"] = "cost_period"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`path`: stored futures of daily cost with model; `known`: what is measured, by series, grain and period."""
        periods = over_blocks(inputs["path"], partial(_sums, known=inputs["known"], night=night))
        if periods.empty:
            nothing = pd.DataFrame()
            return [
                Rows("forecast_sum", nothing),
                *(Rows("forecast", nothing, {"origin": "live", "grain": grain}) for grain in IN_FORECAST),
            ]
        sums = periods.assign(period_start=periods["target_time"])
        kept = sums[["service", "metric", "grain", "period_start", "known", "mean", "quantiles"]]
        return [
            Rows("forecast_sum", kept),
            *(
                Rows("forecast", periods.loc[periods["grain"] == grain, COLUMNS], {"origin": "live", "grain": grain})
                for grain in IN_FORECAST
            ),
        ]


def _sums(block: Block, known: pd.DataFrame, night: Night) -> pd.DataFrame:
    """Return the whole periods that the block's forecasts reach, one row a series and period."""
    paths = block.paths(night.paths)
    rows = block.facts[["service", "metric"]].reset_index(names="row")
    measured = known.merge(rows, on=["service", "metric"])
    made = []
    for grain, period in PERIODS.items():
        part = measured.loc[measured["grain"] == grain, ["row", "period_start", "value"]]
        sums = calendar_sums(paths, block.times, period, part, year_starts=night.fiscal_year_starts)
        whole = sums[sums["is_whole"]].assign(grain=grain)
        values = part.set_index(["row", "period_start"])["value"]
        whole["known"] = values.reindex(pd.MultiIndex.from_frame(whole[["row", "period_start"]])).fillna(0.0).to_numpy()
        made.append(whole)
    table = pd.concat(made, ignore_index=True).rename(columns={"period_start": "target_time"})
    ids = block.facts[["service", "metric", "model"]].iloc[_places(table)].reset_index(drop=True)
    return pd.concat([ids, table], axis=1)


def _places(table: pd.DataFrame) -> NDArray[np.intp]:
    return table["row"].to_numpy(dtype=np.intp)
