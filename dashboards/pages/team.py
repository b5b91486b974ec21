"""One team: its services summed, and the statement of a month that it can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from dashboards.charts import cost
from dashboards.each import Each
from dashboards.page import Column, Night, Panel, Table
from dashboards.pages.columns import COST_MONTH, LIMIT, MISS, MOVED
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
    teams: dict[str, list[ServiceRow]] = {}
    for row in rows:
        if row.facts.team:
            teams.setdefault(row.facts.team, []).append(row)
    return [TeamRow(name, slug(name), its) for name, its in sorted(teams.items())]


def _rank(team: TeamRow) -> Sequence[str]:
    return [month.currency for row in team.rows for month in row.months]


def _context(team: TeamRow, night: Night) -> Mapping[str, object]:
    previous = (night.month - timedelta(days=1)).replace(day=1)
    return {"team": team, "urgent": urgent(team.rows), "previous": previous}


EACH = Each(
    kind="team",
    rank=_rank,
    context=_context,
    tables=(
        Table(
            "team/service",
            "Services",
            (
                Column("service", "Service", "service"),
                Column("tier", "Tier"),
                Column("metric", "Nearest limit", is_rare=True),
                Column("fullness_ratio", "How full", "percent", is_rare=True),
                Column("p50_date", "Reached, likely", "day", is_rare=True),
                Column("act_by", "Act by", "day", is_rare=True),
                Column("usage_cost", "Usage so far", "money"),
                Column("forecast_cost", "Month forecast", "cost"),
                Column("unit_cost_28d", "Cost per million", "rate", is_rare=True),
                Column("target_unit_cost", "Target", "rate", is_rare=True),
                Column("unit", "Unit", is_rare=True),
                Column("unit_currency", "Its currency", is_rare=True),
            ),
            empty="The catalog gives no service to this team.",
        ),
        Table(
            "team/limit",
            "How full they are, what must be acted on first at the top",
            (Column("service", "Service", "service"), Column("level", "Advice", "level"), *LIMIT),
        ),
        Table(
            "team/change",
            "The newest month, as far as it is settled, against the same days of the one before",
            (Column("service", "Service", "service"), *MOVED),
        ),
        Table("team/miss", "Misses: error over 20 % of a stable series, forecasts of the last 120 nights", MISS),
        Table(
            "team/statement",
            "What its services cost, by component",
            (
                Column("service", "Service", "service"),
                Column("currency", "Currency"),
                Column("direct_cost", "Own use", "cost"),
                Column("shared_cost", "Shared services", "cost", is_rare=True),
                Column("telemetry_cost", "Observing", "cost", is_rare=True),
                Column("unused_cost", "Unused commitments", "cost", is_rare=True),
                Column("support_cost", "Support", "cost", is_rare=True),
                Column("tax_cost", "Tax", "cost", is_rare=True),
                Column("credit_cost", "Credit", "cost", is_rare=True),
                Column("total_cost", "Total", "cost"),
            ),
            empty="No bill has a charge of this team's services in the last whole month.",
        ),
        Table(
            "team/month",
            "Months, effective cost by month of use",
            (
                *COST_MONTH,
                Column("budget_cost", "Budget of those forecast", "cost"),
            ),
        ),
    ),
    panels=(Panel("spend", "team/cost_day", cost.spend_day, ("team", "currency")),),
)
