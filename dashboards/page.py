"""What a page is: a title, the question it answers, its tables and charts, and what else its template needs.

A page kind is one file of `dashboards/pages/`, its queries are `sql/<page>/`, its words `templates/<page>.html`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from dashboards.charts.figure import Chart
from dashboards.slugs import slug


@dataclass(frozen=True)
class Column:
    """A column of a table: which column of the query, what it is called, how it is said (see cells.py)."""

    name: str
    label: str
    kind: str = "text"
    note: str = ""  # said below the label
    is_rare: bool = False  # left out where no row has it


@dataclass(frozen=True)
class Table:
    """A query that is shown as a table."""

    query: str
    caption: str
    columns: tuple[Column, ...]
    empty: str = ""  # what is said where there is no row; nothing: the table is left out
    name: str = ""  # of one of several tables of a query

    @property
    def id(self) -> str:
        """Return its name on the page, which links and downloads use."""
        return self.name or self.query.replace("/", "-").replace("_", "-")


@dataclass(frozen=True)
class Panel:
    """A chart for each value of `cuts` that a query's rows have."""

    section: str  # where the template puts it
    query: str
    chart: Chart
    cuts: tuple[str, ...]


@dataclass(frozen=True)
class Night:
    """What every page is made of: the snapshot, and the moment that it is of."""

    con: duckdb.DuckDBPyConnection
    as_of: date | None
    slugs: Mapping[str, str]  # of the pages of services, by name
    teams: Mapping[str, str]  # of the pages of teams, by name
    settled: Mapping[str, date]  # by currency: the last day that is settled
    newest_day: Mapping[str, date]  # by currency: the last day of the bill
    team: str | None = None  # whose site it is; None: everybody's
    asked: date | None = None  # the first day of the month to report; the last whole one where None

    @property
    def month(self) -> date:
        """Return the month that the last known day is in: on the first of a month that is the one before."""
        return ((self.as_of or NEVER) - timedelta(days=1)).replace(day=1)

    @property
    def parameters(self) -> Mapping[str, object]:
        """Return the parameters of every query."""
        return {"as_of": self.as_of or NEVER, "month": self.month, "period": self.period}

    @property
    def period(self) -> date:
        """Return the month that is reported: the one asked for, else the last whole one."""
        if self.asked:
            return self.asked
        is_whole = self.as_of is not None and self.as_of.day == 1
        return self.month if is_whole else (self.month - timedelta(days=1)).replace(day=1)


Context = Callable[[Night], Mapping[str, object]]
Beside = Callable[[Mapping[str, object], Callable[..., str]], Iterable[tuple[str, str]]]
NEVER = date(1970, 1, 1)


@dataclass(frozen=True)
class Page:
    """A page that there is one of."""

    file: str
    title: str
    question: str
    tables: tuple[Table, ...] = ()
    panels: tuple[Panel, ...] = ()
    context: Context = field(default=lambda _: {})
    beside: Beside = field(default=lambda _, __: [])  # other files, from its context: what would make it heavy

    @property
    def template(self) -> str:
        """Return its template, which is named as its file."""
        return self.file


def slugs_of(names: list[str]) -> dict[str, str]:
    """Return the file name of each service or team."""
    return {name: slug(name) for name in names}
