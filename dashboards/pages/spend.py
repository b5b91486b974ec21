"""Where does it go? Usage by team over days, a pivot over every dimension of the bill, a year of months."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from dashboards.charts import spend
from dashboards.charts.drawing import script_json
from dashboards.page import Column, Night, Page, Panel, Table
from dashboards.queries import Row, Value, read_rows

DIMENSIONS = ("team", "service", "account", "category", "product", "region", "provider")
MEASURES = ("effective_cost", "billed_cost", "list_cost", "before_cost")


def _context(night: Night) -> dict[str, object]:
    cells = read_rows(night.con, "spend/cell", night.parameters)
    return {"cells": len(cells), "dimensions": DIMENSIONS, "pivot": _pivot(cells)}


def _pivot(cells: Sequence[Row]) -> Mapping[str, object]:
    """Return the cells column by column, each name once: the page groups them as its reader asks."""
    names: list[list[str]] = []
    places: list[list[int]] = []
    for dimension in (*DIMENSIONS, "currency"):
        known: dict[str, int] = {}
        places.append([known.setdefault(str(cell[dimension]), len(known)) for cell in cells])
        names.append(list(known))
    amounts = [[_amount(cell[measure]) for cell in cells] for measure in MEASURES]
    return {"dimensions": [*DIMENSIONS, "currency"], "names": names, "places": places, "amounts": amounts}


def _amount(value: Value) -> float | None:
    return round(value, 4) if isinstance(value, float) else None


def _beside(context: Mapping[str, object], render: Callable[..., str]) -> Iterator[tuple[str, str]]:
    del render
    yield "assets/spend.js", f"plimsollPivot({script_json(context['pivot'])});\n"


PAGE = Page(
    file="spend.html",
    title="Spend",
    question="Where does it go?",
    context=_context,
    beside=_beside,
    tables=(
        Table(
            "spend/service",
            "By service, this month as far as it is billed against the same days of the month before; without tax",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("effective_cost", "Effective", "money"),
                Column("share_ratio", "Share", "percent1"),
                Column("before_cost", "Same days before", "cost"),
                Column("change_ratio", "Change", "change1"),
                Column("billed_cost", "Billed", "cost"),
                Column("list_cost", "List", "cost"),
            ),
            empty="No bill is loaded.",
        ),
        Table(
            "spend/month",
            "A year of months by day of use; billed has commitments on the day they were bought",
            (
                Column("month", "Month", "month"),
                Column("currency", "Currency"),
                Column("list_cost", "List", "cost"),
                Column("discount_ratio", "Taken off", "percent1"),
                Column("effective_cost", "Effective", "cost"),
                Column("billed_cost", "Billed", "cost"),
                Column("unallocated_cost", "Without owner", "cost"),
                Column("unallocated_ratio", "Of effective", "percent1"),
                Column("state", "State"),
            ),
        ),
    ),
    panels=(Panel("spend", "spend/day", spend.stack_day, ("currency",)),),
)
