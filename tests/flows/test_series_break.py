"""What a night keeps of breaks: the table, its view, and what the fit says of the series."""

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from data.warehouse import load_sql, migrate, run
from flows.fit import Chunk, fit_chunk
from flows.forecasts import open_stages, stage, store_fits
from flows.settings import Forecast
from forecasting.options import ForecastOptions
from forecasting.panel.series import Panel
from tests.forecasting import breaking

AS_OF = date(2026, 11, 20)


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        migrate(con)
        run(con, f"create temp table forecast_before as {load_sql('build/forecast_before')}", {"as_of": AS_OF})
        yield con


def test_the_night_keeps_the_outage_that_is_on_and_a_second_one_changes_nothing(con):
    case = breaking.outage(np.random.default_rng(1), 14, 0)
    start = np.datetime64(AS_OF, "us") - np.timedelta64(len(case.history), "h")
    panel = Panel(pd.DataFrame({"service": ["shop"], "metric": ["requests"]}), case.history[None], start, "h")
    live = pd.DataFrame({name: [] for name in ("service", "metric", "made_on", "step", "actual")})
    options = ForecastOptions(timezone={"*": "UTC"})
    chunk = Chunk("load_h 1", panel, 48, options, None, live, np.array([False]))
    fitted = fit_chunk(chunk)
    for _ in range(2):
        open_stages(con)
        stage(con, fitted)
        store_fits(con, Forecast(), AS_OF)
        found = con.execute("select service, kind, from_utc, to_utc, is_open, days from current_break").fetchall()
        assert found == [("shop", "outage", pd.Timestamp("2026-11-19 10:00"), None, True, 1)]
        assert con.execute("select status from forecast_fit").fetchall() == [("outage since 2026-11-19 10:00",)]
