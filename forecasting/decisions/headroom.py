"""When a simulated load first passes its limit, how likely that is, and by when somebody must act.

Works on paths (series, path, step) from `Outcome.paths`; a path passes a limit at its first step above it.
"""

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.paths.stored import Block, over_blocks

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]

TIER_QUANTILE = {0: 0.99, 1: 0.95, 2: 0.90}  # of the peak: how sure a tier wants to be
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
        """`path`: stored futures of the limited series with limit_value, lead_time_days, tier; `peak`: peak_now."""
        found = over_blocks(inputs["path"], partial(_passages, count=night.paths))
        if len(found):
            found = found.merge(inputs["peak"], on=["service", "metric"], how="left")
        return [Rows("headroom", found)]


def first_passage(paths: Floats, limits: ArrayLike, times: Times) -> Passage:
    """First-passage dates and probabilities of paths (series, path, step) over limits (series); NaN is no limit."""
    limit = np.asarray(limits, dtype=float)
    over = paths > limit[:, None, None]
    steps = over.shape[2]
    first = np.where(over.any(axis=2), over.argmax(axis=2), steps)
    ordered = np.sort(first, axis=1)
    stamps = np.append(times.astype("datetime64[us]"), NOT_YET)
    dates = [stamps[ordered[:, _rank(q, ordered.shape[1])]] for q in DATE_QUANTILES]
    step = times[1] - times[0] if steps > 1 else np.timedelta64(1, "D")
    days = (times - times[0] + step) / np.timedelta64(1, "D")  # days from the origin to the end of each step
    chance = [_within(first, days, limit, within) for within in (30, 60, 90)]
    return Passage(dates[0], dates[1], dates[2], chance[0], chance[1], chance[2])


def act_by(p10_date: Times, lead_time_days: ArrayLike) -> Times:
    """Latest day to order more: the early (p10) date less the time that more capacity takes to arrive."""
    lead = (np.asarray(lead_time_days, dtype=float) * 86_400).astype("timedelta64[s]")
    found: Times = np.asarray(p10_date, dtype="datetime64[us]") - lead
    return found


def peak(paths: Floats, quantile: ArrayLike) -> Floats:
    """Quantile, over paths, of the highest step of each path: how full it gets within the horizon, per series."""
    highest = np.sort(paths.max(axis=2), axis=1)
    ranks = [_rank(q, highest.shape[1]) for q in np.broadcast_to(np.asarray(quantile, dtype=float), len(highest))]
    found: Floats = highest[np.arange(len(highest)), ranks]
    return found


def headroom_ratio(peaks: ArrayLike, limits: ArrayLike) -> Floats:
    """1 - peak / limit: 0 is full, negative is over; NaN without a positive limit."""
    top, limit = np.broadcast_arrays(np.asarray(peaks, dtype=float), np.asarray(limits, dtype=float))
    share = np.divide(top, limit, out=np.full(top.shape, np.nan), where=limit > 0)
    ratio: Floats = 1 - share
    return ratio


def tier_quantile(tiers: ArrayLike) -> Floats:
    """Quantile of the peak that a tier plans for: tier 0 p99, tier 1 p95, every other p90."""
    return np.array([TIER_QUANTILE.get(int(tier), TIER_QUANTILE[2]) for tier in np.atleast_1d(np.asarray(tiers))])


def _passages(block: Block, count: int) -> pd.DataFrame:
    """Return the columns of `headroom` that come of paths."""
    paths, limits = block.paths(count), block.facts["limit_value"].to_numpy(dtype=float)
    passage = first_passage(paths, limits, block.times)
    quantile = tier_quantile(block.facts["tier"].fillna(2))
    peaks = peak(paths, quantile)
    return block.facts[["service", "metric", "limit_value"]].assign(
        quantile=quantile,
        peak_forecast=peaks,
        headroom_ratio=headroom_ratio(peaks, limits),
        p10_date=passage.p10_date,
        p50_date=passage.p50_date,
        p90_date=passage.p90_date,
        probability_30d=passage.probability_30d,
        probability_60d=passage.probability_60d,
        probability_90d=passage.probability_90d,
        act_by=act_by(passage.p10_date, block.facts["lead_time_days"]),
    )


def _rank(quantile: float, count: int) -> int:
    return min(count - 1, max(0, int(np.ceil(quantile * count)) - 1))


def _within(first: NDArray[np.intp], days: Floats, limit: Floats, within: int) -> Floats:
    steps = int(np.searchsorted(days, within, side="right"))
    share = (first < steps).mean(axis=1)
    unknown = np.isnan(limit) | (days[-1] < within)
    return np.where(unknown, np.nan, share)
