"""Seasonal naive: what was one season ago comes again. The bar that every other model has to pass."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.panel.history import Floats, History


class SeasonalNaive(BaseModel):
    """Repeats the last week, and for hourly series also the last day."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["seasonal_naive"] = "seasonal_naive"

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate a season: (origin, series, step); NaN where a series is shorter than the season."""
        found = {}
        for season in history.seasons:
            steps = np.arange(horizon) % season
            found[f"seasonal_naive_{season}"] = np.stack(
                [_repeat(history, origin, season, steps) for origin in origins]
            )
        return found


def _repeat(history: History, origin: int, season: int, steps: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    if origin < season:
        return np.full((len(history.x), len(steps)), np.nan)
    return history.x[:, origin - season + steps]
