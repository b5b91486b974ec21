"""Today: what needs me? At most seven sentences, what changed since last night, the month, and every service."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

from dashboards.charts import cost
from dashboards.charts.drawing import script_json
from dashboards.page import NEVER, Night, Page, Panel
from dashboards.pages.estate import ServiceRow, accuracy_summary, service_rows
from dashboards.pages.matters import matters
from dashboards.queries import read
from dashboards.words.advice import Limit
from dashboards.words.changes import Changed, change_words
from data.checks import read_checks

FIRST_ROWS = 50  # rows of the table of services in the page itself; the rest comes beside it
HORIZONS = (30, 60, 90)
Money = Decimal | float | None


@dataclass(frozen=True)
class CompanyMonth:
    """A row of index/month: a month of a currency over all services."""

    currency: str
    month: date
    usage_cost: Decimal | None = None
    unallocated_cost: Decimal | None = None
    tax_cost: Decimal | None = None
    credit_cost: Decimal | None = None
    support_cost: Decimal | None = None
    total_cost: Decimal | None = None
    forecast_cost: float | None = None
    forecast_lo80: float | None = None
    forecast_hi80: float | None = None
    quarter_cost: float | None = None
    quarter_lo80: float | None = None
    quarter_hi80: float | None = None
    unallocated_forecast_cost: float | None = None
    budget_cost: Decimal | None = None
    budgeted_forecast_cost: float | None = None
    services_budgeted: int | None = None
    settled_until: date | None = None
    newest_date: date | None = None
    unallocated_ratio: float | None = None


@dataclass(frozen=True)
class Currency:
    """The month before, the one under way and the one after."""

    currency: str
    before: CompanyMonth
    now: CompanyMonth
    after: CompanyMonth


@dataclass(frozen=True)
class Bill:
    """A row of index/bill: the newest judged month of the whole bill."""

    month: date
    currency: str
    grain: str
    origin: str
    made_on: date
    days: int
    is_whole: bool
    forecast: float
    actual: float
    error_ratio: float
    status: str


@dataclass(frozen=True)
class Judged:
    """A row of index/status: the newest month of stable series against the target."""

    month: date
    origin: str
    is_whole: bool
    days: int
    series: int
    good: int
    acceptable: int
    missed: int
    cause: str | None
    of_cause: int | None
    misses: int


@dataclass(frozen=True)
class Problem:
    """A row of index/problem: what makes today's pages worth less than usual."""

    kind: str
    rank: int
    subject: str
    state: str
    age_hours: float | None
    rows: int | None
    detail: str | None


@dataclass(frozen=True)
class Reached:
    """How many limits are likely (half of the futures) and possible (one in ten) to be reached within a horizon."""

    horizon: int
    likely: int
    possible: int


@dataclass(frozen=True)
class Budget:
    """A row of index/budget: how many budgets of the month will likely be passed, and that of the whole bill."""

    currency: str
    budgets: int
    likely: int
    highest: float
    total_cost: float | None
    total_probability: float | None
    total_passed_on: date | None


def _context(night: Night) -> dict[str, object]:
    rows = service_rows(night)
    months = read(night.con, CompanyMonth, "index/month", night.parameters)
    limits = [limit for row in rows for limit in row.limits]
    problems = read(night.con, Problem, "index/problem", night.parameters)
    money = currencies(months, night.month)
    return {
        "rows": rows,
        "first_rows": FIRST_ROWS,
        "currencies": money,
        "limits": limits,
        "reached": limits_reached(limits, night.as_of or NEVER),
        "passed": sum(limit.fullness_ratio is not None and limit.fullness_ratio >= 1 for limit in limits),
        "accuracy": accuracy_summary(rows),
        "problems": problems,
        "advised": {check.name: check.advice for check in read_checks()} if problems else {},
        "bills": read(night.con, Bill, "index/bill", night.parameters),
        "budgets": read(night.con, Budget, "index/budget", night.parameters),
        "judged": read(night.con, Judged, "index/status", night.parameters),
        "matters": matters(night, rows),
        "changes": [change_words(row) for row in read(night.con, Changed, "index/changed", night.parameters)],
        "previous": (night.month - timedelta(days=1)).replace(day=1),
        "next": (night.month + timedelta(days=31)).replace(day=1),
        "quarter_end": quarter_end(night.month),
    }


def quarter_end(month: date) -> date:
    """Return the last day of the quarter that a month is in."""
    last = month.replace(month=(month.month + 2) // 3 * 3)
    return (last + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def currencies(months: Sequence[CompanyMonth], month: date) -> list[Currency]:
    """Return the month before, the one under way and the one after for each currency, in the order of the rows."""
    shown = []
    for name in dict.fromkeys(row.currency for row in months):
        its = {row.month: row for row in months if row.currency == name}
        nothing = CompanyMonth(name, month)
        before = next((row for day, row in its.items() if day < month), nothing)
        after = next((row for day, row in its.items() if day > month), nothing)
        shown.append(Currency(name, before, its.get(month, nothing), after))
    return shown


def limits_reached(limits: Sequence[Limit], as_of: date) -> list[Reached]:
    """Count the limits that will be reached by horizon."""
    reached = []
    for horizon in HORIZONS:
        end = as_of + timedelta(days=horizon)
        likely = sum(limit.p50_date is not None and limit.p50_date < end for limit in limits)
        possible = sum(limit.p10_date is not None and limit.p10_date < end for limit in limits)
        reached.append(Reached(horizon, likely, possible))
    return reached


_CELL = re.compile(r"<t[dh](?=[ >])([^>]*)>")


def _later_rows(context: Mapping[str, object], render: Callable[..., str]) -> Iterator[tuple[str, str]]:
    """Yield the rows that would make the page heavy as a script: pages opened as files cannot fetch data.

    Each is [html, words to find it by, tier, values to sort by, currencies of the values].
    """
    rows = context["rows"]
    later = rows[FIRST_ROWS:] if isinstance(rows, list) else []
    if later:
        yield "assets/rows.js", f'plimsollRows("services",{script_json([_later(row, render) for row in later])});\n'


def _later(row: ServiceRow, render: Callable[..., str]) -> list[object]:
    html = render("row.html", row=row).strip()
    cells = _CELL.findall(html)
    tier = "none" if row.facts.tier is None else str(row.facts.tier)
    find = f"{row.name} {row.facts.team or ''}".lower()
    return [
        html,
        find,
        tier,
        [_attribute(cell, "v") for cell in cells],
        [_attribute(cell, "g") or "" for cell in cells],
    ]


def _attribute(cell: str, name: str) -> str | float | None:
    """Return what a cell is sorted by: a number where it is one."""
    match = re.search(rf' data-{name}="([^"]*)"', cell)
    if not match:
        return None
    try:
        return float(match[1])
    except ValueError:
        return unescape(match[1])


PAGE = Page(
    file="index.html",
    title="Today",
    question="What needs me?",
    context=_context,
    beside=_later_rows,
    panels=(Panel("spend", "index/spend_day", cost.spend_day, ("currency",)),),
)
