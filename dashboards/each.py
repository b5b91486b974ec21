"""Pages that there is one of for each service or team: their queries run for many at once and are then split."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.charts.drawing import cut_by, draw
from dashboards.page import Night, Panel, Table
from dashboards.queries import by_key, read_frame, read_rows
from dashboards.sheet import Sheet
from dashboards.templating import Templates
from dashboards.writer import Writer

MOST_SERIES = 6  # of one kind of chart on a page; the snapshot has the rest


@dataclass(frozen=True)
class Each:
    """A kind of page; things of it have a `name` and a `slug`."""

    kind: str  # service or team: the column of its queries, and with an s their parameter and the folder
    tables: tuple[Table, ...]
    panels: tuple[Panel, ...]
    rank: Callable[[Any], Sequence[str]]  # the cuts of a thing that its reader wants first
    context: Callable[[Any, Night], Mapping[str, object]]

    @property
    def folder(self) -> str:
        """Return the folder of its pages."""
        return f"{self.kind}s"


def write_each(kind: Each, things: Sequence[Any], night: Night, templates: Templates, writer: Writer) -> None:
    """Write the pages of some services or teams."""
    parameters = {**night.parameters, kind.folder: [thing.name for thing in things]}
    tables = {table: by_key(read_rows(night.con, table.query, parameters), kind.kind) for table in kind.tables}
    parts = {panel: cut_by(read_frame(night.con, panel.query, parameters), panel) for panel in kind.panels}
    links = {"services": night.slugs, "teams": night.teams}
    for thing in things:
        first = {cut: place for place, cut in enumerate(reversed(kind.rank(thing)))}
        drawings = {}
        for panel in kind.panels:
            its = sorted(
                parts[panel].get(thing.name, []), key=lambda part: (-first.get("".join(part[0][-1:]), -1), part[0])
            )
            drawings[panel.section] = [draw(panel, k, cut, part) for k, (cut, part) in enumerate(its[:MOST_SERIES], 1)]
        sheets = {table.query: Sheet(table, rows.get(thing.name, []), links, "../") for table, rows in tables.items()}
        file = f"{kind.folder}/{thing.slug}"
        text = templates.page(
            f"{kind.kind}.html",
            title=thing.name,
            root="../",
            subject=(kind.kind, thing.name),
            figures=file,
            sheets=sheets,
            drawings=drawings,
            **kind.context(thing, night),
        )
        writer.put(f"{file}.html", text)
        templates.write_figures(writer, file, drawings)
