"""Figures hold the numbers of their frames."""

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import plotly.graph_objects as go
import pytest

from dashboards import charts
from dashboards.charts import accuracy, cost, load, spend, traces
from dashboards.charts.drawing import script_json
from dashboards.charts.figure import Figure
from dashboards.pages import EACH, PAGES
from dashboards.queries import read_frame, split
from data.warehouse import run
from tests.dashboards.estate import AS_OF

CSS = Path(charts.__file__).parents[1] / "assets" / "plimsoll.css"
PANELS = [panel for kind in (*EACH, *PAGES) for panel in kind.panels]


@pytest.fixture(scope="module")
def parameters(con: duckdb.DuckDBPyConnection):
    services = [row[0] for row in con.execute("select service from service").fetchall()]
    teams = [row[0] for row in con.execute("select distinct team from service where team is not null").fetchall()]
    month = AS_OF.replace(day=1)
    return {"as_of": AS_OF, "month": month, "period": date(2026, 10, 1), "services": services, "teams": teams}


def frame_of(con, panel, parameters, *keys: str):
    return next(part for cut, part in split(read_frame(con, panel.query, parameters), *panel.cuts) if cut == keys)


def panel_of(section: str):
    return next(panel for panel in PANELS if panel.section == section)


def trace_of(figure: Figure, name: str):
    return next(trace for trace in figure["data"] if trace["name"] == name)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel.section}-{panel.query}")
def test_every_figure_is_one_that_plotly_takes(con, parameters, panel):
    parts = list(split(read_frame(con, panel.query, parameters), *panel.cuts))
    assert parts
    for _, part in parts:
        figure = panel.chart(part)
        assert len(go.Figure(figure).data) == len(figure["data"])


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: f"{panel.section}-{panel.query}")
def test_every_colour_and_legend_has_a_style(con, parameters, panel):
    style = CSS.read_text(encoding="utf-8")
    for _, part in split(read_frame(con, panel.query, parameters), *panel.cuts):
        figure = panel.chart(part)
        for name in set(re.findall(r"var\((--[a-z0-9-]+)\)", script_json(figure))):
            assert f"{name}: light-dark(" in style
        assert "#" not in script_json(figure["data"])
        for role, words in figure["layout"]["meta"]["legend"]:
            assert f".legend .{role} " in style
            assert words


