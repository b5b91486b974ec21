import numpy as np
import pandas as pd
import pytest

from forecasting.accuracy import wape
from forecasting.backtest import selection
from forecasting.options import ForecastOptions
from forecasting.tournament import forecast

COLUMNS = ["service", "metric", "grain", "target_time", "mean", "lo80", "hi80", "lo95", "hi95", "model"]


def test_forecast_has_a_row_for_every_series_and_step_in_contract_columns(make_panel, weekly_load):
    table = forecast(make_panel(weekly_load(3)), 48).forecast
    assert list(table.columns) == COLUMNS
    assert len(table) == 3 * 48
    assert table["target_time"].min() == pd.Timestamp("2026-03-02")


def test_bounds_are_finite_ordered_and_not_negative(make_panel, weekly_load):
    table = forecast(make_panel(weekly_load(6, noise=0.8)), 168).forecast
    cells = table[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(cells).all()
    assert (np.diff(cells, axis=1) >= 0).all()
    assert (cells >= 0).all()


def test_forecast_beats_seasonal_naive_on_noisy_weekly_load(make_panel, weekly_load):
    y = weekly_load(8, weeks=9, noise=0.2)
    past, future = y[:, :-168], y[:, -168:]
    outcome = forecast(make_panel(past), 168)
    assert (wape(future, outcome.bands[2]) < 0.9 * wape(future, past[:, -168:])).all()


def test_backtest_is_made_before_its_targets_and_carries_what_happened(make_panel, weekly_load):
    panel = make_panel(weekly_load(2, weeks=10))
    table = forecast(panel, 48).backtest
    assert list(table.columns) == ["made_on", *COLUMNS, "actual"]
    assert (table["target_time"] >= table["made_on"]).all()
    assert table["target_time"].max() < pd.Timestamp(panel.end)
    cell = table.iloc[-1]
    hours = int((cell["target_time"] - pd.Timestamp(panel.start)) / pd.Timedelta("1h"))
    assert cell["actual"] == pytest.approx(panel.y[1, hours])


def test_backtest_does_not_change_when_the_future_of_its_origin_does(make_panel, weekly_load):
    y = weekly_load(3, weeks=10)
    table = forecast(make_panel(y), 48).backtest
    first = table["made_on"].max()
    changed = y.copy()
    changed[:, -48:] *= 1.5  # the targets of the newest vintage
    again = forecast(make_panel(changed), 48).backtest
    keys = ["mean", "lo80", "hi80", "lo95", "hi95"]
    pd.testing.assert_frame_equal(
        table.loc[table["made_on"] == first, keys], again.loc[again["made_on"] == first, keys], rtol=1e-9
    )


def test_fit_reports_errors_from_held_out_origins_for_each_series(make_panel, weekly_load):
    fit = forecast(make_panel(weekly_load(4)), 48).fit
    assert len(fit) == 4
    assert (fit["wape"] < fit["wape_naive"]).all()
    assert set(fit["series_class"]) == {"stable"}
    assert fit["fallback_reason"].isna().all()
    assert (fit["models_kept"].map(len) > 1).all()


def test_same_input_gives_the_same_bits(make_panel, weekly_load):
    panel = make_panel(weekly_load(3))
    np.testing.assert_array_equal(forecast(panel, 48).bands, forecast(panel, 48).bands)


@pytest.mark.parametrize(
    ("y", "reason"),
    [
        (np.full(500, 7.0), "every value is the same"),
        (np.full(500, np.nan), "no value was ever measured"),
        (np.r_[np.full(499, np.nan), 3.0], "one value was measured"),
        (np.r_[np.full(495, np.nan), [3.0, 4, 5, 3, 2]], "too short for a backtest"),
    ],
)
def test_series_that_no_model_can_forecast_falls_back_with_its_reason(make_panel, y, reason):
    outcome = forecast(make_panel(y), 24)
    assert reason in outcome.fit["fallback_reason"][0]
    cells = outcome.forecast[["lo95", "lo80", "mean", "hi80", "hi95"]].to_numpy()
    assert np.isfinite(cells).all()
    assert (np.diff(cells, axis=1) >= 0).all()


def test_service_that_went_to_zero_for_a_month_is_stopped_and_forecast_as_zero(make_panel, weekly_load):
    y = weekly_load(1, weeks=10)
    y[:, -30 * 24 :] = 0.0
    outcome = forecast(make_panel(y), 24)
    assert outcome.fit["series_class"][0] == "stopped"
    assert (outcome.bands == 0).all()


def test_service_that_fell_silent_a_month_ago_is_not_said_to_be_zero(make_panel, weekly_load):
    y = weekly_load(1, weeks=10)
    y[:, -30 * 24 :] = np.nan
    outcome = forecast(make_panel(y), 168)
    assert outcome.fit["series_class"][0] == "stopped"
    assert "silent" in outcome.fit["fallback_reason"][0]
    last = y[0, -30 * 24 - 168 : -30 * 24]
    assert outcome.bands[2, 0].sum() == pytest.approx(last.sum(), rel=0.01)


def test_options_come_from_a_toml_table():
    found = ForecastOptions.model_validate({"keep": 3, "models": [{"kind": "seasonal_naive"}, {"kind": "profile"}]})
    assert [model.kind for model in found.models] == ["seasonal_naive", "profile"]
    with pytest.raises(ValueError, match="extra"):
        ForecastOptions.model_validate({"kep": 3})


def test_stretches_of_the_horizon_combined_apart_foresee_better_than_in_one_piece(make_panel, monkeypatch):
    """A level that wanders and comes back: its last value tells of tomorrow, its mean of the weeks after."""
    rng = np.random.default_rng(8)
    y = np.zeros((100, 16 * 7))
    for day in range(1, y.shape[1]):
        y[:, day] = 0.9 * y[:, day - 1] + rng.normal(0, 1, len(y))
    panel, truth = make_panel(100 + 3 * y[:, :-28], "d"), 100 + 3 * y[:, -28:]
    apart = np.abs(forecast(panel, 28).bands[2] - truth)
    monkeypatch.setattr(selection, "STRETCHES", 1)
    whole = np.abs(forecast(panel, 28).bands[2] - truth)
    assert apart[:, :7].mean() < 0.99 * whole[:, :7].mean()
    assert apart[:, 14:].mean() < 0.99 * whole[:, 14:].mean()
