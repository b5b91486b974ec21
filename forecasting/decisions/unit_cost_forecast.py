"""What a request will cost next month and next quarter: the ratio of joint futures of cost and requests.

Futures of either keep their own distribution over the period; they are paired by a Gaussian copula with the
correlation of their errors (Iman and Conover 1982), since the same surprise in requests moves both.
"""

from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.paths.stored import Block, over_blocks

Floats = NDArray[np.float64]

UNKNOWN_CORRELATION = 0.5  # where too few days tell
MOST_CORRELATION = 0.99
MOST_FUTURES = 250  # of a sum over weeks: enough for its 95 % interval, a quarter of the time of a thousand
LEAST_SHARE = 0.5  # of the days of a period that both are forecast for
QUANTILES = {"lo95": 0.025, "lo80": 0.1, "mean": 0.5, "hi80": 0.9, "hi95": 0.975}


class UnitCostForecast(BaseModel):
    """Cost per business unit ahead: requests, orders, users or tokens, whatever the service counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["unit_cost_forecast"] = "unit_cost_forecast"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:
        """`path`: stored futures of cost and of requests, see data/sql/decide/unit_cost_forecast."""
        periods = _periods(night)
        table = inputs["path"]
        if table.empty:
            return [Rows("unit_cost_forecast", pd.DataFrame())]
        spans, count = _common_days(table, periods), min(night.paths, MOST_FUTURES)
        sums = over_blocks(table, partial(_sums, spans=spans, count=count))
        if sums.empty:
            return [Rows("unit_cost_forecast", pd.DataFrame())]
        units = sums[~sums["is_cost"]].set_index(["service", "period"])["futures"].to_dict()
        rng = np.random.Generator(np.random.Philox(20))
        z = rng.standard_normal((2, count))
        rows = [
            _row({str(k): v for k, v in cost.items()}, units[cost["service"], cost["period"]], periods, z)
            for cost in sums[sums["is_cost"]].sort_values(["service", "metric", "period"]).to_dict("records")
            if (cost["service"], cost["period"]) in units
        ]
        return [Rows("unit_cost_forecast", pd.DataFrame([row for row in rows if row is not None]))]


def _periods(night: Night) -> dict[str, tuple[np.datetime64, np.datetime64]]:
    """Return [start, end) of the next month and the next quarter."""
    month = np.datetime64(night.as_of, "M")
    quarter = month - (month.astype(int) % 3) * np.timedelta64(1, "M") + np.timedelta64(3, "M")
    spans = {"m": (month + 1, month + 2), "q": (quarter, quarter + 3)}
    return {name: (start.astype("datetime64[D]"), end.astype("datetime64[D]")) for name, (start, end) in spans.items()}


def _common_days(
    table: pd.DataFrame, periods: dict[str, tuple[np.datetime64, np.datetime64]]
) -> dict[tuple[str, str], tuple[np.datetime64, np.datetime64]]:
    """Return the days of each period that all futures of a service reach, where they are enough."""
    first = table["first_time"].to_numpy().astype("datetime64[D]")
    last = first + table["mean"].map(len).to_numpy()
    reach = pd.DataFrame({"service": table["service"], "first": first, "last": last}).groupby("service")
    starts, ends = reach["first"].max(), reach["last"].min()
    bounds = {}
    for name, (begin, end) in periods.items():
        for service in starts.index:
            low = max(begin, starts[service].to_datetime64().astype("datetime64[D]"))
            high = min(end, ends[service].to_datetime64().astype("datetime64[D]"))
            if (high - low) / (end - begin) >= LEAST_SHARE:
                bounds[str(service), name] = (low, high)
    return bounds


def _sums(block: Block, spans: dict[tuple[str, str], tuple[np.datetime64, np.datetime64]], count: int) -> pd.DataFrame:
    """Return each future's sum over the days of a period, one row a series and period."""
    paths = block.paths(count)
    days = block.times.astype("datetime64[D]")
    rows = []
    for row, facts in enumerate(block.facts.to_dict("records")):
        for period in ("m", "q"):
            span = spans.get((str(facts["service"]), period))
            if span is not None:
                inside = (days >= span[0]) & (days < span[1])
                rows.append(
                    {str(k): v for k, v in facts.items()}
                    | {"period": period, "futures": paths[row][:, inside].sum(axis=1)}
                )
    return pd.DataFrame(rows)


def paired_ratio(top: Floats, bottom: Floats, correlation: float, z: Floats) -> Floats:
    """Futures of top / bottom, paired so that their ranks correlate; `z` is two rows of standard normals."""
    other = correlation * z[0] + np.sqrt(1 - correlation**2) * z[1]
    over = np.sort(top)[np.argsort(np.argsort(z[0]))]
    under = np.sort(bottom)[np.argsort(np.argsort(other))]
    known = under > 0
    return np.divide(over[known], under[known])


def _row(
    cost: dict[str, object], units: Floats, periods: dict[str, tuple[np.datetime64, np.datetime64]], z: Floats
) -> dict[str, object] | None:
    futures = np.asarray(cost["futures"], dtype=float)
    told = float(str(cost["correlation"]))
    correlation = UNKNOWN_CORRELATION if np.isnan(told) else float(np.clip(told, -MOST_CORRELATION, MOST_CORRELATION))
    ratio = paired_ratio(futures, units, correlation, z)
    if len(ratio) < len(units) / 2:  # as likely as not there is nothing to divide by
        return None
    bounds = dict(zip(QUANTILES, map(float, np.quantile(ratio, list(QUANTILES.values()))), strict=True))
    return {
        "service": cost["service"],
        "period": cost["period"],
        "period_start": periods[str(cost["period"])][0].astype(object),
        "unit": cost["request_metric"],
        "currency": str(cost["metric"]).removeprefix("cost_").upper(),
        **bounds,
        "cost": float(np.median(futures)),
        "units": float(np.median(units)),
        "correlation": correlation,
    }
