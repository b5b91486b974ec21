"""Exponential smoothing of what is left once a season is taken off, for a block of series at once.

Candidates are a season, a transform and a filter: a level (SES), a level with a damped trend (Gardner & McKenzie 1985),
or a level with half the slope of the series' line (theta: Assimakopoulos & Nikolopoulos 2000; Hyndman & Billah 2003).
The parameters are a small grid, not an optimum: the backtest chooses, and the middle of a few is steadier than the
best of one.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from forecasting.models.seasons import local_season, robust_season
from forecasting.panel.history import Floats, History
from forecasting.panel.series import Grain

LOG_OFFSET = 0.02  # of the mean
FINE: tuple[Grain, ...] = ("5min", "15min", "30min")
# Longest seasons that the filters see: they forget what is older.
WINDOW_SEASONS: dict[Grain, int] = {"5min": 8, "15min": 8, "30min": 8, "h": 8, "d": 60, "w": 10, "m": 20}
SHORTEST = ("day", "level")  # kinds whose season is the first of the grain: of weeks and months, none
DRIFT_SHARE = 0.5  # theta = 2 goes on at half the slope
DRIFT_STEPS = 365  # the slope is that of the last year
MOST = 50.0  # log: keeps exp finite; bounds come later


class _Grid(NamedTuple):
    """The filters that follow a season."""

    levels: tuple[float, ...]  # alpha
    reverts: tuple[tuple[float, float, float], ...]  # fast alpha, slow alpha, how much of the gap is kept each step
    trends: tuple[tuple[float, float, float], ...] = ()  # alpha, beta, phi
    thetas: tuple[float, ...] = ()  # alpha


HOURLY = _Grid((0.01, 0.05, 0.2), ((0.2, 0.01, 0.97),))
LOCAL = _Grid((0.2,), ((0.8, 0.01, 0.98),))  # what a season that adapts leaves is less, and newer
DAILY = _Grid(
    (0.05, 0.15, 0.4, 0.8, 1.0),
    ((0.4, 0.02, 0.95),),
    ((0.2, 0.02, 0.98), (0.3, 0.05, 0.95), (0.5, 0.1, 0.9)),
    (0.1, 0.3, 0.6, 0.95),
)
# A year that is not seen twice leaves a level alone: few of them, so that they do not outvote last year.
LEVEL = _Grid((0.3, 1.0), (), ((0.3, 0.05, 0.95),), (0.3,))
MINUTELY = _Grid((0.003, 0.02, 0.1), ((0.1, 0.003, 0.995),))
GRIDS: dict[Grain, dict[str, _Grid]] = {
    **{grain: {"day": MINUTELY, "week": MINUTELY, "both": MINUTELY} for grain in FINE},
    "h": {"day": HOURLY, "week": HOURLY, "both": HOURLY, "local": LOCAL},
    "d": {"week": DAILY},
    "w": {"level": LEVEL, "year": DAILY},
    "m": {"level": LEVEL, "year": DAILY},
}


class Smoothing(BaseModel):
    """A grid of filters for each season of the grain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["smoothing"] = "smoothing"
    logs: tuple[bool, ...] = (False, True)

    def forecasts(self, history: History, origins: Sequence[int], horizon: int) -> dict[str, Floats]:
        """(origin, series, step) by candidate; NaN where a series has not two seasons, or is negative for a log."""
        shape = (len(origins), len(history.x), horizon)
        candidates: dict[str, Floats] = {}
        for kind in GRIDS[history.grain]:
            season = history.seasons[0] if kind in SHORTEST else history.seasons[-1]
            long_enough = [k for k, origin in enumerate(origins) if origin >= 2 * season]
            for log, k in itertools.product(self.logs, long_enough):
                for name, cells in _candidates(history, origins[k], horizon, kind, log=log):
                    label = f"smooth_{kind}{'_log' if log else ''}_{name}"
                    candidates.setdefault(label, np.full(shape, np.nan))[k] = cells
        return candidates


