"""Moves still to come: a level that moves now and then, or whose peers' levels do, will move again.

After a step is taken out of a history its errors say how the series varies at one level, and nothing of the next step;
a series that never moved says little of whether it will. So each day ahead has the chance of a move that the history of
the series and of its panel have (a Poisson process whose rate has a gamma prior, from the peers), and the bounds are
those of the mixture: no move, or one like those that were. A move stays: what it adds to the bounds of one step is
common to all steps after it, so that sums over them are as wide.
"""

import numpy as np
from scipy.interpolate import RegularGridInterpolator
from scipy.special import ndtr

from forecasting.outcome import HI80, HI95, LO80, LO95, MEAN
from forecasting.panel.breaks.kinds import MOVED, Break
from forecasting.panel.grain import DAY
from forecasting.panel.history import Floats, Found, History

LARGEST = 1.0  # log: of a move, as large as one is expected to come again
PRIOR_DAYS = 180.0  # of the panel's history that count beside a series' own
PEERS = 8  # quantiles of the panel's moves that stand for what a series' own may come to
QUANTILES = {LO95: 0.025, LO80: 0.1, HI80: 0.9, HI95: 0.975}
LOW = (LO95, LO80)
Z80 = 1.2816
SMALLEST = 1e-9  # spread, as a share of the mean
SPREADS, CHANCES = 3, 8  # places at which bounds are sought
FAR = 4.0  # spreads beyond which nothing is expected
HALVINGS = 16  # of the range that a quantile lies in
NOTICED = 0.0005  # chance of a move up to the last step, under which no bound is sought
MOST = 0.95  # correlation of steps far apart


def expect_moves(bands: Floats, history: History) -> Floats:
    """Widen bands (band, series, step), scaled, to what moves to come would make of them."""
    days = (history.x.shape[1] - history.first) / DAY[history.grain]
    rates, sizes = move_rates(history.found, days)
    ahead = (1 + np.arange(bands.shape[2])) / DAY[history.grain]
    out = bands.copy()
    is_known = np.isfinite(bands).all(axis=(0, 2)) & (bands[MEAN] > 0).all(axis=1)
    for row in np.flatnonzero((rates * ahead[-1] > NOTICED) & is_known):
        _widen(out[:, row], sizes[row], 1 - np.exp(-rates[row] * ahead))
    return out


def move_rates(found: Found, days: Floats) -> tuple[Floats, list[Floats]]:
    """Return moves a day (series,) and their sizes as logs, up and down alike, of each series.

    The first move of a panel says that a level may move, not how often: it is free.
    """
    own = [_logs(breaks) for breaks in found]
    moves = np.array([len(logs) for logs in own])
    every = np.concatenate([*own, -np.concatenate([*own, np.zeros(0)])])
    known = np.maximum(days, 1.0)
    rate = max(int(moves.sum()) - 1, 0) / known.sum() if len(known) else 0.0
    rates = (moves + PRIOR_DAYS * rate) / (known + PRIOR_DAYS) if rate else np.zeros(len(known))
    typical = np.quantile(every, (np.arange(PEERS) + 0.5) / PEERS) if len(every) else every
    return rates, [np.r_[logs, -logs, typical] for logs in own]


def lasting(correlation: Floats, before: Floats, after: Floats) -> Floats:
    """Correlation (series,) of steps once moves widened bands (band, series, step): what they add is common to all."""
    was, now = (bands[HI95] - bands[LO95] for bands in (before, after))
    added = 1 - np.divide(was, now, out=np.ones(now.shape), where=now > 0).mean(axis=1)
    raised: Floats = np.maximum(correlation, np.minimum(1 - (1 - correlation) * (1 - added), MOST))
    return raised


def _logs(breaks: tuple[Break, ...]) -> Floats:
    factors = [one.factor for one in breaks if one.kind in MOVED and np.isfinite(one.factor) and one.factor > 0]
    logs: Floats = np.clip(np.log(factors), -LARGEST, LARGEST)
    return logs


def _widen(bands: Floats, sizes: Floats, chance: Floats) -> None:
    """Move the bounds of one series (band, step) out to the quantiles of the mixture; never in."""
    mean = bands[MEAN]
    spread = np.maximum((bands[HI80] - bands[LO80]) / 2 / Z80 / mean, SMALLEST)
    # A bound follows from two numbers: it is sought on a grid of them, however many steps there are.
    spreads = np.geomspace(spread.min(), spread.max() * (1 + SMALLEST), SPREADS)
    chances = np.linspace(chance[0], chance[-1] * (1 + SMALLEST), CHANCES)
    found = _quantiles(np.exp(sizes) - 1, spreads[:, None, None], chances[:, None])
    at = np.stack([np.clip(spread, spreads[0], spreads[-1]), np.clip(chance, chances[0], chances[-1])], axis=1)
    for edge, bound in zip(
        QUANTILES, mean * (1 + RegularGridInterpolator((spreads, chances), found)(at).T), strict=True
    ):
        bands[edge] = np.minimum(bands[edge], bound) if edge in LOW else np.maximum(bands[edge], bound)


def _quantiles(moves: Floats, spread: Floats, chance: Floats) -> Floats:
    """Quantiles (spread, chance, edge), as shares of the mean, of a normal error and, by chance, one of the moves.

    Halved from both sides; the inner end is returned, so that no bound is wider than it has to be.
    """
    wanted = np.array(list(QUANTILES.values()))
    shape = np.broadcast_shapes(spread.shape, chance.shape, wanted.shape)
    low = np.broadcast_to(min(moves.min(), 0.0) - FAR * spread, shape)
    high = np.broadcast_to(max(moves.max(), 0.0) + FAR * spread, shape)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        moved = ndtr((middle[..., None] - moves) / spread[..., None]).mean(axis=-1)
        is_under = (1 - chance) * ndtr(middle / spread) + chance * moved < wanted
        low, high = np.where(is_under, middle, low), np.where(is_under, high, middle)
    return np.where(wanted < 0.5, high, low)  # noqa: PLR2004 - the middle
