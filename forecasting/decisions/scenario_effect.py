"""What a scenario does to a service's days: factors of requests, cost and limits, and what had to be assumed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Times = NDArray[np.datetime64]
Change = Mapping[str, Any]  # a row of scenario_change

DAY = np.timedelta64(1, "D")
HOURS = 24.0


@dataclass
class Assumed:
    """What was taken for granted, in words, each once."""

    words: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Add words that are not there yet."""
        if words not in self.words:
            self.words.append(words)


def part_of_change(change: Change, times: Times) -> Floats:
    """How much of a change each day has, 0..1: all of it from its first day to its last; growth comes bit by bit."""
    first = _day(change["first_day"])
    last: np.datetime64 | None = _day(change["last_day"]) if pd.notna(change["last_day"]) else None
    began = times >= first
    if change["kind"] == "growth" and last is not None:
        grown = ((times - first) / DAY + 1) / float((last - first) / DAY + 1)
        part: Floats = np.where(began, np.clip(grown, 0.0, 1.0), 0.0)
        return part
    ended = times > last if last is not None else np.zeros(len(times), dtype=bool)
    return (began & ~ended).astype(float)


def request_factor(changes: Iterable[Change], times: Times) -> Floats:
    """Return what requests are multiplied by, by day."""
    factor = np.ones(len(times))
    for change in changes:
        if change["what"] == "requests":
            factor *= 1 + (_number(change["factor"]) - 1) * part_of_change(change, times)
    return factor


def price_factor(changes: Iterable[Change], parts: pd.DataFrame, times: Times, assumed: Assumed) -> Floats:
    """Return what cost is multiplied by, by day, where prices change or use moves to where it costs otherwise.

    `parts`: product, region, share of the service's cost and unit_price; share 0 for regions where it has none.
    """
    factor = np.ones(len(times))
    for change in changes:
        of_product = parts[parts["product"] == change["subject"]]
        if change["what"] == "price":
            share = float(of_product["share"].sum())
            if share == 0:
                assumed.say(f"{change['subject']} costs this service nothing")
            factor += share * (_number(change["factor"]) - 1) * part_of_change(change, times)
        elif change["what"] == "move":
            here = of_product[of_product["region"] == change["from_region"]]
            share = float(here["share"].sum()) * _number(change["share"])
            if share == 0:
                assumed.say(f"{change['subject']} costs this service nothing in {change['from_region']}")
            price = _moved_price(change, of_product, assumed)
            factor += share * (price - 1) * part_of_change(change, times)
    return np.maximum(factor, 0.0)


def with_commitments(cost: Floats, changes: Iterable[Change], times: Times, assumed: Assumed) -> Floats:
    """Return cost (path, day) where money is committed to: it is paid, and pays for the use that it covers."""
    for change in changes:
        if change["what"] == "commitment":
            assumed.say("a commitment covers a day's use evenly over its hours")
            committed = _number(change["amount"]) * HOURS
            covered = committed / (1 - min(_number(change["discount"]), 0.99))
            paid = np.maximum(cost - covered, 0.0) + committed
            cost = np.where(part_of_change(change, times) > 0, paid, cost)
    return cost


def with_limits(limits: Floats, metric: str, changes: Iterable[Change], times: Times) -> Floats:
    """Limits (day) of a metric where the scenario changes them."""
    for change in changes:
        if change["what"] == "limit" and change["subject"] == metric:
            part = part_of_change(change, times)
            said = pd.notna(change["amount"])
            new: Floats = (
                np.full(len(limits), _number(change["amount"])) if said else limits * _number(change["factor"])
            )
            limits = limits + (new - limits) * part
    return limits


def scaled_use(use: Floats, factor: Floats, known: Mapping[str, float] | None) -> Floats:
    """Use (path, day) where requests are multiplied by `factor` (day): along the line of use per request and its knee.

    Without a known line use is taken as proportional.
    """
    if known is None or known["use_per_request"] <= 0:
        return np.where(factor == 1, use, use * factor)
    base, slope = known["base_use"], known["use_per_request"]
    knee = known["knee_requests"] if np.isfinite(known["knee_requests"]) else np.inf
    after = known["use_per_request_after"] if np.isfinite(knee) else slope
    bend = base + slope * knee if np.isfinite(knee) else np.inf
    requests = (
        np.where(use <= bend, (use - base) / slope, knee + (use - bend) / after)
        if np.isfinite(knee)
        else (use - base) / slope
    )
    more = np.maximum(requests, 0.0) * factor
    moved = (
        base + slope * np.minimum(more, knee) + after * np.maximum(more - knee, 0.0)
        if np.isfinite(knee)
        else (base + slope * more)
    )
    return np.where((factor == 1) | (use <= base), use, moved)


def _moved_price(change: Change, of_product: pd.DataFrame, assumed: Assumed) -> float:
    if pd.notna(change["factor"]):
        return _number(change["factor"])
    prices = of_product.dropna(subset=["unit_price"]).groupby("region")["unit_price"].mean()
    here, there = (prices.get(change[name], np.nan) for name in ("from_region", "to_region"))
    if not (np.isfinite(here) and np.isfinite(there) and here > 0):
        assumed.say(f"{change['subject']} costs the same in {change['to_region']}: nothing is billed there to tell")
        return 1.0
    return float(there / here)


def _day(value: object) -> np.datetime64:
    result: np.datetime64 = pd.Timestamp(str(value)).to_datetime64().astype("datetime64[D]")
    return result


def _number(value: object) -> float:
    return float(str(value))
