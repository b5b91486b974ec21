"""`plimsoll forecast`: a file of series in, a file of forecasts out, with no warehouse."""

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from data.errors import InputError
from data.utilization.files import Files
from data.utilization.part import Reading
from data.warehouse import load_sql, run
from data.window import Window
from forecasting.options import ForecastOptions
from forecasting.series import Grain, to_panel
from forecasting.tournament import forecast

EVER = Window(datetime(1, 1, 1), datetime(9999, 1, 1))


def forecast_file(source: Path, horizon: int, grain: Grain, out: Path) -> pd.DataFrame:
    """Forecast every series of a csv or parquet file (service, metric, timestamp, value) and write a parquet file.

    Each series is forecast `horizon` steps past its own last stamp. Values finer than the grain are averaged.
    Returns one row a series: how it was forecast. Raises InputError where no row can be used.
    """
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        Files(kind="files", name="forecast", path=source.resolve()).read(con, Reading(EVER, source.parent))
        con.execute("set variable window_end = $end", {"end": EVER.end})
        con.execute(load_sql("utilization/classified"))
        frame = run(con, load_sql("utilization/panel"), {"grain": {"h": "hour", "d": "day"}[grain]}).df()
        if frame.empty:
            raise InputError(f"{source}: no row has a service, a metric, a time and a number")
        outcomes = [
            forecast(to_panel(frame[frame["ends"] == end], grain=grain, end=end), horizon, ForecastOptions())
            for end in np.unique(frame["ends"].to_numpy())
        ]
        made = pd.concat([outcome.forecast for outcome in outcomes], ignore_index=True)
        fit = pd.concat([outcome.fit for outcome in outcomes], ignore_index=True)
        con.register("made", made.sort_values(["service", "metric", "target_time"], ignore_index=True))
        con.execute("copy made to $out (format parquet)", {"out": str(out)})
    return fit
