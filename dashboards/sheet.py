"""A table of a page as HTML: complete without a script, which then sorts, filters and downloads it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup

from dashboards.cells import NUMERIC, Links, cell
from dashboards.page import Column, Table
from dashboards.queries import Row

NOTHING = (None, "")
MANY = 9  # columns: more are set closer


@dataclass(frozen=True)
class Sheet:
    """A table with its rows; a template writes it by naming it."""

    table: Table
    rows: Sequence[Row]
    links: Links
    root: str

    def __bool__(self) -> bool:
        return bool(self.rows)

    def captioned(self, caption: str) -> "Sheet":
        """Return it with another caption."""
        return replace(self, table=replace(self.table, caption=caption))

    def only(self, rows: Sequence[Row], caption: str, name: str) -> "Sheet":
        """Return it with some of its rows, under a name of its own."""
        return replace(self.captioned(caption), rows=rows, table=replace(self.table, caption=caption, name=name))

    def __html__(self) -> Markup:
        if not self.rows:
            said = self.table.empty
            return Markup('<p class="empty">{}</p>').format(said) if said else Markup("")
        columns = tuple(
            column
            for column in self.table.columns
            if not column.is_rare or any(row[column.name] not in NOTHING for row in self.rows)
        )
        heads = _heads(columns)
        rows = (
            "".join(
                cell(column, row, self.links, self.root, is_first=place == 0) for place, column in enumerate(columns)
            )
            for row in self.rows
        )
        body = Markup("".join(f"<tr>{cells}</tr>" for cells in rows))  # noqa: S704 - cells are escaped
        return Markup(
            '<div class="sheet{wide}" id="{id}" data-sql="{query}">'
            '<div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table>'
            "<caption><span>{caption}</span></caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></div>\n"
        ).format(
            wide=" wide" if len(columns) > MANY else "",
            id=self.table.id,
            query=self.table.query,
            caption=self.table.caption,
            heads=heads,
            body=body,
        )


@cache
def _heads(columns: tuple[Column, ...]) -> Markup:
    """Return the head of a table: the same on thousands of pages."""
    return Markup("").join(
        Markup('<th scope="col"{}>{}{}</th>').format(
            Markup(' class="n"') if column.kind.partition(":")[0] in NUMERIC else "",
            column.label,
            Markup("<small>{}</small>").format(column.note) if column.note else "",
        )
        for column in columns
    )
