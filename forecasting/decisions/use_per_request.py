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
    scale = np.sqrt(weight)
    plain, error = _least_squares([np.ones(len(requests)), requests], uses, scale)
    found: dict[str, object] = {
        "service": row["service"],
        "metric": row["metric"],
        "request_metric": row["request_metric"],
        "hours": int(weight.sum()),
        "base_use": plain[0],
        "use_per_request": plain[1],
        "knee_requests": np.nan,
        "use_per_request_after": np.nan,
    }
    total = float((weight * (uses - np.average(uses, weights=weight)) ** 2).sum())
    best = min((_bent(requests, uses, scale, share) for share in KNEES), key=lambda one: one[2])
    knee, (base, slope, bend), bent_error = best
    if bent_error < (1 - LEAST_GAIN) * error and slope > 0 and slope + bend > LEAST_BEND * slope:
        found |= {
            "base_use": base,
            "use_per_request": slope,
            "knee_requests": knee,
            "use_per_request_after": slope + bend,
        }
        error = bent_error
    return found | {"explained_ratio": 1 - error / total if total > 0 else np.nan}


def _bent(requests: Floats, uses: Floats, scale: Floats, share: float) -> tuple[float, Floats, float]:
    knee = float(np.quantile(requests, share))
    found, error = _least_squares([np.ones(len(requests)), requests, np.maximum(requests - knee, 0.0)], uses, scale)
    return knee, found, error


def _least_squares(columns: list[Floats], uses: Floats, scale: Floats) -> tuple[Floats, float]:
    design = np.stack(columns, axis=1)
    found, *_ = np.linalg.lstsq(design * scale[:, None], uses * scale, rcond=None)
    return np.asarray(found, dtype=np.float64), float((((design @ found - uses) * scale) ** 2).sum())
