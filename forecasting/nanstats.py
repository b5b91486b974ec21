"""Medians, means and quantiles that leave NaN out, without a warning where nothing is left.

numpy's nanmedian walks slice by slice in Python where there are NaNs; these sort the whole block once. Two rules for an
even count, because they are not the same number: `median` is the mean of the middle two, `low_median` the lower of
them, a value that was really seen (the log or the ratio of a mean of two is not the mean of theirs).
"""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
F = TypeVar("F", bound=np.floating[Any])


def median(cells: NDArray[F], axis: int, fewest: int = 1) -> NDArray[F]:
    """Median over `axis`, as precise as the cells; NaN where fewer than `fewest` cells are known, or there are none."""
    if not cells.shape[axis]:
        empty: NDArray[F] = np.full_like(cells.sum(axis=axis), np.nan)
        return empty
    ordered = np.sort(cells, axis=axis)  # NaN last
    seen = (~np.isnan(cells)).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(seen - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, np.minimum(seen // 2, max(cells.shape[axis] - 1, 0)), axis=axis)
    both: NDArray[F] = np.where(seen >= fewest, (low + high) / 2, np.nan).squeeze(axis)
    return both


def low_median(cells: Floats, axis: int, fewest: int = 1) -> Floats:
    """Lower median over `axis`; NaN where fewer than `fewest` cells are known, or there are none."""
    if not cells.shape[axis]:
        none: Floats = np.full_like(cells.sum(axis=axis), np.nan)
        return none
    ordered = np.sort(cells, axis=axis)
    seen = (~np.isnan(cells)).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(seen - 1, 0) // 2, axis=axis)
    result: Floats = np.where(seen >= fewest, low, np.nan).squeeze(axis)
    return result


def mean(cells: Floats, axis: int, fewest: float = 1) -> Floats:
    """Mean over `axis`; NaN where fewer than `fewest` cells are known."""
    seen = (~np.isnan(cells)).sum(axis=axis)
    return ratio(np.nansum(cells, axis=axis), np.where(seen >= fewest, seen, 0))


def row_quantiles(rows: Floats, probabilities: tuple[float, ...]) -> Floats:
    """Linear quantiles (probability, row); NaN where a row knows nothing."""
    ordered = np.sort(rows, axis=1)
    last = np.maximum((~np.isnan(rows)).sum(axis=1) - 1, 0)
    at = np.arange(len(rows))
    quantiles = np.full((len(probabilities), len(rows)), np.nan)
    for k, probability in enumerate(probabilities):
        place = probability * last
        low = np.floor(place).astype(np.intp)
        high = np.minimum(low + 1, last)
        quantiles[k] = ordered[at, low] + (place - low) * (ordered[at, high] - ordered[at, low])
    return quantiles


def ratio(top: Floats, bottom: Floats | NDArray[np.intp]) -> Floats:
    """Share, NaN where the bottom is not above zero."""
    result: Floats = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=np.asarray(bottom) > 0)
    return result
