"""How likely each budget is to be passed: what is spent, and the joint futures of what is still to come."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.special import ndtr

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.paths.calendar_sums import SCORES
from forecasting.paths.together import align_errors, common_correlation, draw_sum, generator_of

Floats = NDArray[np.float64]

KEY = ["scope", "name", "currency"]
SERIES = ["service", "metric"]


class Budget(BaseModel):
    """The status of every budget: its forecast with interval, the probability that it is passed, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["budget"] = "budget"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:  # noqa: ARG002 - as every decision
        """`status`: one row a budget and period, with what is spent and how long it runs.

        `member`: the series that a scope's cost is forecast from, each with a weight. `sum`: the distribution of each
        series and period, the 80 % interval that its forecast says, and the origins and errors of its backtest.
        """
        status, sums = inputs["status"], inputs["sum"]
        if status.empty:
            return [Rows("budget_status", status)]
        members = inputs["member"].merge(sums, on=SERIES)
        by_budget = dict(tuple(members.groupby([*KEY, "period", "period_start"])))
        judged = []
        for _, row in status.iterrows():
            of = by_budget.get((row["scope"], row["name"], row["currency"], row["period"], row["period_start"]))
            judged.append(_judge(row, None if row["is_final"] else of))
        table = pd.concat([status, pd.DataFrame(judged, index=status.index)], axis=1)
        table["drift"] = table["forecast"] / table["forecast_last_month"].where(table["forecast_last_month"] > 0) - 1
        return [Rows("budget_status", table)]


def _judge(row: "pd.Series[float]", members: pd.DataFrame | None) -> dict[str, float]:
    """Forecast, interval and probability of one budget's period."""
    spent, budget = float(row["spent"]), float(row["budget"])
    if row["is_final"]:
        return {"forecast": spent, "lo80": spent, "hi80": spent, "probability_over": float(spent > budget)}
    if members is None:
        return {"forecast": np.nan, "lo80": np.nan, "hi80": np.nan, "probability_over": float("nan")}
    weights = members["weight"].to_numpy(dtype=float)
    known = members["known"].to_numpy(dtype=float)
    ahead = np.stack(members["quantiles"].to_list()).astype(float) - known[:, None]
    mean = spent + float((weights * (members["mean"].to_numpy(dtype=float) - known)).sum())
    if len(members) == 1:
        quantiles = spent + weights[0] * ahead[0]
        low, high = _interval(members.iloc[0], quantiles, spent, weights[0])
        over = 1 - float(ndtr(_score(budget, quantiles)))
    else:
        spread = weights * (ahead[:, -5] - ahead[:, 4])
        correlation = common_correlation(align_errors(members), spread)
        total = spent + draw_sum(
            ahead, weights, correlation, generator_of(*(row[column] for column in (*KEY, "period", "period_start")))
        )
        low, high = np.quantile(total, [0.1, 0.9])
        over = float((total > budget).mean())
    return {"forecast": mean, "lo80": min(low, mean), "hi80": max(high, mean), "probability_over": over}


def _interval(member: "pd.Series[float]", quantiles: Floats, spent: float, weight: float) -> tuple[float, float]:
    """Return the 80 % interval of one series: what its forecast says, for between stored quantiles is only near it."""
    said = [float(member[end]) for end in ("lo80", "hi80")]
    if np.isfinite(said).all():
        low, high = (spent + weight * (end - float(member["known"])) for end in said)
    else:
        low, high = np.interp([-1.2816, 1.2816], SCORES, quantiles)
    return low, high


def _score(value: float, quantiles: Floats) -> float:
    """Place a value among quantiles at SCORES, as a standard normal score; beyond them the outermost piece goes on."""
    if quantiles[-1] <= quantiles[0]:  # nothing is left that could differ
        return np.inf if value >= quantiles[0] else -np.inf
    inside = float(np.interp(value, quantiles, SCORES))
    if quantiles[0] < value < quantiles[-1]:
        return inside
    edge, other = (quantiles[-1], quantiles[-3]) if value >= quantiles[-1] else (quantiles[0], quantiles[2])
    slope = abs(edge - other) / (2 * (SCORES[1] - SCORES[0]))
    return float(inside + (value - edge) / slope) if slope > 0 else float(np.sign(value - edge) * np.inf)
