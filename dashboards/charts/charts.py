"""Frame to figure: each chart takes the rows of one query, for one series, and returns a Plotly figure.

Figures are plain dictionaries, what `plotly.graph_objects.Figure` holds, made some hundred times faster. They hold no
text but ours: names of services and metrics are hostile, and Plotly reads tags in its texts.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypedDict

import numpy as np

from dashboards.charts import traces
from dashboards.charts.traces import DAY, HOUR, Legend, Trace
from dashboards.queries import Frame, split
from dashboards.words.wording import amount, day


class Figure(TypedDict):
    """What `plotly.graph_objects.Figure` takes; `layout.meta` has the legend and the unit, for the page to say."""

    data: list[Trace]
    layout: dict[str, Any]  # as free as Plotly's


Chart = Callable[[Frame], Figure]

LARGE = 10_000  # from here on axes say 10k
HALF = 50  # per cent: coverage is never so low that its axis must start at 0
LIMIT, NOW, TARGET = "var(--c-limit)", "var(--c-now)", "var(--c-target)"
MEASURED, FORECAST, BACKTEST = "var(--c-measured)", "var(--c-forecast)", "var(--c-backtest)"
VINTAGES = {
    "measured": (MEASURED, "solid", "line-measured", "measured"),
    "live": (FORECAST, "dash", "line-forecast", "forecast by that night"),
    "backtest": (BACKTEST, "dot", "line-backtest", "backtest: made later from what was known then"),
}


def load_hour(frame: Frame) -> Figure:
    """Return measured hours and their forecast. Columns of service/load_hour; one service and metric."""
    # The limit would flatten hours that are far below it: their days show it.
    limit = _first(frame, "limit_value")
    top = np.nanmax([0.0, *frame["value"], *frame["hi95"]])
    what = "sum" if frame["kind"][0] == "count" else "mean"
    return _load(frame, HOUR, limit if limit is not None and limit <= 2 * top else None, f"{what} of the hour, UTC")


def load_day(frame: Frame) -> Figure:
    """Return measured days, their forecast, the limit and when it is reached. Columns of service/load_day."""
    what = "sum" if frame["kind"][0] == "count" else "peak"
    figure = _load(frame, DAY, _first(frame, "limit_value"), f"{what} of the day, UTC")
    p10, p50, p90 = (_date(frame, name) for name in ("p10_date", "p50_date", "p90_date"))
    layout, first, last = figure["layout"], _day_of(frame["time_utc"][0]), _day_of(frame["time_utc"][-1])
    if p10:
        layout["shapes"].append(traces.span(p10, p90 or last, "var(--c-reached)"))
        layout["meta"]["legend"].append(("block-reached", "when the limit is reached: 10 % to 90 % of futures"))
    if p50:
        is_late = p50 - first > 0.8 * (last - first)
        layout["shapes"].append(traces.moment(p50, LIMIT))
        layout["annotations"].append(traces.moment_label(p50, f"50 %: {day(p50)}", LIMIT, is_late=is_late))
    return figure


def cost_day(frame: Frame) -> Figure:
    """Return cost a day by component and its forecast. Columns of service/cost_day; one service and currency."""
    components = (
        ("usage_cost", "usage", "usage"),
        ("shared_cost", "part of shared services", "shared"),
        ("unused_cost", "unused commitment", "unused"),
        ("unsettled_cost", "not settled yet", "unsettled"),
        ("support_cost", "support", "support"),
        ("tax_cost", "tax", "tax"),
        ("credit_cost", "credit", "credit"),
    )
    return _cost(frame, components)


def spend_day(frame: Frame) -> Figure:
    """Return a currency's cost a day and its forecast. Columns of index/spend_day."""
    return _cost(frame, (("settled_cost", "usage", "usage"), ("unsettled_cost", "not settled yet", "unsettled")))


def unit_cost(frame: Frame) -> Figure:
    """Return USD per million requests and the target. Columns of service/unit_cost; one service."""
    data = traces.line(frame, "cost_per_million_usd", DAY, "per million", MEASURED)
    target = _first(frame, "target_cost_per_million_usd")
    legend = [("line-measured", "settled days")]
    if target is None or not data:
        return _over(frame, DAY, _figure(data, legend, "USD"))
    figure = _over(frame, DAY, _figure(data, [*legend, ("line-target", "target")], "USD", top=target))
    figure["layout"]["shapes"] = [traces.level(target, TARGET, dash="dot")]
    figure["layout"]["annotations"] = [traces.level_label(target, f"target<br>{amount(target)}", TARGET)]
    return figure


def vintage(frame: Frame) -> Figure:
    """Return what was measured and what earlier nights had said of it. Columns of service/vintage; one series."""
    data: list[Trace] = []
    legend: Legend = []
    for (origin, made_on), part in split(frame, "origin", "made_on"):
        colour, dash, role, words = VINTAGES[origin]
        name = origin if origin == "measured" else f"{origin} of {day(date.fromisoformat(made_on[:10]))}"
        data += traces.line(part, "mean", DAY, name, colour, dash=dash)
        legend += [] if (role, words) in legend else [(role, words)]
    return _over(frame, DAY, _figure(data, legend, "by day"))