def _candidates(history: History, origin: int, horizon: int, kind: str, *, log: bool) -> Iterator[tuple[str, Floats]]:
    """Each filter's forecast (series, step) from one origin."""
    grain = history.grain
    season = history.seasons[0] if kind in SHORTEST else history.seasons[-1]
    length = min(origin, WINDOW_SEASONS[grain] * history.seasons[-1]) // season * season
    x, seen = history.x[:, origin - length : origin], history.seen[:, origin - length : origin]
    usable = history.first + 2 * season <= origin
    if log:
        usable = usable & ~np.any(history.x[:, :origin] < 0, axis=1)
        x = np.log(np.maximum(x, 0.0) + LOG_OFFSET)
    lead = np.isnan(x)
    measured = np.where(seen & ~lead, x, np.nan)
    fitted, pattern = (
        local_season(measured, history.seasons[0], season)
        if kind == "local"
        else robust_season(measured, kind, history)
    )
    rest = x - fitted
    # Before it begins a series stands at its first value: the filter starts there.
    start = np.argmax(~lead, axis=1)
    rest = np.where(lead, rest[np.arange(len(rest)), start][:, None], rest)
    ahead = pattern[:, np.arange(horizon) % pattern.shape[1]]
    for name, flat in _filters(rest, horizon, GRIDS[grain][kind]):
        cells = flat + ahead
        cells = np.maximum(np.exp(np.minimum(cells, MOST)) - LOG_OFFSET, 0.0) if log else cells
        yield name, np.where(usable[:, None], cells, np.nan)


def _filters(rest: Floats, horizon: int, grid: _Grid) -> Iterator[tuple[str, Floats]]:
    """Name and forecast (series, step) of each filter of the grid, without the season."""
    steps = np.arange(1, horizon + 1)
    levels = ses(rest, grid.levels + grid.thetas)
    for alpha, level in zip(grid.levels, levels, strict=False):
        yield f"ses{alpha:g}", np.repeat(level[:, None], horizon, axis=1)
    slope = _slope(rest[:, -DRIFT_STEPS:])
    for alpha, level in zip(grid.thetas, levels[len(grid.levels) :], strict=True):
        yield f"theta{alpha:g}", level[:, None] + DRIFT_SHARE * slope[:, None] * steps
    for quick, slow, kept in grid.reverts:
        fast, base = ses(rest, (quick, slow))
        yield f"revert{quick:g}", base[:, None] + (fast - base)[:, None] * kept**steps
    for alpha, beta, phi in grid.trends:
        level, trend = damped(rest, alpha, beta, phi)
        yield f"damped{alpha:g}", level[:, None] + trend[:, None] * np.cumsum(phi**steps)


def ses(x: Floats, alphas: tuple[float, ...]) -> Floats:
    """Filter to the final level (alpha, series) by simple exponential smoothing, started at the first value."""
    ages = np.arange(x.shape[1])[::-1]
    weights = np.array([alpha * (1 - alpha) ** ages for alpha in alphas])
    weights[:, 0] += (1 - np.array(alphas)) ** x.shape[1]  # the start keeps what has not been forgotten
    out: Floats = np.einsum("at,st->as", weights, x)
    return out


def damped(x: Floats, alpha: float, beta: float, phi: float) -> tuple[Floats, Floats]:
    """Filter to the final level and trend (series) by Holt's method with a damped trend."""
    level, trend = x[:, 0].copy(), np.zeros(len(x))
    for column in x.T[1:]:
        ahead = level + phi * trend
        error = column - ahead
        level = ahead + alpha * error
        trend = phi * trend + alpha * beta * error
    return level, trend


def _slope(x: Floats) -> Floats:
    """Least-squares slope a step, by series."""
    t = np.arange(x.shape[1]) - (x.shape[1] - 1) / 2
    out: Floats = np.einsum("st,t->s", x, t) / max(float(t @ t), 1e-12)
    return out
