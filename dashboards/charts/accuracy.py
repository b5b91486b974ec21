"""Charts of how good forecasts were: error and coverage by days ahead."""

import numpy as np

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.charts.layout import BACKTEST, FORECAST
from dashboards.queries import Frame
from dashboards.words.wording import percent

HALF = 50  # per cent: coverage is never so low that its axis must start at 0
NEAR = 5  # per cent: closer to its level than this an interval is called right
LEVELS = (("95", FORECAST, "circle", "line-forecast"), ("80", BACKTEST, "square", "line-backtest"))


def error_by_horizon(frame: Frame) -> Figure:
    """Return the median error by days ahead beside seasonal naive's. Columns of accuracy/horizon; one origin."""
    names = [f"{horizon} d" for horizon in frame["horizon_days"]]
    bars = (("wape", "forecast", "var(--c-bar-usage)"), ("wape_naive", "seasonal naive", "var(--c-naive)"))
    data: list[Trace] = [
        {"type": "bar", "name": name, "x": names, "y": traces.numbers(frame[column] * 100), "marker": {"color": colour}}
        for column, name, colour in bars
    ]
    legend: Legend = [("bar-usage", "forecast"), ("bar-naive", "seasonal naive")]
    drawn = layout.figure(data, legend, "median WAPE, %", finding=_error_finding(frame))
    drawn["layout"]["barmode"] = "group"
    return layout.up(layout.over_names(drawn, names), suffix="%")


def coverage(frame: Frame) -> Figure:
    """Return how many actuals lay inside the intervals, beside how many should. Columns of accuracy/horizon."""
    names = [f"{horizon} d" for horizon in frame["horizon_days"]]
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": f"inside the {level} % interval",
            "x": names,
            "y": traces.numbers(frame[f"coverage{level}"] * 100),
            "line": {"color": colour, "width": 2, "dash": "dash" if level == "95" else "dot"},
            "marker": {"symbol": symbol, "size": 8},
        }
        for level, colour, symbol, _ in LEVELS
    ]
    legend: Legend = [(role, f"inside the {level} % interval") for level, _, _, role in LEVELS]
    legend.append(("line-level", "what it should be"))
    drawn = layout.figure(data, legend, "% of actuals", finding=_coverage_finding(frame))
    least = np.nanmin([HALF, *frame["coverage80"] * 100, *frame["coverage95"] * 100])
    layout.up(layout.over_names(drawn, names), ends=(float(least) - 2, 102.0), suffix="%")
    for level, colour, _, _ in LEVELS:
        drawn["layout"]["shapes"].append(traces.level(float(level), colour))
        drawn["layout"]["annotations"].append(traces.level_label(float(level), f"{level} %", colour))
    return drawn


def _error_finding(frame: Frame) -> str:
    """Say the first and the last horizon, and whether naive is better at any."""
    wape, naive = frame["wape"], frame["wape_naive"]
    known = np.flatnonzero(np.isfinite(wape))
    if not len(known):
        return "No error is known"
    parts = [
        f"{percent(wape[k], 1)} to {frame['horizon_days'][k]} d ahead" for k in dict.fromkeys((known[0], known[-1]))
    ]
    worse = [f"{frame['horizon_days'][k]} d" for k in known if wape[k] >= naive[k]]
    verdict = (
        f"; seasonal naive is as good or better to {', '.join(worse)}" if worse else "; better than seasonal naive"
    )
    return f"Off by {', '.join(parts)}{verdict if np.isfinite(naive[known]).any() else ''}"


def _coverage_finding(frame: Frame) -> str:
    points = float(np.nansum(frame["interval_points"]))
    if not points:
        return "No interval has met its actual"
    inside = [float(np.nansum(frame[f"coverage{level}"] * frame["interval_points"])) / points for level in (80, 95)]
    return f"80 % intervals held {percent(inside[0], 1)} of {int(points):,} actuals, 95 % ones {percent(inside[1], 1)}"


def reliability(frame: Frame) -> Figure:
    """Return how often actuals lay inside intervals against how often they should. Columns of accuracy/reliability."""
    levels = np.asarray(frame["level"], dtype=np.float64) * 100
    shares = np.asarray(frame["share"], dtype=np.float64) * 100
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "what it should be",
            "x": [70.0, 100.0],
            "y": [70.0, 100.0],
            "line": {"color": layout.NOW, "width": 1, "dash": "dot"},
        },
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "inside",
            "x": levels.tolist(),
            "y": traces.numbers(shares),
            "line": {"color": FORECAST, "width": 2, "dash": "solid"},
            "marker": {"size": 8},
        },
    ]
    points = int(frame["points"][0])
    verdict = (
        "as wide as they should be"
        if abs(shares - levels).max() <= NEAR
        else ("too narrow" if shares[0] < levels[0] else "too wide")
    )
    finding = f"Intervals are {verdict}, over {points:,} actuals"
    legend: Legend = [("line-simulated", "inside the interval"), ("line-level", "what it should be")]
    drawn = layout.figure(data, legend, "% of actuals inside, by level", finding=finding)
    low = float(min(70.0, *shares))
    layout.over_numbers(drawn, [70.0, 100.0], suffix="%")
    return layout.up(drawn, ends=(low - 2, 102.0), suffix="%")
