"""From a query's rows to the charts of a page: cut into series, drawn as pictures, made safe to stand in scripts."""

import json
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.charts.figure import Figure, Legend
from dashboards.charts.picture import draw_picture
from dashboards.page import Panel
from dashboards.queries import Frame, split

Part = tuple[tuple[str, ...], Frame]  # the keys of a series, and its rows


@dataclass(frozen=True)
class Drawing:
    """A chart on a page: what it is of, what it finds, its legend, its first picture; and its figure, kept beside."""

    id: str
    query: str
    cut: tuple[str, ...]
    finding: str
    note: str
    legend: Legend
    unit: str
    picture: Markup
    figure: Figure


def draw(panel: Panel, place: int, cut: tuple[str, ...], part: Frame) -> Drawing:
    """Return the panel's chart of one series, the `place`-th of its section."""
    figure = panel.chart(part)
    meta = figure["layout"]["meta"]
    return Drawing(
        id=f"{panel.section}-{place}",
        query=panel.query,
        cut=cut,
        finding=meta["finding"],
        note=meta["note"],
        legend=meta["legend"],
        unit=meta["unit"],
        picture=draw_picture(figure),
        figure=figure,
    )


def cut_by(frame: Frame, panel: Panel) -> dict[str, list[Part]]:
    """Cut a panel's rows into series, by the service or team that they belong to."""
    parts: dict[str, list[Part]] = {}
    for keys, part in split(frame, *panel.cuts):
        parts.setdefault(keys[0], []).append((keys[1:], part))
    return parts


def script_json(value: object) -> Markup:
    """Return JSON that can stand in a script: no text in it can end the element or open a comment."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped
