"""Sums over series that are wrong together: a one-factor Gaussian copula over the distribution of each.

Each series keeps its own distribution; how they move together is one correlation, learnt from how far the backtest
missed each of them from the same origins. Independent series would give a sum whose interval is far too narrow.
"""

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasting.paths.calendar_sums import SCORES

Floats = NDArray[np.float64]

PRIOR, PRIOR_ORIGINS = 0.2, 4.0  # correlation where no origin tells, and how many origins it counts as
MOST = 0.95
DRAWS = 4000


def common_correlation(errors: Floats, weights: Floats) -> float:
    """Correlation of a group's errors (series, origin; NaN: none) that makes its weighted sum as wide as it was.

    With unit errors E[(sum w z)^2] = (1 - r) sum w^2 + r (sum w)^2, solved for r; uncentred, since a common level error
    is what is looked for.
    """
    total, own = float(weights.sum()), float((weights**2).sum())
    tried = np.maximum((~np.isnan(errors)).sum(axis=1, keepdims=True), 1)
    size = np.sqrt(np.nansum(errors**2, axis=1, keepdims=True) / tried) if errors.size else errors
    unit = np.divide(errors, size, out=np.full(errors.shape, np.nan), where=size > 0)
    whole = (~np.isnan(unit)).mean(axis=0) > 0.5 if unit.size else np.zeros(0, dtype=bool)  # noqa: PLR2004 - most of the group
    if not whole.any() or total * total <= own:
        return PRIOR
    known = ~np.isnan(unit[:, whole])
    part = np.where(known, unit[:, whole], 0.0) * weights[:, None]
    # Each origin by the series that it has: their own sums of weights.
    totals, owns = (known * weights[:, None]).sum(axis=0), (known * weights[:, None] ** 2).sum(axis=0)
    apart = totals**2 - owns
    share = np.divide(part.sum(axis=0) ** 2 - owns, apart, out=np.zeros(len(apart)), where=apart > 0)
    origins = int((apart > 0).sum())
    shrunk = (float(share.sum()) + PRIOR * PRIOR_ORIGINS) / (origins + PRIOR_ORIGINS)
    return float(np.clip(shrunk, 0.0, MOST))


def generator_of(*names: object) -> np.random.Generator:
    """Random numbers of one sum's own, by what names it, so that its result does not depend on the others."""
    name = "\0".join(map(str, names))
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


def draw_sum(quantiles: Floats, weights: Floats, correlation: float, rng: np.random.Generator) -> Floats:
    """Draws of the weighted sum of series with quantiles (series, score) at SCORES."""
    common = rng.standard_normal(DRAWS) * np.sqrt(correlation)
    total = np.zeros(DRAWS)
    for own, weight in zip(quantiles, weights, strict=True):
        score = common + rng.standard_normal(DRAWS) * np.sqrt(1 - correlation)
        total += weight * np.interp(score, SCORES, own)
    return total


def align_errors(paths: pd.DataFrame) -> Floats:
    """Lay lists of origins and errors, a row a series, beside each other by origin (series, origin)."""
    every = sorted({moment for origins in paths["origins"] for moment in origins})
    place = {moment: k for k, moment in enumerate(every)}
    matrix = np.full((len(paths), len(every)), np.nan)
    for row, (origins, errors) in enumerate(zip(paths["origins"], paths["errors"], strict=True)):
        for moment, error in zip(origins, errors, strict=True):
            matrix[row, place[moment]] = np.nan if error is np.ma.masked else error
    return matrix
