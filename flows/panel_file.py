"""`plimsoll forecast`: a file of series in, a file of forecasts out, with no warehouse."""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd

from data.errors import InputError
from data.utilization.files.files import Files
from data.utilization.part import LoadReading
from data.warehouse import MEMORY, fetch_row, load_sql, run
from data.window import Window
from flows.panel_fit import PanelFit, fit_panel
from forecasting.panel.series import Grain, Panel, to_panel

EVER = Window(datetime(1, 1, 1), datetime(9999, 1, 1))
STEP: dict[Grain, str] = {"h": "hour", "d": "day"}
CHUNK_SERIES = 250  # fixed, whatever the machine: what series learn of each other must not depend on its cores


def forecast_file(source: Path, horizon: int, grain: Grain, out: Path) -> pd.DataFrame:
    """Forecast every series of a csv or parquet file (service, metric, timestamp, value) and write a parquet file.

    Each series is forecast `horizon` steps past its own last stamp. Values finer than the grain are averaged.
    Returns one row a series: how it was forecast. Raises InputError where no row can be used.
    """
    with TemporaryDirectory(prefix="plimsoll-") as spill, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set temp_directory = $spill", {"spill": spill})
        chunks = _read(con, source, grain)
        if not chunks:
            raise InputError(f"{source}: no row has a service, a metric, a time and a number")
        fits = []
        panels = (_panel(con, chunk, grain) for chunk in range(chunks))
        for part in _fit_all(panels, chunks, horizon):
            con.register("part", part.forecast)
            con.execute("create table if not exists made as from part limit 0")
            con.execute("insert into made from part")
            con.unregister("part")
            fits.append(part.fit)
        con.execute(
            "copy (from made order by service, metric, target_time) to $out (format parquet)", {"out": str(out)}
        )
    return pd.concat(fits, ignore_index=True)


def _read(con: duckdb.DuckDBPyConnection, source: Path, grain: Grain) -> int:
    """Make the tables `panel_series` and `panel_value` of a file; return in how many chunks they come."""
    Files(kind="files", name="forecast", path=source.resolve()).read(con, LoadReading(EVER, source.parent))
    con.execute("set variable window_end = $end", {"end": EVER.end})
    con.execute(load_sql("utilization/classified"))
    parameters = {"step": STEP[grain], "chunk_series": CHUNK_SERIES}
    for table in ("series", "value"):
        run(con, f"create table panel_{table} as {load_sql(f'panel/{table}')}", parameters)
    row = fetch_row(con, "select max(chunk) + 1 from panel_series")
    return int(row[0] or 0) if row else 0


def _panel(con: duckdb.DuckDBPyConnection, chunk: int, grain: Grain) -> Panel:
    frame = run(con, load_sql("panel/chunk"), {"chunk": chunk}).df()
    row = fetch_row(con, "select max(ends) from panel_series where chunk = $chunk", {"chunk": chunk})
    return to_panel(frame, grain=grain, end=row[0] if row else None)


def _fit_all(panels: Iterator[Panel], count: int, horizon: int) -> Iterator[PanelFit]:
    """Fit the panels in their order, on every core where there are several; few are in memory at once."""
    workers = min(os.cpu_count() or 1, count)
    if workers == 1:
        yield from (fit_panel(panel, horizon) for panel in panels)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: list[Future[PanelFit]] = []
        for panel in panels:
            running.append(pool.submit(fit_panel, panel, horizon))
            if len(running) > workers:
                yield running.pop(0).result()
        yield from (future.result() for future in running)
