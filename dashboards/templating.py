"""The templates: escaping is always on, for every name on a page was written by somebody else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from dashboards.cells import link, sparkline, wrap
from dashboards.charts.drawing import Drawing, script_json
from dashboards.charts.week import draw_week, say_week
from dashboards.words import terms, wording
from dashboards.words.causes import why
from dashboards.words.models import model_words
from dashboards.writer import Writer

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
    "shorten",
    "tied",
)


class _Compiled(BytecodeCache):
    """Templates that this process has compiled: a night writes a site a team, and compiling takes longer than most."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Templates:
    """Renders pages; `shared` is what every template may name: addresses of files, the night, names of pages."""

    def __init__(self, shared: Mapping[str, object]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            bytecode_cache=_COMPILED,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {name: getattr(wording, name) for name in FILTERS}
        self._environment.filters |= {"sparkline": sparkline, "wrap": wrap, "why": why, "model": model_words}
        self._environment.filters |= {"draw_week": draw_week, "say_week": say_week}
        self._environment.tests["known"] = wording.is_known
        self._environment.globals |= {
            "DASH": wording.DASH,
            "TERMS": terms.TERMS,
            "days": timedelta,
            "link": link,
            **shared,
        }

    def page(self, template: str, **context: object) -> str:
        """Return the page as HTML."""
        return self._environment.get_template(template).render(**context)

    @staticmethod
    def write_figures(writer: Writer, name: str, drawings: Mapping[str, Sequence[Drawing]]) -> None:
        """Write a page's figures beside it: they are read when a chart is touched, or its numbers are downloaded.

        As a script, because pages that are opened as files cannot fetch data.
        """
        figures = {drawing.id: drawing.figure for its in drawings.values() for drawing in its}
        if figures:
            writer.put(f"figures/{name}.js", f"plimsollFigures({script_json(figures)});\n")
