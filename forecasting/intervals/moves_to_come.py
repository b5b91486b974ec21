"""Moves still to come: a series whose level moved now and then will move again, by as much as it did.

After a step is taken out of a history its errors say how the series varies at one level, and nothing of the next step.
Where a level was left more than once, each day ahead has the chance of a move that its history has, and the bounds are
those of the mixture: no move, or one like those that were (a Poisson process with the sizes that were seen).
"""

import numpy as np
from scipy.special import ndtr

from forecasting.outcome import HI80, HI95, LO80, LO95, MEAN
from forecasting.panel.breaks.kinds import MOVED, Break
from forecasting.panel.grain import DAY
from forecasting.panel.history import Floats, History

LARGEST = 1.0  # log: of a move, as large as one is expected to come again
QUANTILES = {LO95: 0.025, LO80: 0.1, HI80: 0.9, HI95: 0.975}
Z80 = 1.2816
HALVINGS = 40  # of the range that a quantile lies in


def expect_moves(bands: Floats, history: History) -> Floats:
    """Widen bands (band, series, step), scaled, to what moves to come would make of them."""
    out = bands
    for row, breaks in enumerate(history.found):
        days = (history.x.shape[1] - history.first[row]) / DAY[history.grain]
        rate, sizes = move_rate(breaks, days)
        if not rate or not (bands[MEAN, row] > 0).all():
            continue
        out = bands.copy() if out is bands else out
        ahead = (1 + np.arange(bands.shape[2])) / DAY[history.grain]
        _widen(out[:, row], sizes, 1 - np.exp(-rate * ahead))
    return out


def move_rate(breaks: tuple[Break, ...], days: float) -> tuple[float, Floats]:
    """Return moves a day and their sizes (size,) as logs, up and down alike.

    The first move says that a level may move, not how often: it is free.
    """
    logs = np.log([one.factor for one in breaks if one.kind in MOVED and np.isfinite(one.factor) and one.factor > 0])
    sizes: Floats = np.clip(np.r_[logs, -logs], -LARGEST, LARGEST)
    return max(len(logs) - 1, 0) / max(days, 1.0), sizes


def _widen(bands: Floats, sizes: Floats, chance: Floats) -> None:
    """Move the bounds of one series (band, step) out to the quantiles of the mixture; never in."""
    mean = bands[MEAN]
    spread = np.maximum((bands[HI80] - bands[LO80]) / 2 / Z80, 1e-9 * np.abs(mean))
    moved = mean * np.exp(np.sort(sizes))[:, None]  # (move, step)
    for edge, quantile in QUANTILES.items():
        low = np.minimum(moved[0], mean) - 4 * spread
        high = np.maximum(moved[-1], mean) + 4 * spread
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            below = (1 - chance) * ndtr((middle - mean) / spread)
            below += chance * ndtr((middle - moved) / spread).mean(axis=0)
            low, high = np.where(below < quantile, middle, low), np.where(below < quantile, high, middle)
        pick = np.minimum if quantile < 0.5 else np.maximum  # noqa: PLR2004 - the middle
        bands[edge] = pick(bands[edge], (low + high) / 2)
