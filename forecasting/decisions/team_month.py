"""What each team costs by month to the end of the fiscal year, on one basis: what is known, then joint futures."""

from collections.abc import Hashable, Mapping
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from forecasting.decisions.night import Frames, Night, Rows
from forecasting.paths.together import align_errors, common_correlation, draw_sum, generator_of

KEY = ["team", "currency", "period_start"]
SERIES = ["service", "metric"]
LOW, HIGH = 4, -5  # places of the standard normal scores -2 and 2 among the quantiles of a sum


class TeamMonth(BaseModel):
    """Run-rate cost of teams by month; a team's services err together, so its interval is drawn from all at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: Literal["team_month"] = "team_month"
    also: ClassVar[Mapping[str, tuple[str, str]]] = {"sum": ("budget/sum", "period = 'm'")}

    def decide(self, inputs: Frames, night: Night) -> list[Rows]:  # noqa: ARG002 - as every decision
        """`month`: a row a team, currency and month. `member`: its series. `sum`: their distributions by month."""
        months = inputs["month"]
        if months.empty:
            return [Rows("team_month", months, is_newest_only=True)]
        members = inputs["member"].merge(inputs["sum"], on=SERIES)
        of_month = dict(tuple(members.groupby(KEY)))
        made = [_ahead(row, of_month) for _, row in months.iterrows()]
        table = pd.concat([months, pd.DataFrame(made, index=months.index)], axis=1)
        return [Rows("team_month", table.rename(columns={"period_start": "month"}), is_newest_only=True)]


def _ahead(row: "pd.Series[float]", of_month: Mapping[tuple[Hashable, ...], pd.DataFrame]) -> dict[str, float]:
    """Forecast of one team's month and its 80 % interval; a month that is final has neither."""
    members = of_month.get(tuple(row[KEY]))
    if row["is_final"] or members is None:
        return {"forecast": np.nan, "lo80": np.nan, "hi80": np.nan}
    known = members["known"].to_numpy(dtype=float)
    ahead = np.stack(members["quantiles"].to_list()).astype(float) - known[:, None]
    mean = float(members["mean"].sum())
    spread = ahead[:, HIGH] - ahead[:, LOW]
    correlation = common_correlation(align_errors(members), spread)
    total = float(known.sum()) + draw_sum(ahead, np.ones(len(members)), correlation, generator_of(*row[KEY]))
    low, high = np.quantile(total, [0.1, 0.9])
    return {"forecast": mean, "lo80": min(float(low), mean), "hi80": max(float(high), mean)}
