"""Where a series is backtested: at which origins, over which horizon, and which origins may inform which."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.panel.series import SEASONS, Grain

FEWEST, MOST = 6, 9  # origins
# That they should be spread over: nine days, eighteen weeks, half a year, a year.
SPAN: dict[Grain, int] = {"5min": 2592, "15min": 864, "30min": 432, "h": 216, "d": 126, "w": 26, "m": 12}
LEAST_TRAIN: dict[Grain, int] = {"w": 12, "m": 12}  # weeks and months have a year and no shorter season
TRAIN_SEASONS = 3  # days of hours, weeks of days: the least that is left before an origin
TRAIN_HORIZONS = 1.5  # likewise, in horizons
TRAIN_SHARE = 0.4  # likewise, of the series: an origin much shorter of history than today says little about today


@dataclass(frozen=True)
class Plan:
    """Origins are columns, earliest first; a forecast from an origin sees only the columns before it."""

    rows: NDArray[np.intp]  # the series that share this plan
    origins: tuple[int, ...]
    horizon: int  # of the backtest: shorter than the forecast's where history is short

    @property
    def independent(self) -> float:
        """How many of the origins do not overlap, as a share of them."""
        if len(self.origins) < 2:  # noqa: PLR2004 - one origin overlaps with none
            return 1.0
        return min(1.0, (self.origins[1] - self.origins[0]) / self.horizon)

    def known_at(self, column: int) -> list[int]:
        """Indexes of the origins whose whole horizon had happened at `column`: what a forecast made there may use."""
        return [k for k, origin in enumerate(self.origins) if origin + self.horizon <= column]


def plan_origins(points: NDArray[np.intp], total: int, horizon: int, grain: Grain, count: int | None) -> list[Plan]:
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
        fits = 1 + (longest - back - minimum_train(longest, back, grain)) // step
        wanted = count or int(np.clip(SPAN[grain] // step, FEWEST, MOST))
        offsets = [back + k * step for k in range(int(np.clip(fits, 1, wanted)))]
        plans.append(Plan(rows, tuple(total - offset for offset in reversed(offsets)), back))
    return plans


def minimum_train(points: int, back: int, grain: Grain) -> int:
    """Columns that an origin needs before it to be worth judging."""
    return int(
        max(LEAST_TRAIN.get(grain, 0), TRAIN_SEASONS * SEASONS[grain][0], TRAIN_HORIZONS * back, TRAIN_SHARE * points)
    )


def stride(back: int, grain: Grain) -> int:
    """Columns between origins: half a horizon in whole days (hourly) or weeks (daily), so that the phase stays."""
    unit = SEASONS[grain][0]
    return max(unit, back // 2 // unit * unit)


def _level(points: int, horizon: int, grain: Grain) -> int:
    """How often the horizon is halved so that three origins fit; -1 where they never do.

    Three, half a horizon apart, are the fewest of which one was not used to choose: its errors can be reported.
    """
    for level in range(12):
        back = _shorten(horizon, level, grain)
        if points - back - 2 * stride(back, grain) >= minimum_train(points, back, grain):
            return level
        if back == 1:
            break
    return -1


def _shorten(horizon: int, level: int, grain: Grain) -> int:
    """Half the horizon `level` times, in whole days (hourly) or weeks (daily) where it is longer than one."""
    back, unit = max(1, horizon >> max(level, 0)), SEASONS[grain][0]
    return back if level <= 0 or back < unit else back // unit * unit
