"""Declared events as a table: what moved load or cost because people did something."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import duckdb
import pandas as pd

from data.warehouse import replace_window


class Declared(Protocol):
    """An event as the configuration declares it; days are UTC, both included; no services means every service."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def first_day(self) -> date: ...  # noqa: D102
    @property
    def last_day(self) -> date: ...  # noqa: D102
    @property
    def services(self) -> tuple[str, ...]: ...  # noqa: D102


def store_events(con: duckdb.DuckDBPyConnection, events: Iterable[Declared]) -> None:
    """Replace `event`: one row a service of each event, one with service null where it moves every service."""
    rows = [
        (event.name, event.first_day, event.last_day, service)
        for event in events
        for service in event.services or (None,)
    ]
    frame = pd.DataFrame(rows, columns=["name", "first_day", "last_day", "service"], dtype=object)
    con.register("declared_event", frame)
    replace_window(
        con,
        "event",
        "select distinct name, first_day::date as first_day, last_day::date as last_day, service::varchar as service "
        "from declared_event order by all",
    )
    con.unregister("declared_event")
