"""What is known of each service, joined once: the front page lists it, and each service's own page begins with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboards.page import Night
from dashboards.queries import by_service, read
from dashboards.slugs import slug
from dashboards.words.advice import ORDER, Advice, Limit, advise


@dataclass(frozen=True)
class Facts:
    """A row of service/facts: what the catalog says."""

    service: str
    is_catalogued: bool
    tier: int | None
    team: str | None
    country: str | None
    request_metric: str | None
    minimum_requests_day: float | None
    shared_rule: str | None
    is_telemetry: bool
    target_cost_per_million_usd: float | None
    budget_usd_month: Decimal | None


@dataclass(frozen=True)
class Month:
    """A row of index/service_month: the month under way in one currency."""

    service: str
    currency: str
    month: date
    usage_cost: Decimal | None
    total_cost: Decimal | None
    forecast_cost: float | None


@dataclass(frozen=True)
class UnitCost:
    """A row of index/unit_cost: what a million units cost over 28 settled days, as it was decided."""

    service: str
    unit: str
    currency: str
    unit_cost_28d: float | None
    trend_28d: float | None
    target_unit_cost: float | None
    target_status: str | None
    days: list[float] | None
    dates: list[date] | None


@dataclass(frozen=True)
class Score:
    """A row of index/accuracy: the error that a service is judged by."""

    service: str
    metric: str
    grain: str
    origin: str
    wape: float | None
    wape_naive: float | None
    points: int
    series_class: str | None


@dataclass(frozen=True)
class ServiceRow:
    """What the front page says of a service, and what its own page starts with."""

    facts: Facts
    slug: str
    limits: list[Limit]  # the nearest first
    advice: Advice
    months: list[Month]  # the month under way, one a currency, the dearest first
    unit_cost: UnitCost | None
    accuracy: Score | None

    @property
    def name(self) -> str:
        """Return the service's name as it is: hostile text."""
        return self.facts.service

    @property
    def limit(self) -> Limit | None:
        """Return the limit that the advice is about."""
        own = [limit for limit in self.limits if limit.metric == self.advice.metric]
        return next(iter(own or self.limits), None)


@dataclass(frozen=True)
class Summary:
    """Which share of the stable services is within 10 and 20 %, and on what evidence."""

    grain: str
    stable: int
    scored: int
    good: int
    acceptable: int
    origin: str | None


def service_rows(night: Night) -> list[ServiceRow]:
    """Return every service, the most urgent first."""
    con, parameters = night.con, night.parameters
    limits = by_service(read(con, Limit, "service/limit", parameters))
    months = by_service(read(con, Month, "index/service_month", parameters))
    unit_costs = by_service(read(con, UnitCost, "index/unit_cost", parameters))
    scores = by_service(read(con, Score, "index/accuracy", parameters))
    rows = []
    for facts in read(con, Facts, "service/facts", parameters):
        its_limits = limits.get(facts.service, [])
        rows.append(
            ServiceRow(
                facts=facts,
                slug=slug(facts.service),
                limits=its_limits,
                advice=advise(its_limits),
                months=months.get(facts.service, []),
                unit_cost=next(iter(unit_costs.get(facts.service, [])), None),
                accuracy=next(iter(scores.get(facts.service, [])), None),
            )
        )
    return sorted(rows, key=_urgency)


def urgent(rows: Sequence[ServiceRow]) -> list[ServiceRow]:
    """Return the services that somebody must decide on now."""
    return [row for row in rows if row.advice.level in {"over", "late", "act"}]


def accuracy_summary(rows: Sequence[ServiceRow]) -> Summary:
    """Judge the stable services by the error of their days; by that of their hours only where no day is scored."""
    scores = [row.accuracy for row in rows if row.accuracy]
    grain = "d" if any(score.grain == "d" for score in scores) else "h"
    stable = [score for score in scores if score.grain == grain and score.series_class == "stable"]
    errors = [score.wape for score in stable if score.wape is not None]
    origins = {score.origin for score in stable if score.wape is not None}
    return Summary(
        grain="day" if grain == "d" else "hour",
        stable=len(errors),
        scored=len(scores),
        good=sum(error <= 0.1 for error in errors),  # noqa: PLR2004 - the target
        acceptable=sum(error <= 0.2 for error in errors),  # noqa: PLR2004 - the target
        origin="live and backtest" if len(origins) > 1 else next(iter(origins), None),
    )


def _urgency(row: ServiceRow) -> tuple[int, str, float, int, str]:
    limit = row.limit
    when = limit and (limit.act_by or limit.p50_date)
    fullness = limit.peak_forecast_ratio if limit else None
    tier = row.facts.tier
    return (
        ORDER.index(row.advice.level),
        str(when or "9999"),
        -(fullness or 0.0),
        9 if tier is None else tier,
        row.name,
    )
