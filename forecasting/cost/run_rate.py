"""Daily cost apart: the run-rate that a model can forecast, charges that recur on their day of month, and one-offs.

A day stands out where it lies above the median of the days around it by more than SURE robust deviations and by more
than LEAST of that median. A charge recurs where it stood out on the same day of the month (or the last day) in at
least two of the last three months; every other one is a one-off, and is not run-rate. What stands out week after week,
or every other week, is the run-rate's own: a model learns it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.accuracy import wape
from forecasting.nanstats import median
from forecasting.outcome import MEAN, Outcome

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]

SURE = 6.0  # robust standard deviations
LEAST = 0.25  # of the median around
AROUND = 10  # days to each side
MONTHS, NEED = 3, 2
WEEK, WEEKS, AGAIN = 7, 4, 2  # days; to each side
LAST_DAY = 0  # key of a charge on the last day of the month
UNIT_DAYS = 28  # over which the cost of a unit of the driver is the median


@dataclass(frozen=True)
class Split:
    """Cost of each day (series, day) in its parts; run_rate + recurring + one_off = cost where it was known."""

    run_rate: Floats  # a day that stood out takes the median around it
    recurring: Floats
    one_off: Floats
    amounts: list[dict[int, float]]  # by series: expected charge by day of month, 0 the last day


@dataclass(frozen=True)
class Driven:
    """Cost as requests forecast times unit cost, and whether that did better at the held-out origins."""

    bands: Floats  # (band, series, step): the driver's where it won, the cost's own elsewhere
    is_kept: NDArray[np.bool_]


def split_cost(cost: Floats, days: Days) -> Split:
    """Take recurring and one-off charges out of daily cost (series, day); NaN stays NaN."""
    middle = _around(cost)
    spread = 1.4826 * _around(np.abs(cost - middle))
    excess = cost - middle
    stands = (excess > np.maximum(SURE * spread, LEAST * np.abs(middle))) & ~np.isnan(cost)
    stands &= ~_is_weekly(stands)
    keys = _day_keys(days)
    recent = days.astype("datetime64[M]") > days[-1].astype("datetime64[M]") - MONTHS - 1
    recurring, amounts = np.zeros(cost.shape), []
    for row in range(len(cost)):
        own: dict[int, float] = {}
        for key in np.unique(keys[stands[row]]):
            hits = stands[row] & (keys == key)
            if (hits & recent).sum() >= NEED:
                own[int(key)] = float(np.median(excess[row, hits & recent]))
                recurring[row, hits] = excess[row, hits]
        amounts.append(own)
    charges = np.where(stands, excess, 0.0)
    return Split(cost - charges, recurring, charges - recurring, amounts)


def recurring_ahead(amounts: list[dict[int, float]], targets: Days) -> Floats:
    """Charges (series, step) that recur on the days to come: what is added to a forecast of the run-rate."""
    keys = _day_keys(targets)
    return np.stack([np.array([by_key.get(int(key), 0.0) for key in keys]) for by_key in amounts])


def drive(cost: Outcome, driver: Outcome) -> Driven:
    """Forecast cost as unit cost times the driver's forecast, kept for the series where it wins the backtest.

    Row k of both outcomes is the same service, on one grid. The unit cost at an origin is the median ratio of the four
    weeks before it. The band keeps the cost's own relative width around the new mean.
    """
    unit = _unit_cost(cost.panel.y, driver.panel.y, cost.panel.y.shape[1])
    made, _, series, steps = cost.vintages.bands.shape
    foreseen = np.full((made, series, steps), np.nan)
    for k, j in np.ndindex(made, len(driver.vintages.bands)):
        same = cost.vintages.made_on[k] == driver.vintages.made_on[j]  # false for NaT: no such vintage
        for moment in np.unique(cost.vintages.made_on[k][same]):
            rows = np.flatnonzero(same & (cost.vintages.made_on[k] == moment))
            origin = cost.panel.column(moment)
            known = _unit_cost(cost.panel.y[rows], driver.panel.y[rows], origin)
            foreseen[k, rows] = known[:, None] * driver.vintages.bands[j, MEAN, rows]
    truth = cost.vintages.actual.transpose(1, 0, 2).reshape(series, -1)
    own = wape(truth, cost.vintages.bands[:, MEAN].transpose(1, 0, 2).reshape(series, -1))
    other = wape(truth, foreseen.transpose(1, 0, 2).reshape(series, -1))
    kept = other < own
    mean = np.where(np.isnan(unit), 0.0, unit)[:, None] * driver.bands[MEAN]
    relative = np.divide(cost.bands, cost.bands[MEAN], out=np.ones(cost.bands.shape), where=cost.bands[MEAN] > 0)
    return Driven(np.where(kept[None, :, None], mean * relative, cost.bands), kept)


def _unit_cost(cost: Floats, driver: Floats, until: int) -> Floats:
    window = slice(max(0, until - UNIT_DAYS), until)
    top, bottom = cost[:, window], driver[:, window]
    ratio = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return median(ratio, axis=1)


def _day_keys(days: Days) -> NDArray[np.intp]:
    """Day of the month, 1 to 30; LAST_DAY on the last one, which months have at different numbers."""
    dates = days.astype("datetime64[D]")
    number = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.intp) + 1
    last = (dates + 1).astype("datetime64[M]") != dates.astype("datetime64[M]")
    return np.where(last, LAST_DAY, number)


def _is_weekly(stands: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which days (series, day) stood out on AGAIN of the same days of the WEEKS before and after too."""
    padded = np.pad(stands, ((0, 0), (WEEKS * WEEK, WEEKS * WEEK)))
    days = stands.shape[1]
    shifts = [k * WEEK for k in range(2 * WEEKS + 1) if k != WEEKS]
    seen = sum(padded[:, shift : shift + days].astype(np.intp) for shift in shifts)
    result: NDArray[np.bool_] = np.asarray(seen >= AGAIN)
    return result


def _around(cells: Floats) -> Floats:
    """Median over the days to each side, the day itself left out; fewer at the ends."""
    padded = np.pad(cells, ((0, 0), (AROUND, AROUND)), constant_values=np.nan)
    views = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1, axis=1)
    others = np.delete(views, AROUND, axis=2)
    return median(others, axis=2)
