"""statsmodels AutoReg on seasonal lags: the reference for the batched ridge autoregression (equal at ridge 0)."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from forecasting.models.autoregression import LAGS
from forecasting.models.each import each_series
from forecasting.panel.history import Floats, History


class AutoReg(BaseModel):
    """Ordinary least squares on the lags of the grain, one series at a time."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["autoreg"] = "autoreg"
    lags: tuple[int, ...] = ()

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate: (origin, series, step)."""
        from statsmodels.tsa.ar_model import AutoReg as Reference

        lags = list(self.lags or LAGS[history.grain][0])
        need, most = max(lags) + 3 * len(lags), max(lags) + 13 * history.seasons[-1]

        def fit(values: Floats, steps: int) -> Floats:
            model = Reference(values, lags=lags).fit()
            out: Floats = model.predict(len(values), len(values) + steps - 1)
            return out

        return {"autoreg": each_series(history, origins, horizon, fit, (need, most))}
