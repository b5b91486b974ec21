"""Intervals that learn from live coverage: how much wider or narrower they have to be to hold what they promise.

A conformal step on live scores (Gibbs & Candes 2021; Angelopoulos et al. 2023, "Conformal PID"): how far each truth
lay from the forecast, in units of the half-width on its side, and the quantile of that at the level is the multiplier
that would have been right. Recent truths count more; few truths move it little.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HALF_LIFE = 14.0  # scored nights
PRIOR = 7.0  # nights of evidence for leaving the width as it is: one night's cells are one look, not many
LOWEST, HIGHEST = 0.5, 4.0


@dataclass(frozen=True)
class Widening:
    """One entry a series."""

    multiplier: Floats  # of both half-widths; 1 where nothing was scored
    coverage: Floats  # as measured, recent nights counting more


def widening(actual: ArrayLike, bands: tuple[ArrayLike, ArrayLike, ArrayLike], level: float) -> Widening:
    """Multiplier for intervals of `level` from live scores: arrays (series, night, step), the newest night last.

    `bands` is (low, mean, high) as they were published; NaN cells are not scored.
    """
    y, low, mean, high = (np.asarray(cells, dtype=float) for cells in (actual, *bands))
    half = np.where(y >= mean, high - mean, mean - low)
    far = np.divide(np.abs(y - mean), half, out=np.full(y.shape, np.inf), where=half > 0)
    far = np.where(y == mean, 0.0, far)
    scored = ~np.isnan(y) & ~np.isnan(half)
    nights = y.shape[1]
    recency = 0.5 ** ((nights - 1 - np.arange(nights)) / HALF_LIFE)
    per_night = scored.sum(axis=2, keepdims=True)
    weight = np.where(scored, recency[None, :, None] / np.maximum(per_night, 1), 0.0)
    weight, far = (cells.reshape(len(y), -1) for cells in (weight, far))
    right = _weighted_quantile(far, weight, level)
    looks = weight.sum(axis=1)
    trust = looks / (looks + PRIOR)
    multiplier = np.exp(trust * np.log(np.clip(right, LOWEST, HIGHEST)))
    multiplier = np.where(looks > 0, multiplier, 1.0)
    return Widening(multiplier, _share(far, weight, 1.0))


def widen(bands: tuple[Floats, Floats, Floats], multiplier: Floats, floor: ArrayLike) -> tuple[Floats, Floats]:
    """(low, high) of (low, mean, high), (series, step) each, with both half-widths times `multiplier` (series)."""
    low, mean, high = bands
    wide = multiplier[:, None]
    result: tuple[Floats, Floats] = (
        np.maximum(mean - wide * (mean - low), np.asarray(floor)),
        mean + wide * (high - mean),
    )
    return result


def _weighted_quantile(cells: Floats, weight: Floats, level: float) -> Floats:
    """Smallest value (series) with at least `level` of the weight at or below it; 1 where there is no weight."""
    order = np.argsort(np.where(weight > 0, cells, np.inf), axis=1, kind="stable")
    mass = np.cumsum(np.take_along_axis(weight, order, axis=1), axis=1)
    reached = mass >= level * mass[:, -1:] - 1e-12
    place = np.take_along_axis(order, reached.argmax(axis=1)[:, None], axis=1)
    reached_at = np.take_along_axis(cells, place, axis=1)[:, 0]
    return np.where(mass[:, -1] > 0, reached_at, 1.0)


def _share(cells: Floats, weight: Floats, within: Floats | float) -> Floats:
    total = weight.sum(axis=1)
    inside = np.where(cells <= within + 1e-12, weight, 0.0).sum(axis=1)
    result: Floats = np.divide(inside, total, out=np.full(total.shape, np.nan), where=total > 0)
    return result
