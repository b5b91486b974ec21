"""Robust seasonal profiles: the median (or mean) of the last weeks at each step of the week, shifted to today's level.

On noisy operational series this is hard to beat: it is seasonal naive with the noise averaged out.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.nanstats import median
from forecasting.panel.history import Floats, History

MIN_SEASONS = 2


class Profile(BaseModel):
    """One candidate for each season, depth and level rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["profile"] = "profile"
    weeks: tuple[int, ...] = (2, 4, 8)
    days: tuple[int, ...] = (7, 21)

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """(origin, series, step) by candidate; NaN where a series has not the two seasons that a profile needs."""
        depths = [(history.seasons[-1], depth) for depth in self.weeks]
        if len(history.seasons) > 1:
            depths += [(history.seasons[0], depth) for depth in self.days]
        candidates: dict[str, Floats] = {}
        for season, depth in depths:
            parts = [_profiles(history, origin, season, depth, horizon) for origin in origins]
            for name in parts[0]:
                candidates[f"profile_{season}x{depth}_{name}"] = np.stack([part[name] for part in parts])
        return candidates


def _profiles(history: History, origin: int, season: int, depth: int, horizon: int) -> dict[str, Floats]:
    count = len(history.x)
    whole = min(depth, origin // season)
    steps = np.arange(horizon) % season
    if whole < MIN_SEASONS:
        nothing = np.full((count, horizon), np.nan)
        return {"median": nothing, "level": nothing}
    window = slice(origin - whole * season, origin)
    cells = np.where(history.seen[:, window], history.x[:, window], np.nan).reshape(count, whole, season)
    enough = (~np.isnan(cells)).any(axis=2).sum(axis=1) >= MIN_SEASONS
    profile = median(cells, axis=1)
    # A phase that was never measured takes the fill of its last occurrence.
    profile = np.where(np.isnan(profile), history.x[:, origin - season : origin], profile)
    recent = np.where(np.isnan(cells[:, -1]), np.nan, cells[:, -1] - profile)
    shift = median(recent, axis=1)[:, None]
    profile[~enough] = np.nan
    level = profile + np.where(np.isnan(shift), 0.0, shift)
    return {"median": profile[:, steps], "level": level[:, steps]}
