"""New services, under four weeks old: the week of services like them, scaled to their own level.

Like are the series of the same metric in the panel that are old enough. The more of its own history a newcomer has, the
more its own models count; its interval is wide either way, and the fit says what was done.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.models.short_history import widening
from forecasting.nanstats import median
from forecasting.panel.history import Floats, History
from forecasting.panel.series_class import NEW_WEEKS

FEWEST_LIKE = 3
OWN_WEEKS = 3  # of measured values, from which a newcomer needs nobody
WIDER = 1.5  # half-widths of a newcomer's interval, against what its short backtest shows
Z80, Z95 = 1.2816, 1.96


@dataclass(frozen=True)
class Borrowed:
    """A newcomer's forecast from its peers, in its scaled unit."""

    bands: Floats  # (band, step)
    own_share: float  # 0..1: how much its own models should count
    peers: int


def borrow(history: History, row: int, like: NDArray[np.intp], horizon: int) -> Borrowed | None:
    """Scale the median week of the `like` rows to the newcomer; None where fewer than three can lend theirs."""
    week, total = history.seasons[-1], history.x.shape[1]
    if total < NEW_WEEKS * week:
        return None
    weeks = history.y[like, total - NEW_WEEKS * week :].reshape(len(like), NEW_WEEKS, week)
    shapes = median(weeks, axis=1)
    level = median(shapes, axis=1)
    usable = (level > 0) & ~np.isnan(shapes).any(axis=1)
    if usable.sum() < FEWEST_LIKE:
        return None
    shape = np.median(shapes[usable] / level[usable, None], axis=0)
    own = history.y[row, total - NEW_WEEKS * week :]
    measured = ~np.isnan(own)
    expected = np.tile(shape, NEW_WEEKS)[measured]
    if not measured.any() or not (expected > 0).all():
        return None
    scale = float(np.median(own[measured] / expected))
    mean = scale * shape[np.arange(horizon) % week]
    left = float(np.var(own[measured] - scale * expected))
    alike = float(
        np.clip(1 - left / max(float(np.var(own[measured])), 1e-12), 0.0, 1.0)
    )  # R squared of the borrowed week
    young = max(0.0, 1 - measured.sum() / (OWN_WEEKS * week))
    share = 1 - alike * young
    spread = WIDER * max(float(np.std(own[measured] - scale * expected)), 0.1 * abs(scale))
    size = spread * widening(horizon, int(measured.sum()))
    bands = np.stack([mean - Z95 * size, mean - Z80 * size, mean, mean + Z80 * size, mean + Z95 * size])
    return Borrowed(bands, share, int(usable.sum()))


def blend(own: Floats, borrowed: Borrowed) -> Floats:
    """Mean of a newcomer's own bands (band, step) and its peers', with the wider half-widths of the two."""
    if not np.isfinite(own).all():
        return borrowed.bands
    mean = borrowed.own_share * own[2] + (1 - borrowed.own_share) * borrowed.bands[2]
    widths = np.stack([np.abs(bands - bands[2]) for bands in (WIDER * own, borrowed.bands)]).max(axis=0)
    result: Floats = mean + np.array([-1.0, -1.0, 0.0, 1.0, 1.0])[:, None] * widths
    return result
