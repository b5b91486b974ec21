"""Seasonal naive: what was one season ago comes again. The bar that every other model has to pass."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.panel.history import Floats, History

OF_YEARS = ("w", "m")  # grains whose long season is a year, of which few are known
LEVEL_SHARE = 4  # of a year, a quarter, that tells how today's level is to last year's
MOST_GROWTH = 3.0


class SeasonalNaive(BaseModel):
    """Repeats the last week, of hours also the last day; the last year of weeks or months, also at today's level."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["seasonal_naive"] = "seasonal_naive"

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """One candidate a season: (origin, series, step); NaN where a series is shorter than the season."""
        candidates: dict[str, Floats] = {}
        for season in history.seasons:
            steps = np.arange(horizon) % season
            candidates[f"seasonal_naive_{season}"] = np.stack(
                [_repeat(history, origin, season, steps) for origin in origins]
            )
            if history.grain in OF_YEARS and season > 1:
                parts = [_at_level(history, origin, season, steps) for origin in origins]
                candidates[f"seasonal_naive_{season}_level"] = np.stack(parts)
        return candidates


def _repeat(history: History, origin: int, season: int, steps: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    if origin < season:
        return np.full((len(history.x), len(steps)), np.nan)
    return history.x[:, origin - season + steps]


def _at_level(history: History, origin: int, season: int, steps: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Repeat the last season times the last quarter's level over that of the quarter a season before; NaN if unseen."""
    near = max(2, season // LEVEL_SHARE)
    if origin < season + near:
        return np.full((len(history.x), len(steps)), np.nan)
    now = history.x[:, origin - near : origin].mean(axis=1)
    then = history.x[:, origin - season - near : origin - season].mean(axis=1)
    growth = np.divide(now, then, out=np.full(now.shape, np.nan), where=(then > 0) & (now > 0))
    growth = np.clip(growth, 1 / MOST_GROWTH, MOST_GROWTH)
    result: Floats = history.x[:, origin - season + steps] * growth[:, None]
    return result
