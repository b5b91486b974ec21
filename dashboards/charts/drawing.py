"""From a query's rows to the charts of a page: cut into series, ordered, drawn, and made safe to stand in HTML."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from dashboards.pages.overview import ServiceRow
from dashboards.pages.pages import MOST_METRICS, Panel
from dashboards.queries import Frame, split

Part = tuple[tuple[str, ...], Frame]  # the keys of a series, and its rows


@dataclass(frozen=True)
class Drawing:
    """A figure on a page: what it is of, its legend as (class, words), its unit, and itself as JSON."""

    cut: tuple[str, ...]
    legend: object
    unit: str
    figure: Markup


def draw(panel: Panel, cut: tuple[str, ...], part: Frame) -> Drawing:
    """Return the panel's chart of one series."""
    figure = panel.chart(part)
    meta = figure["layout"]["meta"]
    return Drawing(cut, meta["legend"], meta["unit"], script_json(figure))


def draw_by_service(frame: Frame, panel: Panel) -> dict[str, list[Part]]:
    """Cut a panel's rows into series, by the service that they belong to."""
    found: dict[str, list[Part]] = {}
    for keys, part in split(frame, *panel.cuts):
        found.setdefault(keys[0], []).append((keys, part))
    return found


def most_telling(parts: Mapping[str, list[Part]], row: ServiceRow) -> list[Part]:
    """Return a service's series as its reader wants them: what may be full, requests, the dearest currency, more."""
    limited = [limit["metric"] for limit in row.limits]
    first = [*limited, row.facts["request_metric"], *(month["currency"] for month in row.months)]

    def rank(part: Part) -> tuple[int, str]:
        cut = part[0][-1]
        return (first.index(cut) if cut in first else len(first)), cut

    return sorted(parts.get(row.name, []), key=rank)[:MOST_METRICS]


def script_json(value: object) -> Markup:
    """Return JSON that can stand in a script element: no text in it can end the element or open a comment."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - escaped
