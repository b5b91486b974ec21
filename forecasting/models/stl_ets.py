"""STL decomposition (Cleveland et al. 1990), then a damped-trend ETS on what is left once the season is taken off."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.models.each import each_series
from forecasting.panel.history import Floats, History


class StlEts(BaseModel):
    """The last season of STL is repeated; the trend is damped. The season is a week where two weeks are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["stl_ets"] = "stl_ets"
    seasons: int = 20  # of history, at most

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate: (origin, series, step)."""
        from statsmodels.tsa.holtwinters import Holt
        from statsmodels.tsa.seasonal import STL

        season = history.seasons[-1]

        def fit(values: Floats, steps: int) -> Floats:
            parts = STL(values, period=season, robust=False).fit()
            rest = Holt(values - parts.seasonal, damped_trend=True, initialization_method="estimated")
            level = np.asarray(rest.fit().forecast(steps), dtype=float)
            out: Floats = level + parts.seasonal[-season + np.arange(steps) % season]
            return out

        return {"stl_ets": each_series(history, origins, horizon, fit, (3 * season, self.seasons * season))}
