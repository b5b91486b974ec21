"""One team: its services summed, and the statement of a month that it can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.charts import cost
from dashboards.each import Each
from dashboards.page import Column as C
from dashboards.page import Night, Panel, Table
from dashboards.pages.estate import ServiceRow, urgent
from dashboards.slugs import slug


@dataclass(frozen=True)
class TeamRow:
    """A team and its services, the most urgent first."""

    name: str
    slug: str
    rows: list[ServiceRow]


def team_rows(rows: Sequence[ServiceRow]) -> list[TeamRow]:
    """Return every team that the catalog names."""
    found: dict[str, list[ServiceRow]] = {}
    for row in rows:
        if row.facts.team:
            found.setdefault(row.facts.team, []).append(row)
    return [TeamRow(name, slug(name), its) for name, its in sorted(found.items())]


def _rank(team: TeamRow) -> Sequence[str]:
    return [month.currency for row in team.rows for month in row.months]


def _context(team: TeamRow, night: Night) -> Mapping[str, object]:
    del night
    return {"team": team, "urgent": urgent(team.rows)}


EACH = Each(
    kind="team",
    rank=_rank,
    context=_context,
    tables=(
        Table(
            "team/service",
            "Services",
            (
                C("service", "Service", "service"),
                C("tier", "Tier"),
                C("metric", "Nearest limit"),
                C("fullness_ratio", "How full", "percent"),
                C("p50_date", "Reached, likely", "day"),
                C("act_by", "Act by", "day"),
                C("usage_cost", "Usage so far", "money"),
                C("forecast_cost", "Month forecast", "money"),
                C("cost_per_million_usd", "USD per million requests", "rate"),
                C("target_cost_per_million_usd", "Target", "rate"),
            ),
            empty="The catalog gives no service to this team.",
        ),
        Table(
            "team/statement",
            "What its services cost, by component",
            (
                C("service", "Service", "service"),
                C("currency", "Currency"),
                C("direct_cost", "Own use", "money"),
                C("shared_cost", "Shared services", "money"),
                C("telemetry_cost", "Observing", "money"),
                C("unused_cost", "Unused commitments", "money"),
                C("support_cost", "Support", "money"),
                C("tax_cost", "Tax", "money"),
                C("credit_cost", "Credit", "money"),
                C("total_cost", "Total", "money"),
            ),
            empty="No bill has a charge of this team's services in the last whole month.",
        ),
        Table(
            "team/month",
            "Months, effective cost by month of use",
            (
                C("month", "Month", "month"),
                C("currency", "Currency"),
                C("usage_cost", "Usage", "money"),
                C("tax_cost", "Tax", "money"),
                C("credit_cost", "Credit", "money"),
                C("support_cost", "Support", "money"),
                C("total_cost", "Total", "money"),
                C("forecast_cost", "Forecast of usage", "money"),
                C("budget_cost", "Budget of those forecast", "money"),
            ),
        ),
    ),
    panels=(Panel("spend", "team/cost_day", cost.spend_day, ("team", "currency")),),
)
