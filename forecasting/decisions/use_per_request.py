"""What a request uses: a base, a slope, and the knee from which on each further request uses more."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows

Floats = NDArray[np.float64]

FEWEST_POINTS = 12  # of the requests that hours are put together by
KNEES = np.linspace(0.3, 0.9, 13)  # shares of the points that a knee may come after
LEAST_GAIN = 0.25  # of the squared errors that a knee must explain, or there is none
LEAST_BEND = 1.3  # times the slope before it


class UsePerRequest(BaseModel):
    """Use against requests, hour by hour: least squares of a line, and of two that meet where that is much better."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["use_per_request"] = "use_per_request"

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:  # noqa: ARG002 - as every decision
        """`hour`: one row a service and gauge; lists requests, uses, hours: means of hours with like requests."""
        rows = [_fit(row) for _, row in inputs["hour"].iterrows() if len(row["requests"]) >= FEWEST_POINTS]
        return [Rows("use_per_request", pd.DataFrame(rows))]


def _fit(row: "pd.Series[float]") -> dict[str, object]:
    requests, uses, weight = (np.asarray(row[name], dtype=float) for name in ("requests", "uses", "hours"))
    top = float(requests.max())  # columns of like size keep the normal equations well conditioned
    knees = np.quantile(requests, KNEES)
    bends = np.maximum(requests[None] - knees[:, None], 0.0) / top
    line = np.stack([np.ones(len(requests)), requests / top], axis=1)
    (plain,), (error,) = _least_squares(line[None], uses, weight)
    bent, errors = _least_squares(
        np.concatenate([np.broadcast_to(line, (len(knees), *line.shape)), bends[:, :, None]], axis=2), uses, weight
    )
    best = int(errors.argmin())
    (base, slope, bend), knee = bent[best], float(knees[best])
    has_knee = errors[best] < (1 - LEAST_GAIN) * error and slope > 0 and slope + bend > LEAST_BEND * slope
    total = float((weight * (uses - np.average(uses, weights=weight)) ** 2).sum())
    least = errors[best] if has_knee else error
    return {
        "service": row["service"],
        "metric": row["metric"],
        "request_metric": row["request_metric"],
        "hours": int(weight.sum()),
        "base_use": base if has_knee else plain[0],
        "use_per_request": (slope if has_knee else plain[1]) / top,
        "knee_requests": knee if has_knee else np.nan,
        "use_per_request_after": (slope + bend) / top if has_knee else np.nan,
        "explained_ratio": 1 - least / total if total > 0 else np.nan,
    }


def _least_squares(designs: Floats, uses: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares of several designs (design, point, column) at once: solutions, and squared errors."""
    weighted = designs * weight[None, :, None]
    normal = np.swapaxes(weighted, 1, 2) @ designs
    ridge = 1e-12 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(designs.shape[2])  # a bend may be empty
    solved: Floats = np.linalg.solve(normal + ridge, np.swapaxes(weighted, 1, 2) @ uses[:, None])[:, :, 0]
    missed = (designs @ solved[:, :, None])[:, :, 0] - uses
    return solved, (weight * missed**2).sum(axis=1)
