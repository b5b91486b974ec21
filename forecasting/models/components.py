"""statsmodels UnobservedComponents: a local level and a stochastic season (Harvey 1989, chapter 2.3)."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.models.each import each_series
from forecasting.panel.history import Floats, History


class Components(BaseModel):
    """Slow, so not among the defaults: ask for it by `slow_models`. Its season is a day of hours, a week of days."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["components"] = "components"
    seasons: int = 20  # of history, at most
    iterations: int = 50

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate: (origin, series, step)."""
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        season = history.seasons[0]

        def fit(values: Floats, steps: int) -> Floats:
            model = UnobservedComponents(
                values, level=True, stochastic_level=True, freq_seasonal=[{"period": season, "harmonics": season // 3}]
            )
            fitted = model.fit(disp=False, maxiter=self.iterations)
            return np.asarray(fitted.forecast(steps), dtype=float)

        return {"components": each_series(history, origins, horizon, fit, (3 * season, self.seasons * season))}
