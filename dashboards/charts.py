"""Frame to figure: each chart takes the rows of one query, for one series, and returns a Plotly figure.

Figures are plain dictionaries: the same that `plotly.graph_objects.Figure` holds, made some hundred times faster.
They say what is shown; colours are names of `assets/plimsoll.css`, so that one figure serves light and dark.
Regular series are written as a start and a step; a gap is null and stays a gap.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
import pandas as pd

from dashboards.wording import amount, day

if TYPE_CHECKING:
    from numpy.typing import NDArray

Trace = dict[str, object]


class Figure(TypedDict):
    """What `plotly.graph_objects.Figure` takes; `layout.meta.legend` is the legend as (class, words)."""

    data: list[Trace]
    layout: dict[str, Any]  # as free as Plotly's


Chart = Callable[[pd.DataFrame], Figure]

HOUR = np.timedelta64(1, "h")
DAY = np.timedelta64(1, "D")
DIGITS = 5  # significant: more than a screen can show
LARGE = 10_000  # from here on axes say 10k


def load_hour(frame: pd.DataFrame) -> Figure:
    """Return measured hours and their forecast. Columns of service/load_hour; one service and metric."""
    # The limit would flatten hours that are far below it: their days show it.
    limit = _first(frame, "limit_value")
    top = np.nanmax([0.0, *frame["value"], *frame["hi95"]])
    shown = limit if limit is not None and limit <= 2 * top else None
    return _load(frame, HOUR, shown)


def load_day(frame: pd.DataFrame) -> Figure:
    """Return measured days, their forecast, the limit and when it is reached. Columns of service/load_day."""
    return _load(frame, DAY, _first(frame, "limit_value"), reached=True)


def cost_day(frame: pd.DataFrame) -> Figure:
    """Return cost a day by component and its forecast. Columns of service/cost_day; one service and currency."""
    bars = [
        _bars(frame, "usage_cost", "usage"),
        _bars(frame, "unsettled_cost", "not settled yet", hatch=True),
        _bars(frame, "tax_cost", "tax"),
        _bars(frame, "credit_cost", "credit"),
    ]
    legend = [
        *(["bar-usage", "usage"] for _ in bars[0]),
        *(["bar-unsettled", "usage of days that are not settled"] for _ in bars[1]),
        *(["bar-tax", "tax"] for _ in bars[2]),
        *(["bar-credit", "credit"] for _ in bars[3]),
    ]
    band = _band(frame, DAY)
    data = [*(trace for found in bars for trace in found), *band]
    return _figure(data, frame, legend + _band_legend(band), barmode="relative")


def spend_day(frame: pd.DataFrame) -> Figure:
    """Return a currency's cost a day and the sum of its forecasts. Columns of index/spend_day."""
    bars = [*_bars(frame, "settled_cost", "usage"), *_bars(frame, "unsettled_cost", "not settled yet", hatch=True)]
    ahead = _line(frame, "mean", DAY, "forecast", "var(--c-forecast)", dash="dash")
    legend = [["bar-usage", "usage"], ["bar-unsettled", "not settled yet"]]
    legend += [["line-forecast", "forecast, sum over services"]] if ahead else []
    return _figure([*bars, *ahead], frame, legend, barmode="relative")


def unit_cost(frame: pd.DataFrame) -> Figure:
    """Return USD per million requests and the target. Columns of service/unit_cost; one service."""
    line = _line(frame, "cost_per_million_usd", DAY, "per million", "var(--c-measured)")
    target = _first(frame, "target_cost_per_million_usd")
    legend = [["line-measured", "settled days"]]
    if target is None:
        return _figure(line, frame, legend)
    return _figure(
        line,
        frame,
        [*legend, ["line-target", "target"]],
        shapes=[_level(target, "var(--c-target)", "dot")],
        annotations=[_level_label(target, f"target {amount(target)}", "var(--c-target)")],
        top=target,
    )


def vintage(frame: pd.DataFrame) -> Figure:
    """Return what was measured and what earlier nights had said of it. Columns of service/vintage; one series."""
    measured = frame[frame["origin"] == "measured"]
    data = _line(measured, "mean", DAY, "measured", "var(--c-measured)")
    legend = [["line-measured", "measured"]]
    for origin, colour, dash in (("live", "var(--c-forecast)", "dash"), ("backtest", "var(--c-backtest)", "dot")):
        said = frame[frame["origin"] == origin]
        for made_on, part in said.groupby("made_on"):
            name = f"{origin} of {day(pd.Timestamp(str(made_on)).date())}"
            data += _line(part, "mean", DAY, name, colour, dash=dash)
        if len(said):
            words = (
                "forecast live by that night" if origin == "live" else "backtest: made later from what was known then"
            )
            legend.append([f"line-{'forecast' if origin == 'live' else origin}", words])
    return _figure(data, frame, legend)


