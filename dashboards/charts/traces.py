"""The parts of figures as Plotly's own dictionaries: lines, bars, intervals, levels and moments.

Colours are names of `assets/plimsoll.css`, so that one figure serves light and dark. A regular series is written as a
start and a step; a gap is null and stays a gap.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from dashboards.charts.figure import Legend, Trace
from dashboards.queries import Frame

HOUR = np.timedelta64(1, "h")
DAY = np.timedelta64(1, "D")
DIGITS = 5  # significant: more than a screen can show
LARGE = 10_000  # from here on axes say 10k
FEW = 8  # points that are marked, so that one between gaps is seen


def line(  # noqa: PLR0913 - what a line is
    frame: Frame, column: str, step: np.timedelta64, name: str, colour: str, *, dash: str = "solid"
) -> list[Trace]:
    """Return a line over a regular axis with a gap wherever a step is missing; nothing where nothing is known."""
    values = np.asarray(frame[column], dtype=np.float64)
    known = np.isfinite(values)
    if not known.any():
        return []
    times = np.asarray(frame["time_utc"], dtype="datetime64[us]")[known]
    place = ((times - times[0]) // step).astype(np.int64)
    y = np.full(int(place[-1]) + 1, np.nan)
    y[place] = values[known]
    style = {"color": colour, "width": 1.5 if dash == "dot" else 2, "dash": dash}
    return [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(place) < FEW else "lines",
            "name": name,
            "x0": str(times[0].astype("datetime64[m]")).replace("T", " "),
            "dx": int(step / np.timedelta64(1, "ms")),
            "y": numbers(y),
            "line": style,
        }
    ]


def bars(frame: Frame, column: str, name: str, role: str) -> list[Trace]:
    """Return bars a day in the colour of `role`; those of unsettled days are hatched, so that they look unfinished."""
    marker: Trace = {"color": f"var(--c-bar-{role})"}
    if role == "unsettled":
        marker["pattern"] = {"shape": "/", "size": 5, "solidity": 0.4, "fgcolor": "var(--c-bar-usage)"}
    return [
        {"type": "bar", "name": name, "x0": trace["x0"], "dx": trace["dx"], "y": trace["y"], "marker": marker}
        for trace in line(frame, column, DAY, name, "")
    ]


def band(frame: Frame, step: np.timedelta64) -> tuple[list[Trace], Legend]:
    """Return a forecast with its intervals, the widest first so that the narrower lies on it, and its legend."""
    mean = line(frame, "mean", step, "forecast", "var(--c-forecast)", dash="dash")
    if not mean:
        return [], []
    legend = [("line-forecast", "forecast")]
    bands: list[Trace] = []
    for level, words in (("80", "80 % of futures"), ("95", "95 %")):
        area = between(frame, (f"lo{level}", f"hi{level}"), step, f"{level} %", f"var(--c-band{level})")
        legend += [(f"block-band{level}", words)] if area else []
        bands = area + bands
    return bands + mean, legend


def between(frame: Frame, ends: tuple[str, str], step: np.timedelta64, name: str, colour: str) -> list[Trace]:
    """Return the area between two columns; nothing where neither is known."""
    style = {"mode": "lines", "line": {"width": 0, "color": colour}}
    low, high = ends
    return [
        *(trace | style for trace in line(frame, low, step, f"{name} low", colour)),
        *(
            trace | style | {"fill": "tonexty", "fillcolor": colour}
            for trace in line(frame, high, step, f"{name} high", colour)
        ),
    ]


def level(value: float, colour: str, *, dash: str = "solid") -> Trace:
    """Return a line across the chart, such as a limit."""
    style = {"color": colour, "width": 1.5, "dash": dash}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": style}


def level_label(value: float, text: str, colour: str) -> Trace:
    """Return what a level is, right of the chart where it hides nothing. `text` is our own words."""
    place = {"xref": "paper", "x": 1, "xanchor": "left", "y": value, "yanchor": "middle", "align": "left"}
    return place | {"text": text, "showarrow": False, "font": {"color": colour}}


def moment(value: date | str | float, colour: str) -> Trace:
    """Return a line from bottom to top at a time, or at a number."""
    place = value if isinstance(value, float) else str(value)
    style = {"color": colour, "width": 1, "dash": "dot"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": place, "x1": place, "line": style}


def moment_label(value: date | float, text: str, colour: str, *, is_late: bool) -> Trace:
    """Return what a moment is, at its foot; on its left where there is no room on its right."""
    x = value if isinstance(value, float) else str(value)
    place = {"yref": "paper", "y": 0, "yanchor": "bottom", "x": x, "xanchor": "right" if is_late else "left"}
    return place | {"text": text, "showarrow": False, "font": {"color": colour}}


def now_label(value: str, text: str) -> Trace:
    """Return the words of the line that parts what was measured from what is forecast, above the chart."""
    return {
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "x": value,
        "xanchor": "center",
        "text": text,
        "showarrow": False,
    }


def span(start: date | str, end: date | str, colour: str) -> Trace:
    """Return a shade from one day or moment to another."""
    place = {"yref": "paper", "y0": 0, "y1": 1, "x0": str(start), "x1": str(end)}
    return {"type": "rect", "layer": "below", "fillcolor": colour, "line": {"width": 0}} | place


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Return values for JSON: rounded to a few significant digits, null where not known."""
    y = np.asarray(values, dtype=np.float64)
    known = np.isfinite(y)
    is_whole = bool(known.all())  # as most are
    size = np.floor(np.log10(np.abs(y), where=known & (y != 0), out=np.zeros_like(y)))
    shift = DIGITS - 1 - size.astype(np.int64)
    # Dividing by a whole power of ten gives the shortest decimal; multiplying by a fraction does not.
    up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
    rounded = np.round((y if is_whole else np.where(known, y, 0.0)) * up / down) / up * down
    if is_whole:
        return rounded.tolist()  # type: ignore[no-any-return]
    return [value if seen else None for value, seen in zip(rounded.tolist(), known.tolist(), strict=True)]
