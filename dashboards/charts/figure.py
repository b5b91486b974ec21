"""What a chart is made of: Plotly's own dictionaries, made some hundred times faster than its objects."""

from collections.abc import Callable
from typing import Any, TypedDict

from dashboards.queries import Frame

Trace = dict[str, Any]  # as free as Plotly's
Legend = list[tuple[str, str]]  # (class of plimsoll.css, words)


class Figure(TypedDict):
    """What `plotly.graph_objects.Figure` takes; `layout.meta` has the legend, the unit and the finding."""

    data: list[Trace]
    layout: dict[str, Any]


Chart = Callable[[Frame], Figure]
