"""The templates: escaping is always on, for every name on a page was written by somebody else."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dashboards.pages.overview import ServiceRow
from dashboards.slugs import slug
from dashboards.words import wording
from dashboards.words.causes import why

TEMPLATES = Path(__file__).parent / "templates"
FILTERS = (
    "money",
    "rate",
    "amount",
    "count",
    "percent",
    "change",
    "day",
    "month",
    "moment",
    "age",
    "seconds",
    "plural",
    "metric",
)


class Templates:
    """Renders pages; `static` has the addresses of the shared files."""

    def __init__(self, static: Mapping[str, str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {name: getattr(wording, name) for name in FILTERS}
        self._environment.filters |= {"slug": slug, "sparkline": sparkline, "wrap": wrap, "why": why}
        self._environment.tests["known"] = wording.is_known
        self._environment.globals |= {"static": static, "DASH": wording.DASH, "days": timedelta}

    def page(self, template: str, **context: object) -> str:
        """Return the page as HTML."""
        return self._environment.get_template(template).render(**context)

    def row(self, row: ServiceRow, as_of: object) -> str:
        """Return a row of the front page's table of services as HTML."""
        return self._environment.get_template("row.html").render(row=row, as_of=as_of).strip()


def wrap(name: str) -> Markup:
    """Return a name that breaks after its own separators, and not amid a word, where it is too long."""
    return Markup("<wbr>").join(escape(part) for part in re.split(r"(?<=[_./:-])(?=.)", name))


def sparkline(values: Sequence[float], width: int = 88, height: int = 22) -> Markup:
    """Return a polyline of the values as SVG, from their least upwards; fewer than two are nothing."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup("")
    least = min(values)
    # Not less than a quarter of the largest: noise must not look like a trend.
    span = max(max(values) - least, max(values) / 4) or 1.0
    step = (width - 4) / (len(values) - 1)
    points = " ".join(
        f"{2 + index * step:.0f},{height - 3 - (value - least) / span * (height - 6):.1f}"
        for index, value in enumerate(values)
    )
    end = points.rsplit(" ", 1)[-1].split(",")
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" aria-hidden="true">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>'
    ).format(width, height, width, height, points, *end)