def error_by_horizon(frame: pd.DataFrame) -> Figure:
    """Return the median error by days ahead beside seasonal naive's. Columns of accuracy/horizon; one origin."""
    x = [f"{horizon} d" for horizon in frame["horizon_days"]]
    data: list[Trace] = [
        {"type": "bar", "name": name, "x": x, "y": numbers(frame[column] * 100), "marker": {"color": colour}}
        for column, name, colour in (
            ("wape", "forecast", "var(--c-bar-usage)"),
            ("wape_naive", "seasonal naive", "var(--c-naive)"),
        )
    ]
    figure = _figure(data, frame, [["bar-usage", "forecast"], ["bar-naive", "seasonal naive"]], barmode="group")
    return _percent(figure)


def coverage(frame: pd.DataFrame) -> Figure:
    """Return how many actuals lay inside the intervals, beside how many should. Columns of accuracy/horizon."""
    x = [f"{horizon} d" for horizon in frame["horizon_days"]]
    data: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": name,
            "x": x,
            "y": numbers(frame[column] * 100),
            "line": {"color": colour, "width": 2},
            "marker": {"symbol": symbol, "size": 8},
        }
        for column, name, colour, symbol in (
            ("coverage95", "inside the 95 % interval", "var(--c-forecast)", "circle"),
            ("coverage80", "inside the 80 % interval", "var(--c-backtest)", "square"),
        )
    ]
    levels = ((95.0, "var(--c-forecast)"), (80.0, "var(--c-backtest)"))
    return _percent(
        _figure(
            data,
            frame,
            [["line-forecast", "inside the 95 % interval"], ["line-backtest", "inside the 80 % interval"]],
            shapes=[_level(level, colour, "dot") for level, colour in levels],
            annotations=[_level_label(level, f"should be {level:.0f} %", colour) for level, colour in levels],
        )
    )


def numbers(values: "pd.Series[float] | NDArray[np.float64]") -> list[float | None]:
    """Return values for JSON: rounded to a few significant digits, null where not known."""
    y = np.asarray(values, dtype=np.float64)
    known = np.isfinite(y)
    size = np.floor(np.log10(np.abs(y), where=known & (y != 0), out=np.zeros_like(y)))
    shift = DIGITS - 1 - size.astype(np.int64)
    # Dividing by a whole power of ten gives the shortest decimal; multiplying by a fraction does not.
    up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
    rounded = np.round(np.where(known, y, 0.0) * up / down) / up * down
    return [value if seen else None for value, seen in zip(rounded.tolist(), known.tolist(), strict=True)]


def _load(frame: pd.DataFrame, step: np.timedelta64, limit: float | None, *, reached: bool = False) -> Figure:
    measured = _line(frame, "value", step, "measured", "var(--c-measured)")
    band = _band(frame, step)
    legend = [["line-measured", "measured"]] if measured else []
    legend += _band_legend(band)
    if limit is None:
        return _figure([*band, *measured], frame, legend)
    shapes: list[Trace] = [_level(limit, "var(--c-limit)", "solid")]
    labels: list[Trace] = [_level_label(limit, f"limit {amount(limit)}", "var(--c-limit)")]
    dates = [_date(frame, name) for name in ("p10_date", "p50_date", "p90_date")] if reached else [None, None, None]
    if dates[0]:
        last = dates[2] or pd.Timestamp(frame["time_utc"].iloc[-1]).date()
        shapes.append(_span(dates[0], last))
        legend.append(["block-reached", "when the limit is reached: 10 % to 90 % of futures"])
    if dates[1]:
        shapes.append(_moment(dates[1], "var(--c-limit)"))
        labels.append(_moment_label(dates[1], f"50 %: {day(dates[1])}"))
    return _figure([*band, *measured], frame, legend, shapes=shapes, annotations=labels, top=limit)


def _figure(  # noqa: PLR0913 - the parts of a figure
    data: list[Trace],
    frame: pd.DataFrame,
    legend: list[list[str]],
    *,
    shapes: list[Trace] | None = None,
    annotations: list[Trace] | None = None,
    barmode: str | None = None,
    top: float | None = None,
) -> Figure:
    largest = max([abs(y) for trace in data for y in _ys(trace) if y is not None], default=0.0)
    text = ".4~s" if max(largest, top or 0.0) >= LARGE else ",.4~r"
    starts = "time_utc" in frame and "mean" in frame and _first_time(frame)
    layout: dict[str, object] = {
        "meta": {"legend": legend},
        "xaxis": {"type": "date"} if "time_utc" in frame else {"type": "category"},
        "yaxis": {"rangemode": "tozero", "tickformat": text, "hoverformat": text},
        "shapes": ([_moment(starts, "var(--c-now)")] if starts else []) + (shapes or []),
        "annotations": annotations or [],
    }
    if barmode:
        layout["barmode"] = barmode
    return {"data": data, "layout": layout}


