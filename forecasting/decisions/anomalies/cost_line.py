"""What cost follows of load: a line by cell, which few days far off do not bend."""

import numpy as np
from numpy.typing import NDArray

from forecasting.nanstats import median

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ROBUST = 1.4826  # of a normal distribution: median absolute error to standard deviation
RARE_SURE, RARE_RATIO, RARE_SHARE = 8.0, 0.5, 0.1  # robust deviations, of the middle, of the days at most
WEEK = 7


def fit_line(cost: Floats, load: Floats, learnt: Flags) -> tuple[Floats, Floats, Floats]:
    """Least squares of cost on load by cell: (mean load, mean cost, slope); no slope below 0 or beyond proportion."""
    known = learnt & np.isfinite(load)
    n, pairs = learnt.sum(axis=1), known.sum(axis=1)
    mean_cost = np.where(learnt, cost, 0).sum(axis=1) / np.maximum(n, 1)
    x = np.where(known, load, 0)
    mean_load = x.sum(axis=1) / np.maximum(pairs, 1)
    paired_cost = np.where(known, cost, 0).sum(axis=1) / np.maximum(pairs, 1)
    dx = np.where(known, load - mean_load[:, None], 0)
    dy = np.where(known, cost - paired_cost[:, None], 0)
    variance = (dx * dx).sum(axis=1)
    slope = np.divide((dx * dy).sum(axis=1), variance, out=np.zeros(len(cost)), where=(variance > 0) & (pairs >= WEEK))
    proportion = np.divide(mean_cost, mean_load, out=np.zeros(len(cost)), where=mean_load > 0)
    return mean_load, np.where(pairs > 0, paired_cost, mean_cost), np.clip(slope, 0.0, np.maximum(proportion, 0.0))


def on_line(fit: tuple[Floats, Floats, Floats], load: Floats) -> Floats:
    """Return what each cell's line expects of loads (cell, day); of an unknown one what it expects of the mean."""
    mean_load, mean_cost, slope = fit
    return mean_cost[:, None] + slope[:, None] * np.where(np.isfinite(load), load - mean_load[:, None], 0.0)


def are_rare(cost: Floats, learnt: Flags) -> Flags:
    """Tell which few days lie so far from the middle of a cell's days that a line must not bend to them."""
    known = np.where(learnt, cost, np.nan)
    middle = median(known, axis=1)[:, None]
    apart = np.abs(known - middle)
    far = apart > np.maximum(RARE_SURE * ROBUST * median(apart, axis=1)[:, None], RARE_RATIO * np.abs(middle))
    few = far.sum(axis=1) < RARE_SHARE * learnt.sum(axis=1)
    result: Flags = far & few[:, None]
    return result
