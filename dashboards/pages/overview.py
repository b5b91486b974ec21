"""One row a service for the table on the front page, and the few numbers above it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from dashboards.queries import Row, by_service
from dashboards.slugs import slug
from dashboards.words.advice import ORDER, Advice, advise
from dashboards.words.wording import is_known

HORIZONS = (30, 60, 90)


@dataclass(frozen=True)
class ServiceRow:
    """What the front page says of a service, and what its own page starts with."""

    facts: Row  # of services
    slug: str
    limits: list[Row]  # of service/limit, the nearest first
    advice: Advice
    months: list[Row]  # of month_cost for the month under way, one a currency
    unit_cost: Row | None  # of index/unit_cost
    accuracy: Row | None  # of index/accuracy

    @property
    def name(self) -> str:
        """Return the service's name as it is: hostile text."""
        return str(self.facts["service"])

    @property
    def limit(self) -> Row | None:
        """Return the limit that the advice is about."""
        found = [limit for limit in self.limits if limit["metric"] == self.advice.metric]
        return next(iter(found or self.limits), None)


def service_rows(  # noqa: PLR0913 - each is a table
    services: Iterable[Row],
    *,
    limits: list[Row],
    months: list[Row],
    unit_costs: list[Row],
    scores: list[Row],
    as_of: date,
) -> list[ServiceRow]:
    """Join what is known of each service; the most urgent first."""
    limits_of, months_of = by_service(limits), by_service(months)
    unit_cost_of, score_of = _only(unit_costs), _only(scores)
    rows = []
    for facts in services:
        name = str(facts["service"])
        its_limits = limits_of.get(name, [])
        rows.append(
            ServiceRow(
                facts=facts,
                slug=slug(name),
                limits=its_limits,
                advice=advise(its_limits, as_of),
                months=months_of.get(name, []),
                unit_cost=unit_cost_of.get(name),
                accuracy=score_of.get(name),
            )
        )
    return sorted(rows, key=_urgency)


def currencies(months: Sequence[Row], month: date) -> list[dict[str, object]]:
    """Return the month before, the one under way and the one after for each currency (rows of index/month)."""
    nothing = dict.fromkeys(months[0]) if months else {}
    found: dict[str, dict[str, object]] = {}
    for row in months:
        unknown = {"currency": row["currency"], "before": nothing, "now": nothing, "after": nothing}
        of = found.setdefault(str(row["currency"]), unknown)
        which = cast("date", row["month"])
        of["now" if which == month else "before" if which < month else "after"] = row
    return list(found.values())


def limits_reached(limits: Sequence[Row], as_of: date) -> list[dict[str, object]]:
    """Count the limits that are likely (half of the futures) and possible (one in ten) to be reached by horizon."""
    found: list[dict[str, object]] = []
    for horizon in HORIZONS:
        end = as_of + timedelta(days=horizon)
        likely, possible = (
            sum(cast("date", limit[name]) < end for limit in limits if limit[name] is not None)
            for name in ("p50_date", "p10_date")
        )
        found.append({"horizon": horizon, "likely": likely, "possible": possible})
    return found


def passed_now(limits: Sequence[Row]) -> int:
    """Count the limits that the last 7 days have already passed."""
    return sum(is_known(limit["fullness_ratio"]) and cast("float", limit["fullness_ratio"]) >= 1 for limit in limits)


def accuracy_summary(scores: Sequence[Row]) -> dict[str, object]:
    """Return which share of the stable series is within 10 and 20 %, and on what evidence."""
    # Days are what the target is about; hours are judged only where no day is.
    grain = "d" if any(score["grain"] == "d" for score in scores) else "h"
    judged = [score for score in scores if score["grain"] == grain and is_known(score["wape"])]
    stable = [score for score in judged if score["series_class"] == "stable"]
    errors = [cast("float", score["wape"]) for score in stable]
    origins = {str(score["origin"]) for score in stable}
    return {
        "grain": "day" if grain == "d" else "hour",
        "stable": len(stable),
        "scored": len(scores),
        "within_10": sum(error <= 0.1 for error in errors) / len(errors) if errors else None,  # noqa: PLR2004 - the target
        "within_20": sum(error <= 0.2 for error in errors) / len(errors) if errors else None,  # noqa: PLR2004 - the target
        "origin": "live and backtest" if len(origins) > 1 else next(iter(origins), None),
    }


def _only(rows: list[Row]) -> Mapping[str, Row]:
    return {str(row["service"]): row for row in rows}


def _urgency(row: ServiceRow) -> tuple[int, str, float, int, str]:
    limit = row.limit or {}
    when = limit.get("act_by") or limit.get("p50_date")
    fullness = limit.get("peak_forecast_ratio")
    tier = row.facts["tier"]
    return (
        ORDER.index(row.advice.level),
        str(when or "9999"),
        -cast("float", fullness) if is_known(fullness) and fullness is not None else 0.0,
        9 if tier is None else cast("int", tier),
        row.name,
    )
