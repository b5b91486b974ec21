"""Where a series is backtested: at which origins, over which horizon, and which origins may inform which."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.series import SEASONS, Grain

TRAIN_WEEKS = 2  # history that must be left before an origin


@dataclass(frozen=True)
class Plan:
    """Origins are columns, earliest first; a forecast from an origin sees only the columns before it."""

    rows: NDArray[np.intp]  # the series that share this plan
    origins: tuple[int, ...]
    horizon: int  # of the backtest: shorter than the forecast's where history is short

    def known_at(self, column: int) -> list[int]:
        """Indexes of the origins whose whole horizon had happened at `column`: what a forecast made there may use."""
        return [k for k, origin in enumerate(self.origins) if origin + self.horizon <= column]


def plan_origins(points: NDArray[np.intp], total: int, horizon: int, grain: Grain, count: int) -> list[Plan]:
    """Group series by the backtest horizon that their length (`points`) allows; at the true horizon where it can be."""
    levels = np.array([_level(int(n), horizon, grain) for n in points])
    plans = []
    for level in np.unique(levels):
        rows = np.flatnonzero(levels == level)
        back = _shorten(horizon, int(level), grain)
        if level < 0:
            plans.append(Plan(rows, (), back))
            continue
        longest, step = int(points[rows].max()), stride(back, grain)
        fits = 1 + (longest - back - minimum_train(back, grain)) // step
        offsets = [back + k * step for k in range(int(np.clip(fits, 1, count)))]
        plans.append(Plan(rows, tuple(total - offset for offset in reversed(offsets)), back))
    return plans


def minimum_train(back: int, grain: Grain) -> int:
    """Columns that an origin needs before it to be worth judging."""
    return max(TRAIN_WEEKS * SEASONS[grain][-1], back // 2)


def stride(back: int, grain: Grain) -> int:
    """Columns between origins: half a horizon in whole days (hourly) or weeks (daily), so that the phase stays."""
    unit = SEASONS[grain][0]
    return max(unit, back // 2 // unit * unit)


def _level(points: int, horizon: int, grain: Grain) -> int:
    """How often the horizon is halved so that two origins fit; -1 where none does."""
    for level in range(12):
        back = _shorten(horizon, level, grain)
        if points - back - stride(back, grain) >= minimum_train(back, grain):
            return level
        if back == 1:
            break
    return -1


def _shorten(horizon: int, level: int, grain: Grain) -> int:
    """Half the horizon `level` times, in whole days (hourly) or weeks (daily) where it is longer than one."""
    back, unit = max(1, horizon >> max(level, 0)), SEASONS[grain][0]
    return back if level <= 0 or back < unit else back // unit * unit