def _percent(figure: Figure) -> Figure:
    layout = figure["layout"]
    return {
        "data": figure["data"],
        "layout": layout | {"yaxis": {"rangemode": "tozero", "ticksuffix": " %", "hoverformat": ".1f"}},
    }


def _band(frame: pd.DataFrame, step: np.timedelta64) -> list[Trace]:
    """Return the forecast with its intervals, the widest first so that the narrower lies on it."""
    mean = _line(frame, "mean", step, "forecast", "var(--c-forecast)", dash="dash")
    if not mean or "lo95" not in frame:
        return mean
    found: list[Trace] = []
    for level in ("95", "80"):
        for end, word in (("lo", "low"), ("hi", "high")):
            edge = _line(frame, f"{end}{level}", step, f"{level} % {word}", f"var(--c-band{level})")
            fill = {"fill": "tonexty", "fillcolor": f"var(--c-band{level})"} if end == "hi" else {}
            found += [trace | {"line": {"width": 0, "color": f"var(--c-band{level})"}} | fill for trace in edge]
    return found + mean


def _band_legend(band: list[Trace]) -> list[list[str]]:
    if not band:
        return []
    return [["line-forecast", "forecast"], ["block-band80", "80 % of futures"], ["block-band95", "95 %"]][: len(band)]


def _line(  # noqa: PLR0913 - what a line is
    frame: pd.DataFrame, column: str, step: np.timedelta64, name: str, colour: str, *, dash: str = "solid"
) -> list[Trace]:
    """Return a line over a regular axis with a gap wherever a step is missing; nothing where nothing is known."""
    values = frame[column].to_numpy(dtype=np.float64)
    known = np.isfinite(values)
    if not known.any():
        return []
    times = frame["time_utc"].to_numpy(dtype="datetime64[us]")[known]
    place = ((times - times[0]) // step).astype(np.int64)
    y = np.full(int(place[-1]) + 1, np.nan)
    y[place] = values[known]
    # A lone point between gaps would be drawn as nothing.
    gaps = len(place) < len(y) or len(place) == 1
    return [
        {
            "type": "scatter",
            "mode": "lines+markers" if gaps and len(place) < 8 else "lines",  # noqa: PLR2004 - few enough to mark
            "name": name,
            "x0": str(times[0].astype("datetime64[m]")).replace("T", " "),
            "dx": int(step / np.timedelta64(1, "ms")),
            "y": numbers(y),
            "line": {"color": colour, "width": 2 if dash != "dot" else 1.5, "dash": dash},
        }
    ]


def _bars(frame: pd.DataFrame, column: str, name: str, *, hatch: bool = False) -> list[Trace]:
    traces = _line(frame, column, DAY, name, "")
    role = {"settled_cost": "usage", "unsettled_cost": "unsettled"}.get(column, column.removesuffix("_cost"))
    marker: dict[str, object] = {"color": f"var(--c-bar-{role})"}
    if hatch:
        marker["pattern"] = {"shape": "/", "size": 5, "solidity": 0.4, "fgcolor": "var(--c-bar-usage)"}
    return [
        {"type": "bar", "name": name, "x0": trace["x0"], "dx": trace["dx"], "y": trace["y"], "marker": marker}
        for trace in traces
    ]


def _level(value: float, colour: str, dash: str) -> Trace:
    line = {"color": colour, "width": 1.5, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _level_label(value: float, text: str, colour: str) -> Trace:
    place = {"xref": "paper", "x": 0, "xanchor": "left", "y": value, "yanchor": "bottom"}
    return place | {"text": text, "showarrow": False, "font": {"color": colour}}


def _moment(value: date | str, colour: str) -> Trace:
    line = {"color": colour, "width": 1, "dash": "dot"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": str(value), "x1": str(value), "line": line}


def _moment_label(value: date, text: str) -> Trace:
    place = {"yref": "paper", "y": 0, "yanchor": "bottom", "x": str(value), "xanchor": "left"}
    return place | {"text": text, "showarrow": False, "font": {"color": "var(--c-limit)"}}


def _span(start: date, end: date) -> Trace:
    place = {"yref": "paper", "y0": 0, "y1": 1, "x0": str(start), "x1": str(end)}
    return {"type": "rect", "layer": "below", "fillcolor": "var(--c-reached)", "line": {"width": 0}} | place


def _ys(trace: Trace) -> list[float | None]:
    found = trace["y"]
    return found if isinstance(found, list) else []


def _first(frame: pd.DataFrame, column: str) -> float | None:
    value = frame[column].iloc[0] if len(frame) else None
    return None if value is None or pd.isna(value) else float(value)


def _date(frame: pd.DataFrame, column: str) -> date | None:
    value = frame[column].iloc[0]
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _first_time(frame: pd.DataFrame) -> str | None:
    """Return when the forecast starts, where there is one."""
    if "origin" in frame:
        return None
    known = frame["time_utc"][frame["mean"].notna()]
    return f"{pd.Timestamp(known.iloc[0]):%Y-%m-%d %H:%M}" if len(known) else None
