"""Chunks: nothing is lost with a series at fault."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from flows.fit import Chunk, fit_chunk, one_by_one, unfitted
from flows.fit_all import fit_all
from flows.forecasts import open_stages, stage
from flows.settings import Compute
from forecasting.options import ForecastOptions
from forecasting.outcome import BANDS
from forecasting.panel.series import to_panel
from forecasting.paths.stored import blocks
from forecasting.tournament import forecast

LIVE = ["service", "metric", "made_on", "step", "actual", "mean", "lo80", "hi80", "lo95", "hi95"]
NOTHING_LIVE = pd.DataFrame({name: [] for name in LIVE})


@pytest.fixture
def chunk() -> Chunk:
    days = pd.date_range("2026-06-01", periods=120, freq="D")
    rng = np.random.default_rng(5)
    frame = pd.concat(
        pd.DataFrame({"service": name, "metric": "cpu", "timestamp": days, "value": rng.uniform(0.3, 0.5, len(days))})
        for name in ("a", "b", "c")
    )
    return Chunk(
        name="test",
        panel=to_panel(frame, grain="d"),
        horizon=30,
        options=ForecastOptions(slow_models=()),
        driver=None,
        live=NOTHING_LIVE,
        is_new=np.ones(3, dtype=bool),
    )


def test_futures_can_be_simulated_again_from_what_a_fit_leaves(chunk):
    fitted = fit_chunk(chunk)
    stored = fitted.forecast.groupby(["service", "metric"], as_index=False).agg(
        first_time=("target_time", "min"), **{name: (name, list) for name in BANDS}
    )
    stored = stored.merge(fitted.path, on=["service", "metric"])
    (block,) = blocks(stored)
    outcome = forecast(chunk.panel, chunk.horizon, chunk.options)
    assert np.array_equal(block.paths(50), outcome.paths(50))
    assert fitted.path["errors"].map(len).min() >= 3
    assert len(fitted.path["origins"][0]) == len(fitted.path["errors"][0])


def test_only_series_that_no_night_has_forecast_bring_a_backtest(chunk):
    every = fit_chunk(chunk).backtest
    assert set(every["service"]) == {"a", "b", "c"}
    one = fit_chunk(replace(chunk, is_new=np.array([False, True, False]))).backtest
    pd.testing.assert_frame_equal(one, every[every["service"] == "b"].reset_index(drop=True))
    assert fit_chunk(replace(chunk, is_new=np.zeros(3, dtype=bool))).backtest.empty


def test_series_of_a_chunk_split_are_the_chunk(chunk):
    parts = list(one_by_one(chunk))
    assert [part.name for part in parts] == ["test, a cpu", "test, b cpu", "test, c cpu"]
    assert np.array_equal(np.concatenate([part.panel.y for part in parts]), chunk.panel.y)


@pytest.mark.parametrize("runner", ["threads", "processes"])
def test_a_series_that_cannot_be_fitted_costs_no_other_and_has_its_reason(chunk, runner):
    broken = replace(chunk, live=NOTHING_LIVE.assign(service=["b"], metric=["cpu"], made_on=["not a day"]))
    fitted = list(fit_all(Compute(runner=runner, workers=1), iter([broken])))
    fit = pd.concat([part.fit for part in fitted]).set_index("service")
    made = pd.concat([part.forecast for part in fitted])
    assert set(made["service"]) == {"a", "c"}
    assert fit.loc["b", "fallback_reason"].startswith("the fit failed: ")
    assert fit.loc[["a", "c"], "fallback_reason"].isna().all()


def test_what_could_not_be_fitted_is_stored_with_its_reason(chunk, con):
    open_stages(con)
    stage(con, unfitted(chunk, "it is made of cheese"))
    rows = con.execute("select distinct fallback_reason, history_points, models_kept from staged_fit").fetchall()
    assert rows == [("the fit failed: it is made of cheese", 120, [])]
