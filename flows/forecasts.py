"""The warehouse's side of the fits: series out in chunks, and what came of them back in, all at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.warehouse import load_sql, replace_window, run, transaction
from data.window import Window
from flows.fit import Chunk, Fitted
from flows.settings import Forecast, Settings
from forecasting.options import ForecastOptions
from forecasting.panel.grain import steps_between
from forecasting.panel.series import Grain, Panel, to_panel

SCORED_AHEAD_DAYS = 90  # the last bucket of forecast_score
LATE_DAYS = 7  # what is measured or billed so late still counts in scores
LEARNT_DAYS = 28  # so many nights' forecasts of hours tell how wide the next ones are to be, see live_score
PATH_DAYS = 7  # futures are simulated of the newest nights only
GRAIN: dict[str, Grain] = {"load_h": "h", "load_d": "d", "cost_d": "d"}


def count_series(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> int:
    """Make the temporary table `series_value` of everything that is to be forecast; return how many series."""
    parameters = {
        "as_of": as_of,
        "hourly_from": Window.ending(as_of, settings.forecast.hourly_history_days).start,
        "daily_from": Window.ending(as_of, settings.forecast.daily_history_days).start,
        "chunk_series": settings.compute.chunk_series,
    }
    run(con, f"create or replace temp table series_value as {load_sql('build/series_value')}", parameters)
    ((series,),) = con.execute("select count(distinct (panel, service, metric)) from series_value").fetchall()
    return int(series)


def chunks(con: duckdb.DuckDBPyConnection, settings: Settings, as_of: date) -> Iterator[Chunk]:
    """Read `series_value` chunk by chunk, so that no more than a few are in memory."""
    end = Window.ending(as_of, 1).end
    options = _options(con, settings)
    for table in ("live_score", "forecast_before"):
        run(con, f"create or replace temp table {table} as {load_sql(f'build/{table}')}", {"as_of": as_of})
    for panel, number, newest in con.execute(load_sql("build/chunk")).fetchall():
        frame = _of_chunk(con, "series_value", panel, number)
        known_until = newest + pd.Timedelta(days=1) if panel == "cost_d" else end
        series = to_panel(frame, grain=GRAIN[panel], end=np.datetime64(known_until))
        yield Chunk(
            name=f"{panel} {number + 1}",
            panel=series,
            horizon=_horizon(panel, settings.forecast, end, known_until),
            options=options,
            driver=_requests(con, series) if panel == "cost_d" else None,
            live=_of_chunk(con, "live_score", panel, number),
            is_new=_is_new(con, series),
        )


def open_stages(con: duckdb.DuckDBPyConnection) -> None:
    """Make empty temporary tables for what the chunks bring."""
    con.execute("create or replace temp table staged_forecast as from forecast limit 0")
    con.execute("create or replace temp table staged_backtest as from forecast limit 0")
    con.execute("create or replace temp table staged_fit as from forecast_fit limit 0")
    con.execute("create or replace temp table staged_path as from forecast_path limit 0")
    con.execute("create or replace temp table staged_break as from series_break limit 0")
    con.execute("create or replace temp table staged_suggestion as from event_suggestion limit 0")
    for table, columns in {
        "staged_forecast": ("made_on", "origin"),
        "staged_backtest": ("made_on", "origin"),
        "staged_fit": ("made_on",),
        "staged_path": ("made_on",),
    }.items():
        for column in columns:
            con.execute(f"alter table {table} alter {column} drop not null")


def stage(con: duckdb.DuckDBPyConnection, fitted: Fitted) -> None:
    """Add what a chunk brought to the temporary tables."""
    for table, frame in (
        ("staged_forecast", fitted.forecast),
        ("staged_backtest", fitted.backtest.drop(columns="actual", errors="ignore")),
        ("staged_fit", fitted.fit),
        ("staged_path", fitted.path),
        ("staged_suggestion", fitted.event_suggestion),
        ("staged_break", fitted.series_break),
    ):
        if len(frame):
            con.register("frame_of_chunk", frame)
            con.execute(f"insert into {table} by name select * from frame_of_chunk")  # noqa: S608 - constants
            con.unregister("frame_of_chunk")


def scored_days(wanted: Forecast) -> dict[str, int]:
    """Return for each grain how many nights ago a forecast was made that may still meet a new actual."""
    return {"h": min(wanted.hourly_days, SCORED_AHEAD_DAYS) + LATE_DAYS, "d": SCORED_AHEAD_DAYS + LATE_DAYS}


def store_fits(con: duckdb.DuckDBPyConnection, wanted: Forecast, as_of: date) -> None:
    """Put the staged results in place of this night's, and drop forecasts that are older than the night keeps.

    Forecasts of hours are many: they go once they have met their actuals and the next widths have learnt from them.
    """
    hourly_days = max(scored_days(wanted)["h"], LEARNT_DAYS)
    parameters = {"as_of": as_of}
    replace_window(con, "forecast", load_sql("build/forecast"), parameters, keys={"made_on": as_of, "origin": "live"})
    with transaction(con):
        run(con, load_sql("build/delete_backtest"), parameters)
        run(con, f"insert into forecast by name {load_sql('build/backtest')}", parameters)
        for days, grains in ((wanted.keep_days, "('h', 'd', 'm', 'q')"), (hourly_days, "('h')")):
            oldest = {"oldest": Window.ending(as_of, days).start}
            con.execute(f"delete from forecast where made_on < $oldest and grain in {grains}", oldest)  # noqa: S608 - constants
    replace_window(
        con,
        "forecast_fit",
        "select $as_of as made_on, * exclude (made_on) from staged_fit",
        parameters,
        keys={"made_on": as_of},
    )
    replace_window(con, "event_suggestion", "select * from staged_suggestion")
    replace_window(con, "series_break", "select * from staged_break order by all")
    for table, rows in (
        ("forecast_path", "select $as_of as made_on, * exclude (made_on) from staged_path"),
        ("forecast_unsettled", load_sql("build/forecast_unsettled")),
    ):
        con.execute(f"delete from {table} where made_on < $oldest", {"oldest": as_of - timedelta(days=PATH_DAYS)})  # noqa: S608 - constants
        replace_window(con, table, rows, parameters, keys={"made_on": as_of})


def _of_chunk(con: duckdb.DuckDBPyConnection, table: str, panel: str, number: int) -> pd.DataFrame:
    query = f"select * exclude (panel, chunk) from {table} where panel = $panel and chunk = $number"  # noqa: S608 - constants
    return con.execute(query, {"panel": panel, "number": number}).df()


def _horizon(panel: str, wanted: Forecast, as_of: datetime, known_until: datetime) -> int:
    """Return how many steps to look ahead: cost from its newest settled day, to the end of the fiscal year at least."""
    if panel == "load_h":
        return wanted.hourly_days * 24
    if panel == "load_d":
        return wanted.daily_days
    year_ends = datetime(as_of.year, wanted.fiscal_year_starts, 1)
    if year_ends <= as_of:
        year_ends = year_ends.replace(year=as_of.year + 1)
    return max(wanted.daily_days, (year_ends - as_of).days) + (as_of - known_until).days


def _requests(con: duckdb.DuckDBPyConnection, cost: Panel) -> Panel:
    """Return the daily requests of the services of a cost panel, row by row and on its days; missing where none."""
    con.register("cost_series", cost.ids)
    parameters = {"first": cost.times[0].item(), "end": cost.end.item()}
    requests = run(con, load_sql("build/request_driver"), parameters).df()
    con.unregister("cost_series")
    y = np.full(cost.y.shape, np.nan)
    places = cost.ids.reset_index(names="row").merge(requests, on=["service", "metric"])
    stamps = places["timestamp"].to_numpy().astype("datetime64[us]")
    y[places["row"], steps_between(cost.start, stamps, cost.grain)] = places["value"]
    return replace(cost, y=y)


def _is_new(con: duckdb.DuckDBPyConnection, panel: Panel) -> NDArray[np.bool_]:
    """Tell for each series of a panel whether no earlier night has forecast it."""
    before = con.execute(
        "select service, metric from forecast_before where grain = $grain", {"grain": panel.grain}
    ).df()
    is_new: NDArray[np.bool_] = ~pd.MultiIndex.from_frame(panel.ids).isin(pd.MultiIndex.from_frame(before))
    return is_new


def _options(con: duckdb.DuckDBPyConnection, settings: Settings) -> ForecastOptions:
    """Tell the engine what the catalog and the configuration know of the calendar."""
    engine = settings.forecast.engine
    countries = con.execute("select service, country from service where country is not null order by all").fetchall()
    zones = con.execute("select service, timezone from service where timezone is not null order by all").fetchall()
    known = {
        "country": engine.country | dict(countries),
        "timezone": engine.timezone | dict(zones),
        "events": engine.events + settings.event,
        "breaks": engine.breaks + settings.breaks,
    }
    return engine.model_copy(update=known)