def test_measured_hours_are_the_tables_own(con, parameters):
    frame = frame_of(con, panel_of("hour"), parameters, "checkout", "requests")
    trace = trace_of(load.load_hour(frame), "measured")
    start = AS_OF - timedelta(days=28)
    rows = con.execute(
        "select hour_utc, value_sum from utilization_hour where service = 'checkout' and metric = 'requests' "
        "and hour_utc >= $start order by hour_utc",
        {"start": start},
    ).fetchall()
    assert trace["x0"] == f"{rows[0][0]:%Y-%m-%d %H:%M}"
    assert trace["dx"] == 3_600_000
    for hour, value in rows:
        place = int((hour - rows[0][0]).total_seconds() // 3600)
        assert trace["y"][place] == pytest.approx(value, rel=1e-4)
    assert sum(y is not None for y in trace["y"]) == len(rows)


def test_hours_that_were_not_measured_are_a_gap_and_not_zero(con, parameters):
    frame = frame_of(con, panel_of("hour"), parameters, "checkout", "requests")
    trace = trace_of(load.load_hour(frame), "measured")
    assert len(trace["y"]) == 28 * 24
    assert trace["y"][16 * 24 : 18 * 24] == [None] * 48
    assert "connectgaps" not in trace


def test_intervals_hold_the_forecast_and_start_where_the_known_ends(con, parameters):
    figure = load.load_hour(frame_of(con, panel_of("hour"), parameters, "search", "requests"))
    lo95, lo80, mean, hi80, hi95 = (
        np.array(trace_of(figure, name)["y"]) for name in ("95 % low", "80 % low", "forecast", "80 % high", "95 % high")
    )
    assert (lo95 <= lo80).all()
    assert (lo80 <= mean).all()
    assert (mean <= hi80).all()
    assert (hi80 <= hi95).all()
    assert len(mean) == 14 * 24
    assert trace_of(figure, "forecast")["x0"] == f"{AS_OF} 00:00"
    assert figure["layout"]["shapes"][0]["x0"] == f"{AS_OF} 00:00"


def test_few_forecasts_without_any_measured_day_are_a_band_without_dots_and_say_nothing_of_measured(con, parameters):
    frame = frame_of(con, panel_of("day"), parameters, "search", "cpu")
    ahead = np.isfinite(frame["mean"])
    figure = load.load_day({name: column[ahead][:5] for name, column in frame.items()})
    assert {trace["mode"] for trace in figure["data"] if "%" in trace["name"]} == {"lines"}
    assert trace_of(figure, "forecast")["mode"] == "lines+markers"
    assert "measured" not in [words for _, words in figure["layout"]["meta"]["legend"]]


def test_the_line_between_known_and_forecast_says_its_day(con, parameters):
    for section, keys in (("day", ("search", "cpu")), ("cost", ("search", "USD"))):
        panel = panel_of(section)
        layout = panel.chart(frame_of(con, panel, parameters, *keys))["layout"]
        (label,) = [each for each in layout["annotations"] if each["text"] == "as of 20 Nov 2026"]
        assert label["x"] in [shape["x0"] for shape in layout["shapes"]]


def test_no_words_make_the_time_axis_longer_than_its_series(con, parameters):
    frame = frame_of(con, panel_of("day"), parameters, "search", "cpu")
    first, last = load.load_day(frame)["layout"]["xaxis"]["range"]
    assert np.datetime64(first) == frame["time_utc"].min() - np.timedelta64(12, "h")
    assert np.datetime64(last) == frame["time_utc"].max() + np.timedelta64(12, "h")


def test_coverage_below_what_its_axis_usually_shows_is_still_on_it(con, parameters):
    panel = panel_of("coverage")
    _, frame = next(iter(split(read_frame(con, panel.query, parameters), *panel.cuts)))
    low = dict(frame) | {"coverage80": np.full(len(frame["coverage80"]), 0.1)}
    assert accuracy.coverage(low)["layout"]["yaxis"]["range"][0] < 10
    assert accuracy.coverage(frame)["layout"]["yaxis"]["range"][1] > 100


def test_the_limit_and_its_dates_are_those_of_headroom(con, parameters):
    figure = load.load_day(frame_of(con, panel_of("day"), parameters, "search", "cpu"))
    row = con.execute(
        "select limit_value, p10_date, p50_date from headroom where service = 'search' and metric = 'cpu'"
    ).fetchone()
    shapes = figure["layout"]["shapes"]
    assert [shape["y0"] for shape in shapes if shape["type"] == "line" and shape.get("xref") == "paper"] == [
        100 * row[0]
    ]
    shades = {shape["fillcolor"]: shape["x0"] for shape in shapes if shape["type"] == "rect"}
    assert shades["var(--c-reached)"] == str(row[1])
    assert shades["var(--c-broken)"] == str(AS_OF - timedelta(days=40))
    assert str(row[2]) in [shape["x0"] for shape in shapes if shape["type"] == "line"]


def test_cost_a_day_is_the_tables_own_and_unsettled_days_stand_apart(con, parameters):
    figure = cost.cost_day(frame_of(con, panel_of("cost"), parameters, "checkout", "USD"))
    for name, condition in (
        ("usage", "component = 'direct' and is_settled"),
        ("not settled yet", "component = 'direct' and not is_settled"),
        ("tax", "component = 'tax'"),
        ("credit", "component = 'credit'"),
    ):
        total = run(
            con,
            f"select sum(effective_cost) from cost_service_day where service = 'checkout' and currency = 'USD' "
            f"and date >= $as_of - 120 and {condition}",
            {"as_of": AS_OF},
        ).fetchone()[0]
        shown = sum(y for y in trace_of(figure, name)["y"] if y is not None)
        assert shown == pytest.approx(float(total), rel=1e-4)
    assert "pattern" in trace_of(figure, "not settled yet")["marker"]


def test_unit_cost_shows_no_day_that_is_not_settled(con, parameters):
    frame = frame_of(con, panel_of("unit"), parameters, "search", "USD", "requests")
    newest = con.execute("select max(date) from unit_cost_day where is_settled").fetchone()[0]
    assert frame["time_utc"].max() == np.datetime64(newest)


def test_live_and_backtest_differ_by_name_and_by_line(con, parameters):
    figure = load.vintage(frame_of(con, panel_of("vintage"), parameters, "checkout", "requests"))
    dashes = {str(trace["name"]).split()[0]: trace["line"]["dash"] for trace in figure["data"]}
    assert dashes == {"measured": "solid", "live": "dash", "backtest": "dot"}
    assert f"live of {(AS_OF - timedelta(days=28)).day} Oct 2026" in [trace["name"] for trace in figure["data"]]


def test_percent_exists_only_in_charts(con, parameters):
    panel = panel_of("coverage")
    _, frame = next(iter(split(read_frame(con, panel.query, parameters), *panel.cuts)))
    assert np.nanmax(frame["coverage95"]) <= 1
    shown = [y for y in trace_of(accuracy.coverage(frame), "inside the 95 % interval")["y"] if y is not None]
    assert shown == pytest.approx(100 * frame["coverage95"][np.isfinite(frame["coverage95"])], rel=1e-4)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e3, 1e9, 1e15])
