"""Capacity priced: what each number of units costs, and how likely and how long the load passes what they carry."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FEWEST, MOST, POINTS = 0.4, 2.5, 22  # of the units that there are now; on the curve
WITHIN_DAYS = (30, 60, 90)
HOURS_PATHS = 20  # futures that the hours are counted on: their mean needs fewer than a tail
NEAR = 1e-6  # of the units now: points so close are one
TINY = 1e-9  # of a unit: what rounding errors may add to a need
HOURS = 24.0
CURVE = (
    "units",
    "cost_usd_month",
    *(f"breach_probability_{days}d" for days in WITHIN_DAYS),
    "expected_breach_hours",
    "is_current",
    "is_advised",
)


def unit_size(facts: pd.DataFrame) -> tuple[Floats, NDArray[np.bool_]]:
    """How much of the metric a unit carries, and whether units are whole: without known units one is of the metric.

    Where there are two and a half of something, it is bought by parts.
    """
    units = facts["units"].to_numpy(dtype=float)
    limit = facts["limit_value"].to_numpy(dtype=float)
    size = np.divide(limit, units, out=np.ones(len(limit)), where=units > 0)
    return size, (units > 0) & (units == np.rint(units))


def trade_curves(facts: pd.DataFrame, paths: Floats, limits: Floats, quantile: Floats) -> pd.DataFrame:
    """Return a list a series for each column of CURVE, from paths (series, path, day) of daily peaks.

    Units are those of today: where limits (series, day) are declared to change, so many more or fewer than there are
    go on beside what was declared.

    `shape` of the facts: the hours of a day against its peak, sorted shares; null where hours are not measured. The
    advised point is the least capacity whose risk of being passed is what the tier accepts, fewer units or more.
    """
    size, is_whole = unit_size(facts)
    declared = limits - facts["limit_value"].to_numpy(dtype=float)[:, None]  # more than today, by day
    over = paths - declared[:, None, :] if declared.any() else paths
    highest = [np.sort(over[:, :, :days].max(axis=2), axis=1) for days in WITHIN_DAYS]
    reach = [paths.shape[2] >= days for days in WITHIN_DAYS]
    peaks = np.sort(over.max(axis=2), axis=1)
    rows = []
    for row in range(len(facts)):
        now = float(facts["limit_value"].iloc[row] / size[row])
        rank = max(0, int(np.ceil(quantile[row] * peaks.shape[1])) - 1)
        advised = _advised(float(peaks[row, rank] / size[row]), whole=bool(is_whole[row]))
        units = _grid(now, advised, whole=bool(is_whole[row]))
        carried = units * size[row]
        carried[units == advised] = np.maximum(carried[units == advised], peaks[row, rank])  # not a last bit below it
        chances = [
            _share_above(top[row], carried) if reached else np.full(len(carried), np.nan)
            for top, reached in zip(highest, reach, strict=True)
        ]
        cost = facts["unit_cost_usd_month"].iloc[row]
        price = float(cost) if pd.notna(cost) else np.nan
        hours = _hours(paths[row, :HOURS_PATHS], carried[:, None] + declared[row], facts["shape"].iloc[row])
        rows.append((units, units * price, *chances, hours, units == now, units == advised))
    return pd.DataFrame(rows, columns=list(CURVE))


def unfold(curves: pd.DataFrame) -> pd.DataFrame:
    """Turn a list a series into a row a point of its curve."""
    table = curves.explode(list(CURVE), ignore_index=True)
    kinds = {name: "bool" if name.startswith("is_") else "float64" for name in CURVE}
    return table.dropna(subset=["units"]).astype(kinds)


def _advised(need: float, *, whole: bool) -> float:
    if not np.isfinite(need):
        return np.nan
    return max(1.0, float(np.ceil(need - TINY))) if whole else max(need, 0.0)


def _grid(now: float, advised: float, *, whole: bool) -> Floats:
    some = now * np.linspace(FEWEST, MOST, POINTS)
    points = np.maximum(np.round(some), 1.0) if whole else some
    named = np.array([point for point in (now, advised) if np.isfinite(point)])
    apart = (np.abs(points[:, None] - named) > NEAR * now).all(axis=1)
    result: Floats = np.unique(np.append(points[apart], named))
    return result


def _share_above(ordered: Floats, limits: Floats) -> Floats:
    return 1 - np.searchsorted(ordered, limits, side="right") / len(ordered)


def _hours(paths: Floats, limits: Floats, shape: object) -> Floats:
    """Hours that pass limits (point, day) over paths (path, day): of a day those whose share of its peak does."""
    if not isinstance(shape, np.ndarray) or not len(shape):
        return np.full(len(limits), np.nan)
    over = paths[None] > limits[:, None, :]
    needed = limits[:, None, :] / np.where(over, paths[None], np.inf)
    share = 1 - np.searchsorted(shape, needed.ravel(), side="right").reshape(needed.shape) / len(shape)
    hours = np.where(over, np.maximum(share * HOURS, 1.0), 0.0)  # a day that passes has one hour that does
    result: Floats = hours.sum(axis=2).mean(axis=1)
    return result
