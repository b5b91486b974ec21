"""`plimsoll forecast` of a file: its grains, whose days are meant, and what the file's columns are called."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError
from flows.commands.panel_file import PanelFile, forecast_file
from tests.flows.conftest import plimsoll


def samples(start, count, freq, service="a"):
    stamps = pd.date_range(start, periods=count, freq=freq)
    rng = np.random.default_rng(3)
    value = 100 + 20 * np.sin(np.arange(count) / 7) + rng.normal(0, 2, count)
    return pd.DataFrame({"service": service, "metric": "requests", "timestamp": stamps, "value": value})


def made(tmp_path: Path, frame: pd.DataFrame, grain: str, horizon: int = 4, **told) -> pd.DataFrame:
    frame.to_csv(tmp_path / "panel.csv", index=False)
    forecast_file(PanelFile(tmp_path / "panel.csv", **told), horizon, grain, tmp_path / "out.parquet")
    return pd.read_parquet(tmp_path / "out.parquet")


@pytest.mark.parametrize(
    ("samples_of", "grain", "first", "last"),
    [
        (("5min", 900), "5min", "2026-01-08T03:00", "2026-01-08T03:15"),
        (("5min", 3000), "15min", "2026-01-15T10:00", "2026-01-15T10:45"),
        (("5min", 4032), "30min", "2026-01-19T00:00", "2026-01-19T01:30"),
        (("D", 200), "w", "2026-07-20", "2026-08-10"),
        (("D", 400), "m", "2027-02-01", "2027-05-01"),
        (("MS", 30), "m", "2028-08-01", "2028-11-01"),
        (("W-MON", 60), "w", "2027-03-01", "2027-03-22"),
    ],
)
def test_each_grain_of_a_file_has_its_own_steps(tmp_path, samples_of, grain, first, last):
    freq, count = samples_of
    out = made(tmp_path, samples("2026-01-05", count, freq), grain)
    assert out["target_time"].iloc[0] == pd.Timestamp(first)
    assert out["target_time"].iloc[-1] == pd.Timestamp(last)
    assert out["mean"].between(60, 140).all()


def test_a_month_that_has_only_begun_is_still_to_come(tmp_path):
    out = made(tmp_path, samples("2024-01-01", 700, "D"), "m")  # up to 30 November 2025
    assert out["target_time"].iloc[0] == pd.Timestamp("2025-12-01")
    out = made(tmp_path, samples("2024-01-01", 710, "D"), "m")  # up to 10 December
    assert out["target_time"].iloc[0] == pd.Timestamp("2025-12-01")


def test_days_are_those_of_the_zone(tmp_path):
    # One sample at 23:30 UTC is of the next day in Berlin, and it is alone in it.
    stamps = pd.date_range("2026-01-05 12:00", periods=60, freq="D").append(pd.DatetimeIndex(["2026-03-05 23:30"]))
    frame = pd.DataFrame({"service": "a", "metric": "x", "timestamp": stamps.strftime("%Y-%m-%dT%H:%M:%SZ")})
    frame["value"] = 10.0 + np.arange(len(frame)) % 3
    assert made(tmp_path, frame, "d")["target_time"].iloc[0] == pd.Timestamp("2026-03-06")
    berlin = made(tmp_path, frame, "d", timezone="Europe/Berlin")
    assert berlin["target_time"].iloc[0] == pd.Timestamp("2026-03-07")
    assert made(tmp_path, frame, "d", country="DE")["target_time"].iloc[0] == pd.Timestamp("2026-03-07")


def test_times_without_an_offset_are_of_the_zone_and_whole_days_stay_the_days_they_are(tmp_path):
    hours = samples("2026-01-05", 24 * 30, "h")
    out = made(tmp_path, hours, "h", timezone="America/New_York")
    assert out["target_time"].iloc[0] == pd.Timestamp("2026-02-04T05:00")
    days = samples("2026-01-05", 60, "D")
    assert made(tmp_path, days, "d", timezone="America/New_York")["target_time"].iloc[0] == pd.Timestamp("2026-03-06")
    days["timestamp"] = days["timestamp"].dt.strftime("%Y-%m-%dT00:00:00Z")
    assert made(tmp_path, days, "d", timezone="America/New_York")["target_time"].iloc[0] == pd.Timestamp("2026-03-06")


def test_the_columns_of_a_file_may_be_called_anything(tmp_path):
    frame = samples("2026-01-05", 24 * 30, "h").rename(columns={"service": "app", "timestamp": "time", "value": "n"})
    frame.to_csv(tmp_path / "panel.csv", index=False)
    target = ("--horizon", "24", "--grain", "h", "--out", tmp_path / "out.parquet")
    arguments = ("forecast", tmp_path / "panel.csv", *target)
    done = plimsoll(*arguments, "--columns", "service=app,timestamp=time,value=n", "--timezone", "Europe/Berlin")
    assert done.returncode == 0, done.stderr
    assert pd.read_parquet(tmp_path / "out.parquet")["service"].unique().tolist() == ["a"]
    done = plimsoll(*arguments, "--columns", "service")
    assert done.returncode == 2
    assert "'service' says no name" in done.stderr
    with pytest.raises(InputError, match="no column 'servce' to name"):
        forecast_file(PanelFile(tmp_path / "panel.csv", {"servce": "app"}), 24, "h", tmp_path / "out.parquet")


@pytest.mark.parametrize(
    ("told", "message"),
    [({"timezone": "Berlin"}, "'Berlin' is not a time zone"), ({"country": "QQ"}, "no holidays are known of country")],
)
def test_a_wrong_zone_or_country_is_refused_before_anything_is_read(tmp_path, told, message):
    with pytest.raises(InputError, match=message):
        made(tmp_path, samples("2026-01-05", 100, "D"), "d", **told)


WIDE = {
    "a column a series": (",", "Time,{service=checkout},{service=search}", "%Y-%m-%d %H:%M:%S"),
    "sep line, semicolons": (";", "sep=;\nTime;{service=checkout};{service=search}", "%Y-%m-%d %H:%M:%S"),
    "month first": (",", "Timestamp (UTC),service:checkout,service:search", "%m/%d/%Y %I:%M:%S %p"),
}


@pytest.mark.parametrize("form", WIDE)
def test_a_file_as_tools_export_it_is_forecast_as_its_series_apart_are(tmp_path, form):
    mark, header, time_format = WIDE[form]
    one, other = samples("2026-01-05", 24 * 21, "h", "checkout"), samples("2026-01-05", 24 * 21, "h", "search")
    other["value"] *= 2
    rows = zip(one["timestamp"], one["value"], other["value"], strict=True)
    lines = [f"{time:{time_format}}{mark}{here}{mark}{there}" for time, here, there in rows]
    (tmp_path / "wide.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    forecast_file(PanelFile(tmp_path / "wide.csv"), 4, "h", tmp_path / "wide.parquet")
    apart = made(tmp_path, pd.concat([one, other]), "h").drop(columns="metric")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "wide.parquet").drop(columns="metric"), apart)


def test_a_file_that_has_no_times_is_said_to_have_none(tmp_path):
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="column"):
        forecast_file(PanelFile(tmp_path / "bad.csv"), 4, "h", tmp_path / "out.parquet")
