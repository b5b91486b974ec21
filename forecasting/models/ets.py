"""statsmodels exponential smoothing with a damped trend and an additive season: ETS(A,Ad,A), Hyndman et al. 2008."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.models.each import each_series
from forecasting.panel.history import Floats, History

FEWEST, MOST = 8, 120  # points, where there is no season


class Ets(BaseModel):
    """The season is the first of the grain: a day of hours, a week of days; weeks and months have none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["ets"] = "ets"
    damped: bool = True
    seasons: int = 20  # of history, at most: older ones no longer move the state

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate: (origin, series, step)."""
        from statsmodels.tsa.holtwinters import ExponentialSmoothing

        season = history.seasons[0]

        def fit(values: Floats, steps: int) -> Floats:
            model = ExponentialSmoothing(
                values,
                trend="add",
                damped_trend=self.damped,
                seasonal="add" if season > 1 else None,
                seasonal_periods=season if season > 1 else None,
                initialization_method="heuristic",
            )
            return np.asarray(model.fit(use_brute=False).forecast(steps), dtype=float)

        return {
            "ets": each_series(
                history, origins, horizon, fit, (max(FEWEST, 3 * season), max(MOST, self.seasons * season))
            )
        }
