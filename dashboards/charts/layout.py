"""What every chart has in common: axes with their ticks, the line between measured and forecast, units, the finding.

Figures hold no text but ours: names of services and metrics are hostile, and Plotly reads tags in its texts.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import numpy as np

from dashboards.charts import traces
from dashboards.charts.axes import number_ticks, time_ticks, value_range
from dashboards.charts.figure import Figure, Legend, Trace
from dashboards.queries import Frame
from dashboards.words.wording import day

LIMIT, NOW, TARGET = "var(--c-limit)", "var(--c-now)", "var(--c-target)"
MEASURED, FORECAST, BACKTEST = "var(--c-measured)", "var(--c-forecast)", "var(--c-backtest)"


def figure(data: list[Trace], legend: Legend, unit: str, *, finding: str = "") -> Figure:
    """Return a figure without axes; `over_time`, `over_names` and `up` add them."""
    layout: dict[str, Any] = {
        "meta": {"legend": legend, "unit": unit, "finding": finding, "note": ""},
        "shapes": [],
        "annotations": [],
    }
    return {"data": data, "layout": layout}


def over_time(frame: Frame, step: np.timedelta64, drawn: Figure) -> Figure:
    """Make the time axis as long as the frame: words beside a line would make it longer."""
    times = np.asarray(frame["time_utc"], dtype="datetime64[m]")
    half = step.astype("timedelta64[m]") // 2
    ends = [str(end).replace("T", " ") for end in (times.min() - half, times.max() + half)]
    places, texts = time_ticks(*(datetime.fromisoformat(end) for end in ends))
    drawn["layout"]["xaxis"] = {
        "type": "date",
        "range": ends,
        "tickvals": places,
        "ticktext": texts,
        "hoverformat": "%-d %b %Y %H:%M" if step < traces.DAY else "%-d %b %Y",
    }
    return drawn


def over_names(drawn: Figure, names: list[str]) -> Figure:
    """Put the names on the axis, in their order."""
    drawn["layout"]["xaxis"] = {
        "type": "category",
        "categoryarray": names,
        "range": [-0.5, len(names) - 0.5],
        "tickvals": names,
        "ticktext": names,
    }
    return drawn


def over_numbers(drawn: Figure, values: Iterable[float], *, suffix: str = "") -> Figure:
    """Put numbers on the axis across."""
    low, high = value_range(values, from_zero=False)
    places, texts = number_ticks(low, high, suffix=suffix)
    drawn["layout"]["xaxis"] = {"type": "linear", "range": [low, high], "tickvals": places, "ticktext": texts}
    return drawn


def up(
    drawn: Figure,
    *,
    also: Iterable[float] = (),
    ends: tuple[float, float] | None = None,
    suffix: str = "",
) -> Figure:
    """Add the axis of values: from zero to what the traces reach (bars stacked), `also` on it; or from `ends`."""
    low, high = ends or value_range([*_reach(drawn), *also])
    places, texts = number_ticks(low, high, suffix=suffix)
    drawn["layout"]["yaxis"] = {
        "range": [low, high],
        "tickvals": places,
        "ticktext": texts,
        "hoverformat": ".1f" if suffix else ",.4~r" if high < traces.LARGE else ".4~s",
        "ticksuffix": f" {suffix}" if suffix else "",
    }
    return drawn


def mark_now(drawn: Figure, frame: Frame) -> None:
    """Draw the line between what was measured and what is forecast, where there is a forecast, and say its day."""
    known = frame["time_utc"][np.isfinite(frame["mean"])]
    if len(known):
        start = moment_of(known[0])
        drawn["layout"]["shapes"].append(traces.moment(start, NOW))
        drawn["layout"]["annotations"].append(traces.now_label(start, f"as of {day(day_of(known[0]))}"))


def first(frame: Frame, column: str) -> float | None:
    """Return the first value of a column that is the same in every row; None where it is not known."""
    value = float(frame[column][0])
    return value if np.isfinite(value) else None


def first_day(frame: Frame, column: str) -> date | None:
    """Return the first value of a column of dates; None where it is not known."""
    value = frame[column][0]
    return None if np.isnat(value) else day_of(value)


def day_of(moment: np.datetime64) -> date:
    """Return the day of a moment."""
    return date.fromisoformat(str(moment.astype("datetime64[D]")))


def moment_of(moment: np.datetime64) -> str:
    """Return a moment as axes say it."""
    return str(moment.astype("datetime64[m]")).replace("T", " ")


def _reach(drawn: Figure) -> Iterable[float]:
    """Yield what the axis must hold: the ends of every line, and of the stacks of bars."""
    above: dict[object, float] = {}
    below: dict[object, float] = {}
    is_grouped = drawn["layout"].get("barmode") == "group"
    for trace in drawn["data"]:
        values = np.asarray(trace["y"], dtype=np.float64)  # null is NaN
        if not np.isfinite(values).any():
            continue
        if trace["type"] != "bar" or is_grouped or "base" in trace:
            ends = values + np.asarray(trace["base"], dtype=np.float64) if "base" in trace else values
            yield from (float(np.nanmin(ends)), float(np.nanmax(ends)))
            continue
        first = int(np.datetime64(trace["x0"], "m").astype(np.int64)) if "x0" in trace else 0
        step = trace["dx"] // 60_000 if "x0" in trace else 1
        for place, y in enumerate(values.tolist()):
            if y == y:  # noqa: PLR0124 - NaN is not itself
                stack = above if y > 0 else below
                x = first + place * step
                stack[x] = stack.get(x, 0.0) + y
    yield from (end for stack in (above, below) if stack for end in (min(stack.values()), max(stack.values())))
