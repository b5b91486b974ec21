"""`plimsoll forecast`: a file of series in, a file of forecasts out, with no warehouse."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd
from pydantic import ValidationError

from data.errors import InputError
from data.utilization.files.declared import Columns
from data.utilization.files.files import Files
from data.utilization.files.propose import propose
from data.utilization.files.propose_table import read_table
from data.utilization.part import LoadReading
from data.warehouse import MEMORY, fetch_row, load_sql, run
from data.window import Window
from flows.commands.panel_fit import PanelFit, fit_numbered
from flows.fan_out import fan_out
from flows.settings import Compute
from forecasting.options import ForecastOptions
from forecasting.panel.grain import is_within_day
from forecasting.panel.series import Grain, Panel, to_panel
from forecasting.panel.zones import UTC, zone_of_country

EVER = Window(datetime(1, 1, 1), datetime(9999, 1, 1))
OURS = ("service", "metric", "timestamp", "value")
WHOLE_SHARE = 0.75  # of the usual samples of a week or month, from which the newest one counts as known
CHUNK_SERIES = 250  # fixed, whatever the machine: what series learn of each other must not depend on its cores


@dataclass(frozen=True)
class PanelFile:
    """A csv or parquet file, and what is to be known of it."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)  # the file's names of ours, where they differ
    timezone: str | None = None  # whose clock the load follows, and the times that have no offset
    country: str | None = None  # ISO 3166 code, for holidays and a time zone

    @property
    def options(self) -> ForecastOptions:
        """What the engine is told: the same of every series."""
        told = {"country": self.country, "timezone": self.timezone}
        return ForecastOptions.model_validate({name: {"*": value} for name, value in told.items() if value})

    @property
    def zone(self) -> str:
        """Whose days, weeks and months are meant."""
        return self.timezone or (zone_of_country(self.country) if self.country else None) or UTC


def forecast_file(source: PanelFile, horizon: int, grain: Grain, out: Path) -> pd.DataFrame:
    """Forecast every series of a file (service, metric, timestamp, value, or as tools export it) into a parquet file.

    Each series is forecast `horizon` steps past its own last stamp. Values finer than the grain are averaged.
    Returns one row a series: how it was forecast. Raises InputError where no row can be used, or the zone, the country
    or the name of a column is wrong.
    """
    options = _options(source)
    with TemporaryDirectory(prefix="plimsoll-") as spill, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set temp_directory = $spill", {"spill": spill})
        chunks = _read(con, source, grain)
        if not chunks:
            raise InputError(f"{source.path}: no row has a service, a metric, a time and a number")
        fits = []
        panels = (_panel(con, chunk, grain) for chunk in range(chunks))
        for part in _fit_all(panels, chunks, (horizon, options)):
            con.register("part", part.forecast)
            con.execute("create table if not exists made as from part limit 0")
            con.execute("insert into made from part")
            con.unregister("part")
            fits.append(part.fit)
        con.execute(
            "copy (from made order by service, metric, target_time) to $out (format parquet)", {"out": str(out)}
        )
    return pd.concat(fits, ignore_index=True)


def _options(source: PanelFile) -> ForecastOptions:
    try:
        return source.options
    except ValidationError as error:
        raise InputError(f"{source.path}: {error.errors()[0]['msg']}") from error


def _files(source: PanelFile) -> Files:
    """Return how the file is read: by our names, by those that were told, else as `plimsoll doctor --file` proposes."""
    if not source.columns and (proposed := _proposed(source.path)):
        told = {"timezone": source.timezone} if source.timezone else {}
        return Files.model_validate(proposed | told | {"name": "forecast"})
    try:
        columns = Columns.model_validate(dict(source.columns))
    except ValidationError as error:
        wrong = error.errors()[0]["loc"][0]
        raise InputError(f"{source.path}: there is no column {wrong!r} to name; want {', '.join(OURS)}") from error
    path = str(source.path.resolve())
    return Files(kind="files", name="forecast", path=path, columns=columns, timezone=source.timezone)


def _proposed(path: Path) -> dict[str, object] | None:
    """Return the table of configuration for a file that has not our columns, such as one with a column a series."""
    if not path.is_file():
        return None
    try:
        titles = {title.lower() for title in read_table(path).titles}
    except InputError:
        return None  # then the reader says what is wrong
    if titles >= {"service", "metric"}:
        return None  # it is meant to have ours: then the one that is missing is named
    (table,) = tomllib.loads(propose(path))["utilization"]
    return {key: value for key, value in table.items() if key != "shape"}  # what is forecast is what the file says


def _read(con: duckdb.DuckDBPyConnection, source: PanelFile, grain: Grain) -> int:
    """Make the tables `panel_series` and `panel_value` of a file; return in how many chunks they come."""
    _files(source).read(con, LoadReading(EVER, source.path.parent))
    con.execute("set variable window_end = $end", {"end": EVER.end})
    con.execute(load_sql("utilization/classified"))
    con.execute("set variable grain = $grain", {"grain": grain})
    con.execute("set variable zone = $zone", {"zone": UTC})
    if not is_within_day(grain) and source.zone != UTC:
        row = fetch_row(con, load_sql("panel/zone"), {"zone": source.zone})
        con.execute("set variable zone = $zone", {"zone": row[0] if row else UTC})
    con.execute(load_sql("panel/step"))
    parameters = {"whole_share": WHOLE_SHARE, "chunk_series": CHUNK_SERIES}
    for table in ("series", "value"):
        run(con, f"create table panel_{table} as {load_sql(f'panel/{table}')}", parameters)
    row = fetch_row(con, "select max(chunk) + 1 from panel_series")
    return int(row[0] or 0) if row else 0


def _panel(con: duckdb.DuckDBPyConnection, chunk: int, grain: Grain) -> Panel:
    frame = run(con, load_sql("panel/chunk"), {"chunk": chunk}).df()
    row = fetch_row(con, "select max(ends) from panel_series where chunk = $chunk", {"chunk": chunk})
    return to_panel(frame, grain=grain, end=row[0] if row else None)


def _fit_all(panels: Iterator[Panel], count: int, wanted: tuple[int, ForecastOptions]) -> Iterator[PanelFit]:
    """Fit the panels in their order, on every core where there are several; few are in memory at once."""
    compute = Compute(runner="processes" if count > 1 and (os.cpu_count() or 1) > 1 else "threads")
    waiting: dict[int, PanelFit] = {}
    numbered = ((place, panel, *wanted) for place, panel in enumerate(panels))
    place = 0
    for asked, fitted in fan_out(compute, fit_numbered, numbered):
        if isinstance(fitted, Exception):
            raise fitted
        waiting[asked[0]] = fitted
        while place in waiting:
            yield waiting.pop(place)
            place += 1