def test_numbers_keep_five_digits_and_write_few(scale: float):
    values = np.array([1.23456789, -9.87654321, 0.0, np.nan, np.inf]) * scale
    shown = traces.numbers(values)
    assert shown[:3] == pytest.approx(list(values[:3]), rel=1e-4)
    assert shown[3:] == [None, None]
    assert all(len(f"{number:.15g}") <= 18 for number in shown[:3])


def test_a_series_without_a_value_draws_nothing():
    empty = {"time_utc": np.array(["2026-01-01"], dtype="datetime64[us]"), "value": np.array([np.nan])}
    assert traces.line(empty, "value", traces.DAY, "measured", "") == []


def test_split_cuts_where_a_key_changes():
    frame = {"service": np.array(["a", "a", "b"]), "metric": np.array(["x", "y", "y"]), "v": np.array([1, 2, 3])}
    assert [(keys, list(part["v"])) for keys, part in split(frame, "service", "metric")] == [
        (("a", "x"), [1]),
        (("a", "y"), [2]),
        (("b", "y"), [3]),
    ]
    assert list(split({"service": np.array([])}, "service")) == []


def test_an_anomaly_is_drawn_against_its_band_and_says_its_worst_step(con, parameters):
    panel = panel_of("anomaly")
    hours = panel.chart(frame_of(con, panel, parameters, "media", "requests", "2026-11-11 00:00", ""))
    assert hours["layout"]["meta"]["finding"].startswith(
        "Step: 1.5\u202fM in its worst hour where 1\u202fM was expected (+50"
    )
    assert trace_of(hours, "no alert within high")["fill"] == "tonexty"
    assert trace_of(hours, "measured")["dx"] == 3_600_000
    frame = frame_of(con, panel, parameters, "checkout", "cost_usd", "2026-10-31 00:00", "")
    days = panel.chart(frame)
    assert trace_of(days, "measured")["dx"] == 86_400_000
    unjudged = panel.chart(dict(frame) | {"lo": np.full(len(frame["lo"]), np.nan), "hi": frame["lo"] * np.nan})
    assert "no alert within" not in script_json(unjudged)


def test_a_budgets_fan_ends_at_its_status_and_grows_towards_it(con, parameters):
    part = frame_of(con, panel_of("fan"), parameters, "total", "(total)", "USD")
    figure = spend.budget_fan(part)
    low, high = trace_of(figure, "80 % low")["y"], trace_of(figure, "80 % high")["y"]
    assert (low[-1], high[-1]) == (17500, 18300)
    widths = [top - bottom for bottom, top in zip(low, high, strict=True)]
    assert widths == sorted(widths)
    finding = figure["layout"]["meta"]["finding"]
    assert finding.replace("\u202f", " ") == (
        "90 % chance to pass 17,500: the month ends at 17,900 (80 %: 17,500 to 18,300)"
    )
    assert [note["text"] for note in figure["layout"]["annotations"]][1:] == ["passed 29 Nov 2026"]


def test_a_forecast_without_an_interval_has_none_in_its_legend():
    """A team's forecast is a sum, and has none."""
    days = np.arange("2026-11-20", "2026-11-24", dtype="datetime64[D]").astype("datetime64[us]")
    frame = {"time_utc": days, "mean": np.arange(4.0)} | dict.fromkeys(
        ("lo80", "hi80", "lo95", "hi95"), np.full(4, np.nan)
    )
    assert [words for _, words in traces.band(frame, traces.DAY)[1]] == ["forecast"]
    ends = {"lo80": frame["mean"] - 1, "hi80": frame["mean"] + 1}
    assert [words for _, words in traces.band(frame | ends, traces.DAY)[1]] == ["forecast", "80 % of futures"]


def test_a_legend_shows_the_line_as_it_is_drawn(con, parameters):
    """A solid line under a dashed mark was the case of capacity's chances."""
    style = CSS.read_text(encoding="utf-8")
    for panel in PANELS:
        for _, part in split(read_frame(con, panel.query, parameters), *panel.cuts):
            figure = panel.chart(part)
            dashes = {trace["line"].get("dash", "solid") for trace in figure["data"] if trace["type"] == "scatter"}
            legend = [name for name, _ in figure["layout"]["meta"]["legend"] if name == "line-forecast"]
            if legend:
                assert "dash" in dashes, panel.query
    assert ".legend .line-simulated" in style