def error_by_horizon(frame: Frame) -> Figure:
    """Return the median error by days ahead beside seasonal naive's. Columns of accuracy/horizon; one origin."""
    x = [f"{horizon} d" for horizon in frame["horizon_days"]]
    bars = (("wape", "forecast", "var(--c-bar-usage)"), ("wape_naive", "seasonal naive", "var(--c-naive)"))
    data: list[Trace] = [
        {"type": "bar", "name": name, "x": x, "y": traces.numbers(frame[column] * 100), "marker": {"color": colour}}
        for column, name, colour in bars
    ]
    legend = [("bar-usage", "forecast"), ("bar-naive", "seasonal naive")]
    figure = _percent(_figure(data, legend, "median WAPE, %"))
    figure["layout"]["barmode"] = "group"
    return figure


def coverage(frame: Frame) -> Figure:
    """Return how many actuals lay inside the intervals, beside how many should. Columns of accuracy/horizon."""
    x = [f"{horizon} d" for horizon in frame["horizon_days"]]
    levels = (("95", FORECAST, "circle", "line-forecast"), ("80", BACKTEST, "square", "line-backtest"))
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": f"inside the {level} % interval",
            "x": x,
            "y": traces.numbers(frame[f"coverage{level}"] * 100),
            "line": {"color": colour, "width": 2, "dash": "dash" if level == "95" else "dot"},
            "marker": {"symbol": symbol, "size": 8},
        }
        for level, colour, symbol, _ in levels
    ]
    legend = [(role, f"inside the {level} % interval") for level, _, _, role in levels]
    figure = _percent(_figure(data, [*legend, ("line-level", "what it should be")], "% of actuals"))
    least = np.nanmin([HALF, *frame["coverage80"] * 100, *frame["coverage95"] * 100])
    figure["layout"]["yaxis"]["range"] = [least - 2, 102]
    for level, colour, _, _ in levels:
        figure["layout"]["shapes"].append(traces.level(float(level), colour))
        figure["layout"]["annotations"].append(traces.level_label(float(level), f"{level} %", colour))
    return figure


def _load(frame: Frame, step: np.timedelta64, limit: float | None, unit: str) -> Figure:
    measured = traces.line(frame, "value", step, "measured", MEASURED)
    ahead, legend = traces.band(frame, step)
    known = [("line-measured", "measured")] if measured else []
    figure = _over(frame, step, _figure([*ahead, *measured], [*known, *legend], unit, top=limit))
    _mark_now(figure, frame)
    if limit is not None:
        figure["layout"]["shapes"].append(traces.level(limit, LIMIT))
        figure["layout"]["annotations"].append(traces.level_label(limit, f"limit<br>{amount(limit)}", LIMIT))
    return figure


def _cost(frame: Frame, components: tuple[tuple[str, str, str], ...]) -> Figure:
    data: list[Trace] = []
    legend: Legend = []
    for column, name, role in components:
        found = traces.bars(frame, column, name, role)
        data += found
        legend += [(f"bar-{role}", name)] if found else []
    ahead, words = traces.band(frame, DAY)
    figure = _over(frame, DAY, _figure([*data, *ahead], legend + words, "effective cost"))
    figure["layout"]["barmode"] = "relative"
    _mark_now(figure, frame)
    return figure


def _figure(data: list[Trace], legend: Legend, unit: str, *, top: float | None = None) -> Figure:
    series = (trace["y"] for trace in data)
    largest = max((max(filter(None, ys), default=0.0) for ys in series if isinstance(ys, list)), default=0.0)
    text = ".4~s" if max(largest, top or 0.0) >= LARGE else ",.4~r"
    layout: dict[str, object] = {
        "meta": {"legend": legend, "unit": unit},
        "xaxis": {"type": "date"},
        "yaxis": {"rangemode": "tozero", "tickformat": text, "hoverformat": text},
        "shapes": [],
        "annotations": [],
    }
    return {"data": data, "layout": layout}


def _over(frame: Frame, step: np.timedelta64, figure: Figure) -> Figure:
    """Make the time axis as long as the frame: words beside a line would make it longer."""
    times = np.asarray(frame["time_utc"], dtype="datetime64[m]")
    half = step.astype("timedelta64[m]") // 2
    figure["layout"]["xaxis"]["range"] = [
        str(end).replace("T", " ") for end in (times.min() - half, times.max() + half)
    ]
    return figure


def _percent(figure: Figure) -> Figure:
    axes = {"xaxis": {"type": "category"}, "yaxis": {"rangemode": "tozero", "ticksuffix": " %", "hoverformat": ".1f"}}
    figure["layout"] |= axes
    return figure


def _mark_now(figure: Figure, frame: Frame) -> None:
    """Draw the line between what was measured and what is forecast, where there is a forecast, and say its day."""
    known = frame["time_utc"][np.isfinite(frame["mean"])]
    if len(known):
        start = str(known[0].astype("datetime64[m]")).replace("T", " ")
        figure["layout"]["shapes"].append(traces.moment(start, NOW))
        figure["layout"]["annotations"].append(traces.now_label(start, f"as of {day(_day_of(known[0]))}"))


def _first(frame: Frame, column: str) -> float | None:
    value = float(frame[column][0])
    return value if np.isfinite(value) else None


def _date(frame: Frame, column: str) -> date | None:
    value = frame[column][0]
    return None if np.isnat(value) else _day_of(value)


def _day_of(moment: np.datetime64) -> date:
    return date.fromisoformat(str(moment.astype("datetime64[D]")))
