"""When a simulated load first passes its limit, how likely that is, by when somebody must act, and what to add.

Works on paths (series, path, step) of daily peaks; a path passes a limit at its first step above it. A limit may change
on a day. A tier plans for a quantile of the peak: it wants as much capacity as that.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.capacity_trade import CURVE, TINY, trade_curves, unfold, unit_size
from forecasting.decisions.night import Frames, Night, Rows
from forecasting.intervals.peaks import PEAK_SCORES, with_peaks
from forecasting.outcome import MEAN
from forecasting.paths.stored import Block, over_blocks

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

TIER_QUANTILE = {0: 0.99, 1: 0.95, 2: 0.90}  # of the peak: how sure a tier wants to be
LAST_TIER = 2  # what is not catalogued is planned like it
DATE_QUANTILES = (0.10, 0.50, 0.90)
NOT_YET = np.datetime64("NaT", "us")


@dataclass(frozen=True)
class Passage:
    """One entry a series. Dates are UTC; NaT where the limit is not reached within the horizon at that quantile.

    A probability beyond the horizon is NaN: no path looks that far.
    """

    p10_date: Times
    p50_date: Times
    p90_date: Times
    probability_30d: Floats
    probability_60d: Floats
    probability_90d: Floats


class Headroom(BaseModel):
    """When each limit will be reached, from the futures of the daily peaks."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["headroom"] = "headroom"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`path`: stored futures of the limited series, and what is known of their limits; `peak`: how full they are.

        Futures of counts are of days where limits are of hours: `peak_share` is the busiest hour's part of a day.
        """
        judged = over_blocks(inputs["path"], partial(_of_block, count=night.paths))
        if judged.empty:
            return [Rows("headroom", judged), Rows("capacity_trade", judged, is_newest_only=True)]
        trade = unfold(judged[["service", "metric", *CURVE]])
        known = judged.drop(columns=list(CURVE)).merge(inputs["peak"], on=["service", "metric"], how="left")
        return [Rows("headroom", known), Rows("capacity_trade", trade, is_newest_only=True)]


def first_passage(paths: Floats, limits: ArrayLike, times: Times) -> Passage:
    """First-passage dates and probabilities of paths (series, path, step) over limits; NaN is no limit.

    Limits are by series, or by series and step where they change.
    """
    limit = _by_step(limits)
    first = first_steps(paths, limit)
    steps = paths.shape[2]
    ordered = np.sort(first, axis=1)
    stamps = np.append(times.astype("datetime64[us]"), NOT_YET)
    dates = [stamps[ordered[:, _rank(q, ordered.shape[1])]] for q in DATE_QUANTILES]
    step = times[1] - times[0] if steps > 1 else np.timedelta64(1, "D")
    days = (times - times[0] + step) / np.timedelta64(1, "D")  # days from the origin to the end of each step
    unlimited = np.asarray(np.isnan(limit).all(axis=1))
    chance = [_within(first, days, unlimited, within) for within in (30, 60, 90)]
    return Passage(dates[0], dates[1], dates[2], chance[0], chance[1], chance[2])


def first_steps(paths: Floats, limit: Floats) -> NDArray[np.intp]:
    """First step (series, path) above limits (series, step or 1); the number of steps where there is none."""
    over = paths > limit[:, None, :]
    first: NDArray[np.intp] = np.where(over.any(axis=2), over.argmax(axis=2), paths.shape[2])
    return first


def planned_date(first: NDArray[np.intp], quantile: ArrayLike, times: Times) -> Times:
    """Day by which more than 1 - quantile of the futures (first steps by series, path) have passed the limit."""
    ordered = np.sort(first, axis=1)
    count = ordered.shape[1]
    ranks = [count - 1 - _rank(q, count) for q in np.broadcast_to(np.asarray(quantile, dtype=float), len(ordered))]
    # As many futures as the quantile leaves out may pass: the next one breaks the plan.
    places = np.minimum(np.array(ranks), count - 1)
    stamps = np.append(times.astype("datetime64[us]"), NOT_YET)
    result: Times = stamps[ordered[np.arange(len(ordered)), places]]
    return result


def limits_by_step(block: Block) -> Floats:
    """Limits (series, step) of a block: limit_value, and from each day of limit_from on what limit_then says."""
    limits = np.repeat(block.facts["limit_value"].to_numpy(dtype=float)[:, None], len(block.times), axis=1)
    for row, (days, values) in enumerate(zip(block.facts["limit_from"], block.facts["limit_then"], strict=True)):
        for day, value in zip(days, values, strict=True):
            limits[row, block.times >= np.datetime64(day)] = value
    return limits


def peaks_of(block: Block, count: int) -> Floats:
    """Simulate the daily peaks (series, path, day) that limits are held against, as high as peaks turned out to be."""
    share: Floats = block.facts["peak_share"].fillna(1.0).to_numpy(dtype=float)
    errors = np.full((len(block.facts), len(PEAK_SCORES)), np.nan)
    for row, known in enumerate(block.facts["peak_errors"]):
        if len(known) == len(PEAK_SCORES):
            errors[row] = known
    paths = with_peaks(block.paths(count), block.bands[MEAN], errors)
    paths *= share[:, None, None]
    return paths


def judge_limits(facts: pd.DataFrame, paths: Floats, limits: Floats, times: Times) -> pd.DataFrame:
    """Return the columns of `headroom` that come of paths (series, path, day) and limits (series, day)."""
    passage = first_passage(paths, limits, times)
    quantile = tier_quantile(facts["tier"].fillna(LAST_TIER))
    planned = planned_date(first_steps(paths, limits), quantile, times)
    highest = peak(paths, quantile)
    if (limits == limits[:, :1]).all():  # the largest is then also the one that is fullest and farthest over
        limit = limits[:, 0]
        fullest, excess = highest / np.where(limit > 0, limit, np.nan), np.maximum(highest - limit, 0.0)
    else:
        fullest = peak(paths / np.where(limits > 0, limits, np.nan)[:, None, :], quantile)
        excess = np.maximum(peak(paths - limits[:, None, :], quantile), 0.0)
    size, is_whole = unit_size(facts)
    more = np.where(is_whole, np.ceil(excess / size - TINY), excess / size) + 0.0  # not a negative nothing
    cost = facts["unit_cost_usd_month"].astype(float).to_numpy()
    return facts[["service", "metric", "limit_value"]].assign(
        quantile=quantile,
        peak_forecast=highest,
        headroom_ratio=1 - fullest,
        p10_date=passage.p10_date,
        p50_date=passage.p50_date,
        p90_date=passage.p90_date,
        probability_30d=passage.probability_30d,
        probability_60d=passage.probability_60d,
        probability_90d=passage.probability_90d,
        act_by=act_by(passage.p10_date, facts["lead_time_days"]),
        planned_date=planned,
        units_to_add=more,
        add_by=act_by(planned, facts["lead_time_days"]),
        usd_month=more * cost,
        next_limit=[values[0] if len(values) else np.nan for values in facts["limit_then"]],
        next_limit_from=pd.to_datetime(facts["limit_from"].map(lambda days: days[0] if len(days) else None)),
    )


def act_by(p10_date: Times, lead_time_days: ArrayLike) -> Times:
    """Latest day to order more: the early (p10) date less the time that more capacity takes to arrive."""
    lead = (np.asarray(lead_time_days, dtype=float) * 86_400).astype("timedelta64[s]")
    result: Times = np.asarray(p10_date, dtype="datetime64[us]") - lead
    return result


def peak(paths: Floats, quantile: ArrayLike) -> Floats:
    """Quantile, over paths, of the highest step of each path: how full it gets within the horizon, per series."""
    highest = np.sort(paths.max(axis=2), axis=1)
    ranks = [_rank(q, highest.shape[1]) for q in np.broadcast_to(np.asarray(quantile, dtype=float), len(highest))]
    result: Floats = highest[np.arange(len(highest)), ranks]
    return result


def tier_quantile(tiers: ArrayLike) -> Floats:
    """Quantile of the peak that a tier plans for: tier 0 p99, tier 1 p95, every other p90."""
    return np.array([TIER_QUANTILE.get(int(tier), TIER_QUANTILE[2]) for tier in np.atleast_1d(np.asarray(tiers))])


def _of_block(block: Block, count: int) -> pd.DataFrame:
    """Return the columns of `headroom` that come of paths, and the curve of `capacity_trade` as lists."""
    paths = peaks_of(block, count)
    limits = limits_by_step(block)
    judged = judge_limits(block.facts, paths, limits, block.times)
    trade = trade_curves(block.facts, paths, limits, judged["quantile"].to_numpy(dtype=float))
    return pd.concat([judged, trade], axis=1)


def _by_step(limits: ArrayLike) -> Floats:
    limit = np.asarray(limits, dtype=float)
    return limit if limit.ndim > 1 else limit[:, None]


def _rank(quantile: float, count: int) -> int:
    return min(count - 1, max(0, int(np.ceil(quantile * count)) - 1))


def _within(first: NDArray[np.intp], days: Floats, unlimited: NDArray[np.bool_], within: int) -> Floats:
    steps = int(np.searchsorted(days, within, side="right"))
    share = (first < steps).mean(axis=1)
    return np.where(unlimited | (days[-1] < within), np.nan, share)
