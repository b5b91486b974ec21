"""What needs somebody today: at most seven sentences, each made from one row, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.page import Night
from dashboards.pages.estate import ServiceRow, urgent
from dashboards.queries import read
from dashboards.words.wording import money, percent

MOST = 7
_PAGES = {
    "breach": "capacity.html",
    "saturation": "capacity.html",
    "overrun": "budgets.html",
    "anomaly": "anomalies.html",
    "accuracy": "accuracy.html",
    "stale source": "data.html",
    "no owner": "spend.html",
    "commitment expiring": "commitments.html",
    "commitment unused": "commitments.html",
}
_LEVELS = {"high": "late", "medium": "act", "low": "watch"}


@dataclass(frozen=True)
class Risk:
    """A row of index/risk."""

    kind: str
    service: str
    subject: str
    severity: str
    impact_usd: float | None
    probability: float | None
    act_by: date | None
    owner: str | None
    evidence: str
    first_seen: date
    trend_week: str


@dataclass(frozen=True)
class Matter:
    """A sentence, how urgent it is, what is at stake, by when, whose it is, and where more stands."""

    level: str
    word: str
    name: str
    href: str
    sentence: str
    stake: str
    act_by: date | None
    owner: str | None


def matters(night: Night, rows: Sequence[ServiceRow]) -> list[Matter]:
    """Return the newest register, the worst first; of a night that keeps none, the limits that need a decision."""
    register = read(night.con, Risk, "index/risk", night.parameters)
    if register:
        return [_of_risk(risk, night) for risk in register[:MOST]]
    return [_of_limit(row) for row in urgent(rows)[:MOST]]


def _of_risk(risk: Risk, night: Night) -> Matter:
    stake = [f"{money(risk.impact_usd)} USD"] if risk.impact_usd is not None else []
    if risk.probability is not None and risk.probability < 1:
        stake.append(f"chance {percent(risk.probability)}")
    slug = night.slugs.get(risk.service)
    return Matter(
        level=_LEVELS.get(risk.severity, "watch"),
        word=f"{risk.severity}: {risk.kind}",
        name="whole bill" if risk.service == "(total)" else risk.service,
        href=f"services/{slug}.html" if slug else _PAGES.get(risk.kind, "data.html"),
        sentence=risk.evidence,
        stake=", ".join(stake),
        act_by=risk.act_by,
        owner=risk.owner,
    )


def _of_limit(row: ServiceRow) -> Matter:
    limit = row.limit
    chance = limit.probability_90d if limit else None
    return Matter(
        level=row.advice.level,
        word={"over": "over the limit", "late": "act now", "act": "act soon"}[row.advice.level],
        name=row.name,
        href=f"services/{row.slug}.html",
        sentence=row.advice.sentence,
        stake=f"chance {percent(chance)} in 90 days" if chance is not None else "",
        act_by=limit.act_by if limit else None,
        owner=row.facts.team,
    )
