"""The first picture of a chart: SVG and words, drawn at build time from the figure that Plotly takes over when touched.

Shapes lie in a box of 1000 by 1000 that stretches to whatever width there is (screen, phone, paper) while lines keep
their width, and words, which are HTML placed in per cent, keep their size. Only the kinds of traces that charts of
this folder use are drawn: lines, filled bands, bars, levels, moments and spans.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from dashboards.charts.figure import Figure, Trace

SIZE = 1000
MS_A_DAY = 86_400_000
GROUP, ALONE = 0.7, 0.85  # of the room of a bar: side by side, or stacked
NEAR = 100  # up to here a phone has no room for the year of a tick beside the words of the other axis
YEAR = 4  # digits
LEAST = 6  # of the box: a shade of an hour in weeks must be seen
LATE = 880  # from here on the words of a moment lie left of it
DASHES = {"dash": "6 4", "dot": "2 3"}
_EPOCH = datetime(1970, 1, 1)

Place = Callable[[Any], float]
Points = NDArray[np.int64]  # (x and y, points)


def draw_picture(figure: Figure) -> Markup:
    """Return the figure as HTML. Colours stay names of plimsoll.css, so one picture serves light and dark."""
    layout = figure["layout"]
    across, up = _across(layout["xaxis"]), _up(layout["yaxis"])
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    lines = [trace for trace in figure["data"] if trace["type"] == "scatter"]
    below = [shape for shape in layout["shapes"] if shape["type"] == "rect"]
    above = [shape for shape in layout["shapes"] if shape["type"] == "line"]
    grid = "".join(f"M0 {up(value):.0f}h{SIZE}" for value in layout["yaxis"]["tickvals"])
    body = [
        *(_span(shape, across) for shape in below),
        f'<path class="grid" d="{grid}"/>',
        *_bars(bars, across, up, side_by_side=layout.get("barmode") == "group"),
        *_lines(lines, across, up),
        *(_rule(shape, across, up) for shape in above),
    ]
    words = [*_ticks(layout, across, up), *(_note(note, across, up) for note in layout["annotations"])]
    svg = f'<svg viewBox="0 0 {SIZE} {SIZE}" preserveAspectRatio="none" aria-hidden="true">{"".join(body)}</svg>'
    return Markup(f'<div class="area">{svg}{"".join(words)}</div>')  # noqa: S704 - numbers, and words of our own


def _across(axis: dict[str, Any]) -> Place:
    if axis["type"] == "category":
        names = {name: place for place, name in enumerate(axis["categoryarray"])}
        return lambda value: (names[value] + 0.5) / len(names) * SIZE
    convert = _ms if axis["type"] == "date" else float
    first, last = (convert(end) for end in axis["range"])
    return lambda value: (convert(value) - first) / ((last - first) or 1) * SIZE


def _up(axis: dict[str, Any]) -> Place:
    low, high = (float(end) for end in axis["range"])
    return lambda value: SIZE - (float(value) - low) / ((high - low) or 1) * SIZE


def _ms(text: str | float) -> float:
    if isinstance(text, int | float):
        return float(text)
    return (datetime.fromisoformat(text) - _EPOCH).total_seconds() * 1000


def _xs(trace: Trace, across: Place) -> NDArray[np.float64]:
    if "x0" not in trace:
        return np.array([across(x) for x in trace["x"]])
    start = _ms(trace["x0"])
    first, second = across(start), across(start + trace["dx"])
    return np.asarray(first + np.arange(len(trace["y"])) * (second - first), dtype=np.float64)


def _runs(trace: Trace, across: Place, up: Place) -> list[Points]:
    """Return the points of a line between its gaps, as whole steps of the box: (2, points)."""
    y = np.asarray(trace["y"], dtype=np.float64)  # null is NaN
    known = np.isfinite(y)
    if not known.any():
        return []
    zero, unit = up(0), up(1) - up(0)
    places = np.empty((2, len(y)))
    places[0] = _xs(trace, across)
    places[1] = np.where(known, zero + y * unit, 0.0)
    steps = np.rint(places).astype(np.int64)
    if known.all():  # as most are
        return [steps]
    cuts = np.split(np.arange(len(y)), np.flatnonzero(~known))
    return [steps[:, run] for cut in cuts if len(run := cut[known[cut]])]


def _path(points: Points, start: str = "M") -> str:
    """Return a path by relative steps, which are short; points that fall together are one."""
    dx, dy = points[:, 1:] - points[:, :-1]
    moved = (dx != 0) | (dy != 0)
    steps = zip(dx[moved].tolist(), dy[moved].tolist(), strict=True)
    x, y = points[:, 0].tolist()
    return f"{start}{x} {y}" + "".join([f"l{across} {up}" if up else f"h{across}" for across, up in steps])


def _lines(traces: Sequence[Trace], across: Place, up: Place) -> Iterator[str]:
    """Yield lines, and a filled band between a trace that fills and the one before it."""
    before: list[Points] | None = None
    for trace in traces:
        runs = _runs(trace, across, up)
        if trace.get("fill") == "tonexty" and before is not None:
            areas = (
                f"{_path(high)}{_path(low[:, ::-1], 'L')}z"
                for low, high in zip(before, runs, strict=False)
                if low.shape[1] > 1
            )
            yield f'<path style="fill:{trace["fillcolor"]}" d="{"".join(areas)}"/>'
        width = trace["line"]["width"]
        if width:
            dash = DASHES.get(trace["line"].get("dash", "solid"))
            style = f"stroke:{trace['line']['color']};stroke-width:{width}" + (
                f";stroke-dasharray:{dash}" if dash else ""
            )
            yield f'<path style="{style}" d="{"".join(_path(run) for run in runs)}"/>'
        alone = [run for run in runs if run.shape[1] == 1]
        marked = runs if "markers" in trace["mode"] else alone if width else []
        if marked:
            dots = "".join(f"M{x} {y}h0" for run in marked for x, y in run.T.tolist())
            yield f'<path class="dots" style="stroke:{trace["line"]["color"]}" d="{dots}"/>'
        before = runs


def _bars(traces: Sequence[Trace], across: Place, up: Place, *, side_by_side: bool) -> Iterator[str]:
    """Yield one path a trace; what is above zero is stacked upwards, what is below downwards."""
    above: dict[int, float] = {}
    below: dict[int, float] = {}
    for place, trace in enumerate(traces):
        xs = _xs(trace, across).tolist()
        room = min((b - a for a, b in pairwise(xs)), default=SIZE / max(len(xs), 1))
        width = room * (GROUP / len(traces) if side_by_side else ALONE)
        shift = (place - (len(traces) - 1) / 2) * width if side_by_side else 0.0
        bases = trace.get("base") or [0.0] * len(xs)
        parts = []
        for x, y, base in zip(xs, trace["y"], bases, strict=True):
            if not y:
                continue
            key = round(x)
            stack = above if y > 0 else below
            start = base if side_by_side or "base" in trace else stack.get(key, 0.0)
            stack[key] = start + y
            left, bottom, top = x + shift - width / 2, up(start), up(start + y)
            parts.append(f"M{left:.1f} {bottom:.0f}V{top:.0f}h{width:.1f}V{bottom:.0f}z")
        marker = trace["marker"]
        colours = marker["color"] if isinstance(marker["color"], list) else None
        if colours:
            drawn = iter(parts)
            for colour, y in zip(colours, trace["y"], strict=True):
                if y:
                    yield f'<path style="fill:{colour}" d="{next(drawn)}"/>'
        elif parts:
            yield f'<path style="fill:{marker["color"]}" d="{"".join(parts)}"/>'
            if "pattern" in marker:
                yield f'<path style="fill:url(#hatch)" d="{"".join(parts)}"/>'


def _span(shape: dict[str, Any], across: Place) -> str:
    left, right = (min(max(across(shape[end]), 0), SIZE) for end in ("x0", "x1"))
    right = max(right, left + LEAST)
    return f'<path style="fill:{shape["fillcolor"]}" d="M{left:.0f} 0H{right:.0f}V{SIZE}H{left:.0f}z"/>'


def _rule(shape: dict[str, Any], across: Place, up: Place) -> str:
    line = shape["line"]
    dash = DASHES.get(line.get("dash", "solid"))
    style = f"stroke:{line['color']};stroke-width:{line['width']}" + (f";stroke-dasharray:{dash}" if dash else "")
    is_level = shape.get("xref") == "paper"
    path = f"M0 {up(shape['y0']):.0f}h{SIZE}" if is_level else f"M{across(shape['x0']):.0f} 0v{SIZE}"
    return f'<path style="{style}" d="{path}"/>'


def _ticks(layout: dict[str, Any], across: Place, up: Place) -> Iterator[str]:
    y, x = layout["yaxis"], layout["xaxis"]
    for value, text in zip(y["tickvals"], y["ticktext"], strict=True):
        yield f'<span class="ty" style="top:{up(value) / 10:.1f}%">{escape(text)}</span>'
    for place, (value, text) in enumerate(zip(x["tickvals"], x["ticktext"], strict=True)):
        name = "tx alt" if (len(x["tickvals"]) - 1 - place) % 2 else "tx"
        left = across(value)
        words, year = escape(text), ""
        if left < NEAR and len(text) > YEAR and text[-YEAR:].isdigit():
            words, year, name = escape(text[:-YEAR]), f"<b>{text[-YEAR:]}</b>", f"{name} first"
        yield f'<span class="{name}" style="left:{left / 10:.1f}%">{words}{year}</span>'


def _note(note: dict[str, Any], across: Place, up: Place) -> str:
    """Return the words of a level (right of the box), of now (above it), or of a moment (at its foot)."""
    colour = f"color:{note['font']['color']}" if "font" in note else ""
    text = Markup("<br>").join(escape(part) for part in note["text"].split("<br>"))
    if note.get("xref") == "paper":
        return f'<span class="tl" style="top:{up(note["y"]) / 10:.1f}%;{colour}">{text}</span>'
    x = across(note["x"])
    if note["yanchor"] == "bottom" and note["y"] == 1:
        side = " late" if x > LATE else " early" if x < SIZE - LATE else ""
        return f'<span class="tn{side}" style="left:{x / 10:.1f}%;{colour}">{text}</span>'
    side = " late" if note["xanchor"] == "right" else ""
    return f'<span class="tm{side}" style="left:{x / 10:.1f}%;{colour}">{text}</span>'
