"""The month that is over, on two pages of paper: what it cost, what a request cost, what was right, what is at risk."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards.charts import cost
from dashboards.page import Column, Night, Page, Panel, Table
from dashboards.pages.estate import service_rows
from dashboards.pages.matters import Matter, matters
from dashboards.queries import read


@dataclass(frozen=True)
class Reported:
    """A row of report/month."""

    currency: str
    usage_cost: Decimal | None
    day_cost: float | None
    total_cost: Decimal | None
    before_cost: Decimal | None
    before_day_cost: float | None
    change_ratio: float | None
    forecast: float | None
    actual: float | None
    error_ratio: float | None
    made_on: date | None
    origin: str | None
    status: str | None


@dataclass(frozen=True)
class PerMillion:
    """A row of report/unit_cost."""

    per_million: float | None
    before_per_million: float | None
    change_ratio: float | None
    requests: float
    services: int


@dataclass(frozen=True)
class Met:
    """A row of report/accuracy."""

    subject: str
    origin: str
    series: int
    good: int
    acceptable: int


def _context(night: Night) -> dict[str, object]:
    ranked: list[Matter] = matters(night, service_rows(night))
    return {
        "period": night.period,
        "months": read(night.con, Reported, "report/month", night.parameters),
        "units": read(night.con, PerMillion, "report/unit_cost", night.parameters),
        "met": read(night.con, Met, "report/accuracy", night.parameters),
        "matters": ranked[:5],
    }


PAGE = Page(
    file="report.html",
    title="Report",
    question="The month, for those who were not there.",
    context=_context,
    tables=(
        Table(
            "report/service",
            "The dearest services of the month",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("usage_cost", "Usage", "money"),
                Column("before_cost", "Month before", "cost"),
                Column("change_ratio", "Change a day", "change1"),
            ),
        ),
        Table(
            "report/decision",
            "What was advised, what was done, and what it saves",
            (
                Column("service", "Service", "service"),
                Column("advice", "Advice", "long"),
                Column("advised_on", "Advised on", "day"),
                Column("state", "State"),
                Column("followed_on", "Done on", "day"),
                Column("effect_usd_month", "Saves a month, USD", "money"),
            ),
        ),
    ),
    panels=(Panel("spend", "report/day", cost.spend_day, ("currency",)),),
)
