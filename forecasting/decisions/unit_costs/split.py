"""A change of list cost split into price, efficiency, mix and volume with no residual.

Bennet's indicator (T. L. Bennet 1920; W. E. Diewert 2005, sections 5-6): each factor's change is taken at the mean of
the others before and after. Quantity is requests x use a request x the cell's share of that use.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_QUANTITY = 1e-9  # less than this is no quantity
MOST_RATIO = 1000.0  # of a price after and before


@dataclass(frozen=True)
class Split:
    """By cell, in the currency; they add up to the change of its list cost."""

    price: Floats
    efficiency: Floats
    mix: Floats
    volume: Floats


def split_change(  # noqa: PLR0913, PLR0917 - cost and use on both sides, what shares use, and what drives it
    list_before: Floats,
    list_after: Floats,
    quantity_before: Floats,
    quantity_after: Floats,
    group: NDArray[np.intp],
    requests: tuple[Floats, Floats],
) -> Split:
    """Split cells (cell). `group` numbers what one unit of use can move within; `requests` before and after by cell.

    A cell without quantity, or whose unit has changed, counts its list cost as its use, at a price of 1. A price that
    is not known on one side, as of a product that was not used, is the other side's: its whole change is use. Where
    requests are missing or 0 on either side they explain nothing: all use is volume.
    """
    known = _is_known(list_before, quantity_before) & _is_known(list_after, quantity_after)
    known &= _is_one_unit(list_before, quantity_before, list_after, quantity_after)
    q0, q1 = (
        np.where(known, np.nan_to_num(q), cost)
        for q, cost in ((quantity_before, list_before), (quantity_after, list_after))
    )
    p0, p1 = _prices(list_before, q0), _prices(list_after, q1)
    p0, p1 = np.where(np.isnan(p0), p1, p0), np.where(np.isnan(p1), p0, p1)
    p0, p1 = np.nan_to_num(p0), np.nan_to_num(p1)
    mean_price = (p0 + p1) / 2
    u0, u1 = _sums(q0, group), _sums(q1, group)
    s0 = np.divide(q0, u0, out=np.full(len(q0), np.nan), where=u0 != 0)
    s1 = np.divide(q1, u1, out=np.full(len(q1), np.nan), where=u1 != 0)
    s0, s1 = np.nan_to_num(np.where(np.isnan(s0), s1, s0)), np.nan_to_num(np.where(np.isnan(s1), s0, s1))
    at_mean = mean_price * (s0 + s1) / 2
    n0, n1 = requests
    driven = (n0 > 0) & (n1 > 0)
    n0, n1 = np.where(driven, n0, 1.0), np.where(driven, n1, 1.0)
    volume = np.where(driven, at_mean * (u0 / n0 + u1 / n1) / 2 * (n1 - n0), at_mean * (u1 - u0))
    efficiency = np.where(driven, at_mean * (n0 + n1) / 2 * (u1 / n1 - u0 / n0), 0.0)
    return Split(
        price=(q0 + q1) / 2 * (p1 - p0),
        efficiency=efficiency,
        mix=mean_price * (u0 + u1) / 2 * (s1 - s0),
        volume=volume,
    )


def _is_known(cost: Floats, quantity: Floats) -> NDArray[np.bool_]:
    """Tell where a quantity says what was used: it is there, or nothing was."""
    result: NDArray[np.bool_] = (np.nan_to_num(quantity) > LEAST_QUANTITY) | (cost == 0)
    return result


def _is_one_unit(cost0: Floats, quantity0: Floats, cost1: Floats, quantity1: Floats) -> NDArray[np.bool_]:
    """Tell where the price before and after can be of one unit: beyond MOST_RATIO what a unit is has changed."""
    left, right = np.abs(cost1 * np.nan_to_num(quantity0)), np.abs(cost0 * np.nan_to_num(quantity1))
    is_one_unit: NDArray[np.bool_] = (left <= MOST_RATIO * right) & (right <= MOST_RATIO * left)
    is_one_unit |= (cost0 == 0) | (cost1 == 0)
    return is_one_unit


def _prices(cost: Floats, quantity: Floats) -> Floats:
    result: Floats = np.divide(cost, quantity, out=np.full(len(cost), np.nan), where=quantity != 0)
    return result


def _sums(quantity: Floats, group: NDArray[np.intp]) -> Floats:
    by_group = np.bincount(group, weights=quantity, minlength=int(group.max(initial=-1)) + 1).astype(np.float64)
    result: Floats = by_group[group]
    return result
