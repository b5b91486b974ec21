"""Anomalies that people have seen and explained: the file that `[anomaly] acknowledged` names, as a table.

[[acknowledged]]
service = "checkout"
metric = "cost_usd"        # all of the service where it is left out
first_day = 2026-10-05
last_day = 2026-10-09      # 30 days from first_day where it is left out
reason = "load test of the new region"
"""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import duckdb
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.errors import ConfigError
from data.toml_errors import explain, read_toml
from data.warehouse import replace_window

HELD_DAYS = 30  # an acknowledgement that says no last day holds so long


class Acknowledged(BaseModel):
    """One anomaly that nobody has to look at any more; days are UTC, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: Annotated[str, Field(min_length=1)]
    metric: str | None = None
    first_day: date
    last_day: date | None = None
    reason: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Acknowledged":
        if self.until < self.first_day:
            raise ValueError(f"last_day {self.until} is before first_day {self.first_day}")
        return self

    @property
    def until(self) -> date:
        """Return the last day it holds for."""
        return self.last_day or self.first_day + timedelta(days=HELD_DAYS)


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    acknowledged: tuple[Acknowledged, ...] = ()


def read_acknowledged(file: Path | None) -> tuple[Acknowledged, ...]:
    """Return what the file says; raises ConfigError, one line that names the key."""
    if file is None:
        return ()
    try:
        return _File.model_validate(read_toml(file, "check [anomaly] acknowledged")).acknowledged
    except ValidationError as error:
        raise ConfigError(f"{file}: {explain(error, _File)}") from error


def store_anomaly_settings(
    con: duckdb.DuckDBPyConnection,
    acknowledged: tuple[Acknowledged, ...],
    minimum_impact: float,
    of_service: Mapping[str, float],
) -> None:
    """Replace `anomaly_ack` and `anomaly_minimum`: every service has the minimum that it or everybody is given."""
    seen = pd.DataFrame(
        [(one.service, one.metric, one.first_day, one.until, one.reason) for one in acknowledged],
        columns=["service", "metric", "first_day", "last_day", "reason"],
        dtype=object,
    )
    least = pd.DataFrame(sorted(of_service.items()), columns=["service", "minimum_impact"])
    con.register("said_ack", seen)
    con.register("said_minimum", least)
    replace_window(
        con,
        "anomaly_ack",
        "select service::varchar as service, metric::varchar as metric, first_day::date as first_day, "
        "last_day::date as last_day, reason::varchar as reason from said_ack order by all",
    )
    replace_window(
        con,
        "anomaly_minimum",
        "select service, coalesce(l.minimum_impact, $minimum_impact)::double as minimum_impact "
        "from service s left join (select service::varchar as service, minimum_impact::double as minimum_impact "
        "from said_minimum) l using (service)",
        {"minimum_impact": minimum_impact},
    )
    for view in ("said_ack", "said_minimum"):
        con.unregister(view)
