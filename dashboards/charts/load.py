"""Charts of load: measured hours and days with their forecast and limit, and what earlier nights had said."""

from datetime import date, timedelta

import numpy as np

from dashboards.charts import layout, traces
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.charts.layout import BACKTEST, FORECAST, LIMIT, MEASURED
from dashboards.charts.traces import DAY, HOUR
from dashboards.queries import Frame, split
from dashboards.words.terms import is_share
from dashboards.words.wording import amount, change, day, percent

RECENT_DAYS = 28
NEW_LEVELS = ("step", "ramp", "variance")  # of series_break: others end
VINTAGES = {
    "measured": (MEASURED, "solid", "line-measured", "measured"),
    "live": (FORECAST, "dash", "line-forecast", "forecast by that night"),
    "backtest": (BACKTEST, "dot", "line-backtest", "backtest: made later from what was known then"),
}
VALUES = ("value", "mean", "lo80", "hi80", "lo95", "hi95", "limit_value")


def load_hour(frame: Frame) -> Figure:
    """Return measured hours and their forecast. Columns of service/load_hour; one service and metric."""
    what = "sum" if frame["kind"][0] == "count" else "mean"
    return _load(frame, HOUR, f"{what} of the hour, UTC")


def load_day(frame: Frame) -> Figure:
    """Return measured days, their forecast, the limit and when it is reached. Columns of service/load_day."""
    what = "sum" if frame["kind"][0] == "count" else "peak"
    figure = _load(frame, DAY, f"{what} of the day, UTC")
    p10, p50, p90 = (layout.first_day(frame, name) for name in ("p10_date", "p50_date", "p90_date"))
    of, start, last = figure["layout"], layout.day_of(frame["time_utc"][0]), layout.day_of(frame["time_utc"][-1])
    _mark_breaks(frame, figure, start)
    if p10:
        of["shapes"].append(traces.span(p10, p90 or last, "var(--c-reached)"))
        of["meta"]["legend"].append(("block-reached", "when the limit is reached: 10 % to 90 % of futures"))
    if p50:
        is_late = p50 - start > 0.8 * (last - start)
        of["shapes"].append(traces.moment(p50, LIMIT))
        of["annotations"].append(traces.moment_label(p50, f"50 %: {day(p50)}", LIMIT, is_late=is_late))
    return figure


def _mark_breaks(frame: Frame, drawn: Figure, start: date) -> None:
    """Shade what was broken, and draw a line where a new level began."""
    names = ("break_kinds", "break_froms", "break_tos")
    kinds, froms, tos = (frame[name][0] for name in names)
    if not isinstance(kinds, np.ndarray):
        return
    of, legend = drawn["layout"], drawn["layout"]["meta"]["legend"]
    for kind, first, last in zip(kinds, froms, tos, strict=True):
        if kind in NEW_LEVELS:
            entry = ("line-step", "new level or spread")
            of["shapes"].append(traces.moment(str(first), "var(--c-target)"))
        else:
            entry = ("block-broken", "outage, excursion or ceiling")
            of["shapes"].append(traces.span(max(str(first), str(start)), str(last), "var(--c-broken)"))
        legend += [] if entry in legend else [entry]


def vintage(frame: Frame) -> Figure:
    """Return what was measured and what earlier nights had said of it. Columns of service/vintage; one series."""
    data: list[Trace] = []
    legend: Legend = []
    share = bool(frame["is_share"][0])
    shown = {**frame, "mean": frame["mean"] * 100} if share else frame
    for (origin, made_on), part in split(shown, "origin", "made_on"):
        colour, dash, role, words = VINTAGES[origin]
        name = origin if origin == "measured" else f"{origin} of {day(date.fromisoformat(made_on[:10]))}"
        data += traces.line(part, "mean", DAY, name, colour, dash=dash)
        legend += [] if (role, words) in legend else [(role, words)]
    drawn = layout.figure(data, legend, "by day", finding=_earlier(frame))
    return layout.up(layout.over_time(frame, DAY, drawn), suffix="%" if share else "")


def _load(frame: Frame, step: np.timedelta64, unit: str) -> Figure:
    limit = layout.first(frame, "limit_value")
    share = frame["kind"][0] != "count" and is_share(limit)
    shown = {name: column * 100 if share and name in VALUES else column for name, column in frame.items()}
    measured = traces.line(shown, "value", step, "measured", MEASURED)
    ahead, legend = traces.band(shown, step)
    known = [("line-measured", "measured")] if measured else []
    drawn = layout.figure([*ahead, *measured], [*known, *legend], unit, finding=_finding(frame, step, share=share))
    level = None if limit is None else limit * (100 if share else 1)
    # The limit would flatten hours that are far below it: their days show it.
    top = float(np.nanmax([0.0, *shown["value"], *shown["hi95"]]))
    if level is not None and step == HOUR and level > 2 * top:
        level = None
    layout.over_time(frame, step, drawn)
    layout.up(drawn, also=[] if level is None else [level], suffix="%" if share else "")
    layout.mark_now(drawn, frame)
    if level is not None:
        words = percent(level / 100) if share else amount(level)
        drawn["layout"]["shapes"].append(traces.level(level, LIMIT))
        drawn["layout"]["annotations"].append(traces.level_label(level, f"limit<br>{words}", LIMIT))
    return drawn


def _finding(frame: Frame, step: np.timedelta64, *, share: bool) -> str:
    """Say what is ahead against what was, at their highest hour or day."""
    say = percent if share else amount
    times = frame["time_utc"]
    known, ahead = np.isfinite(frame["value"]), np.isfinite(frame["mean"])
    horizon = timedelta(days=14 if step == HOUR else 90)
    if not known.any():
        return "Not measured lately" if not ahead.any() else f"Peaks at {say(np.nanmax(frame['mean']))} if all goes on"
    newest = times[known][-1]
    past = known & (times > newest - np.timedelta64(RECENT_DAYS, "D"))
    was = float(np.nanmax(frame["value"][past]))
    what = "hour" if step == HOUR else "day"
    if not ahead.any():
        return f"The highest {what} of {RECENT_DAYS} days was {say(was)}; there is no forecast"
    soon = ahead & (times < times[ahead][0] + np.timedelta64(horizon))
    will = float(np.nanmax(frame["mean"][soon]))
    against = f", {change(will / was - 1)} on the last {RECENT_DAYS} days" if was > 0 else ""
    return f"The highest {what} of the next {horizon.days} days is expected at {say(will)}{against}"


def _earlier(frame: Frame) -> str:
    """Say how far the newest earlier night was off on the days since."""
    measured = {
        time: value
        for time, value, origin in zip(frame["time_utc"], frame["mean"], frame["origin"], strict=True)
        if origin == "measured"
    }
    said = [(made_on, part) for (origin, made_on), part in split(frame, "origin", "made_on") if origin != "measured"]
    newest = max(said, key=lambda each: each[0], default=None)
    if newest is None:
        return ""
    pairs = [
        (mean, measured[time])
        for time, mean in zip(newest[1]["time_utc"], newest[1]["mean"], strict=True)
        if time in measured and np.isfinite(mean)
    ]
    total = sum(abs(actual) for _, actual in pairs)
    made_on = day(date.fromisoformat(newest[0][:10]))
    if not pairs or not total:
        return f"No day has been measured since the forecast of {made_on}"
    off = sum(abs(mean - actual) for mean, actual in pairs) / total
    return f"The forecast of {made_on} was {percent(off, 1)} off over the {len(pairs)} days since"
