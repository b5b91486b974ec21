"""The fits of a night: chunks of series out of the warehouse, forecasts of them anywhere, and the results back in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd

from data.warehouse import load_sql, replace_window, run, transaction
from data.window import Window
from flows.settings import Forecast
from forecasting import headroom
from forecasting.options import ForecastOptions
from forecasting.series import Grain, Panel, to_panel
from forecasting.tournament import Outcome, forecast

GRAIN: dict[str, Grain] = {"load_h": "h", "load_d": "d", "cost_d": "d"}
STAGES = ("forecast", "backtest", "fit", "passage")


@dataclass(frozen=True)
class Chunk:
    """Some series of one panel and all that a fit needs to know: it can go to another machine."""

    name: str
    panel: Panel
    horizon: int  # steps
    options: ForecastOptions
    limits: pd.DataFrame  # service, metric, limit_value, lead_time_days, tier
    paths: int


@dataclass(frozen=True)
class Fitted:
    """What came of a chunk, as frames for the tables of the same names."""

    forecast: pd.DataFrame
    backtest: pd.DataFrame
    fit: pd.DataFrame
    passage: pd.DataFrame


def fit_chunk(chunk: Chunk) -> Fitted:
    """Forecast the series of a chunk. Pure: the same chunk gives the same bits wherever it runs."""
    outcome = forecast(chunk.panel, chunk.horizon, chunk.options)
    return Fitted(outcome.forecast, outcome.backtest, outcome.fit, _passages(chunk, outcome))


def count_series(con: duckdb.DuckDBPyConnection, settings: Forecast, chunk_series: int, as_of: date) -> int:
    """Make the temporary table `series_value` of everything that is to be forecast; return how many series."""
    parameters = {
        "as_of": as_of,
        "hourly_from": Window.ending(as_of, settings.hourly_history_days).start,
        "daily_from": Window.ending(as_of, settings.daily_history_days).start,
        "chunk_series": chunk_series,
    }
    run(con, f"create or replace temp table series_value as {load_sql('build/series_value')}", parameters)
    ((series,),) = con.execute("select count(distinct (panel, service, metric)) from series_value").fetchall()
    return int(series)


def chunks(con: duckdb.DuckDBPyConnection, settings: Forecast, as_of: date) -> Iterator[Chunk]:
    """Read `series_value` chunk by chunk, so that no more than a few are in memory."""
    end = Window.ending(as_of, 1).end
    limits = run(con, load_sql("build/fit_limit"), {"as_of": as_of}).df()
    options = _options(con, settings.engine)
    for panel, number, newest in con.execute(load_sql("build/chunk")).fetchall():
        frame = con.execute(
            "select service, metric, timestamp, value from series_value where panel = $panel and chunk = $number",
            {"panel": panel, "number": number},
        ).df()
        grain = GRAIN[panel]
        known_until = newest + pd.Timedelta(days=1) if panel == "cost_d" else end
        days = settings.hourly_days if grain == "h" else settings.daily_days + (end - known_until).days
        yield Chunk(
            name=f"{panel} {number + 1}",
            panel=to_panel(frame, grain=grain, end=np.datetime64(known_until)),
            horizon=days * 24 if grain == "h" else days,
            options=options,
            limits=limits,
            paths=settings.paths,
        )


def open_stages(con: duckdb.DuckDBPyConnection) -> None:
    """Make empty temporary tables for what the chunks bring."""
    con.execute("create or replace temp table staged_forecast as from forecast limit 0")
    con.execute("create or replace temp table staged_backtest as from forecast limit 0")
    con.execute("create or replace temp table staged_fit as from forecast_fit limit 0")
    con.execute("create or replace temp table passage as from headroom limit 0")
    for table, columns in {
        "staged_forecast": ("made_on", "origin"),
        "staged_backtest": ("made_on", "origin"),
        "staged_fit": ("made_on",),
        "passage": ("made_on",),
    }.items():
        for column in columns:
            con.execute(f"alter table {table} alter {column} drop not null")


def stage(con: duckdb.DuckDBPyConnection, fitted: Fitted) -> None:
    """Add what a chunk brought to the temporary tables."""
    for table, frame in (
        ("staged_forecast", fitted.forecast),
        ("staged_backtest", fitted.backtest.drop(columns="actual")),
        ("staged_fit", fitted.fit),
        ("passage", fitted.passage),
    ):
        if len(frame):
            con.register("frame_of_chunk", frame)
            con.execute(f"insert into {table} by name select * from frame_of_chunk")  # noqa: S608 - constants
            con.unregister("frame_of_chunk")


def store_fits(con: duckdb.DuckDBPyConnection, settings: Forecast, as_of: date) -> None:
    """Put the staged results in place of this night's, and drop forecasts that are older than the night keeps."""
    parameters = {"as_of": as_of}
    replace_window(con, "forecast", load_sql("build/forecast"), parameters, keys={"made_on": as_of, "origin": "live"})
    with transaction(con):
        run(con, load_sql("build/delete_backtest"), parameters)
        run(con, f"insert into forecast by name {load_sql('build/backtest')}", parameters)
        con.execute("delete from forecast where made_on < $oldest", {"oldest": Window.ending(as_of, settings.keep_days).start})
    replace_window(
        con,
        "forecast_fit",
        "select $as_of as made_on, * exclude (made_on) from staged_fit",
        parameters,
        keys={"made_on": as_of},
    )
    replace_window(con, "headroom", load_sql("build/headroom"), parameters, keys={"made_on": as_of})


def _options(con: duckdb.DuckDBPyConnection, engine: ForecastOptions) -> ForecastOptions:
    countries = con.execute("select service, country from service where country is not null order by all").fetchall()
    return engine.model_copy(update={"country": engine.country | dict(countries)})


def _passages(chunk: Chunk, outcome: Outcome) -> pd.DataFrame:
    """Return when the daily peaks of the limited series reach their limits: the columns of `headroom`."""
    ids = chunk.panel.ids.reset_index(names="row")
    limited = ids.merge(chunk.limits, on=["service", "metric"], how="inner")
    if chunk.panel.grain != "d" or limited.empty:
        return pd.DataFrame()
    rows, limits = limited["row"].to_numpy(), limited["limit_value"].to_numpy()
    paths = outcome.paths(chunk.paths, rows=rows)
    passage = headroom.first_passage(paths, limits, chunk.panel.targets(chunk.horizon))
    quantile = headroom.tier_quantile(limited["tier"].fillna(2))
    peak = headroom.peak(paths, quantile)
    return limited[["service", "metric", "limit_value"]].assign(
        quantile=quantile,
        peak_forecast=peak,
        headroom_ratio=headroom.headroom_ratio(peak, limits),
        p10_date=passage.p10_date,
        p50_date=passage.p50_date,
        p90_date=passage.p90_date,
        probability_30d=passage.probability_30d,
        probability_60d=passage.probability_60d,
        probability_90d=passage.probability_90d,
        act_by=headroom.act_by(passage.p10_date, limited["lead_time_days"]),
    )
