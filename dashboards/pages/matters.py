"""What needs somebody today: at most seven sentences, each made from one row, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboards.page import Night
from dashboards.pages.estate import ServiceRow, urgent
from dashboards.queries import read
from dashboards.words.wording import day, money, percent

MOST = 7
SURE = 0.9  # from this probability on a budget is said to be passed, not likely to be
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
class Passed:
    """A row of index/passed: a budget of the period under way that is likelier passed than not."""

    scope: str
    name: str
    currency: str
    budget: float
    forecast: float
    probability_over: float
    passed_on: date | None
    owner: str | None


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
        advised = {(row.name, row.advice.metric): row.advice.sentence for row in rows}
        return [_of_risk(risk, night, advised.get((risk.service, risk.subject))) for risk in register[:MOST]]
    budgets = read(night.con, Passed, "index/passed", night.parameters)
    return [*(_of_limit(row) for row in urgent(rows)), *(_of_budget(budget, night) for budget in budgets)][:MOST]


def _of_risk(risk: Risk, night: Night, advice: str | None) -> Matter:
    """Word a risk; of a limit what to do about it, as its own page says it."""
    stake = [f"{money(risk.impact_usd)} USD"] if risk.impact_usd is not None else []
    if risk.probability is not None and risk.probability < 1:
        stake.append(f"chance {percent(risk.probability)}")
    slug = night.slugs.get(risk.service)
    return Matter(
        level=_LEVELS.get(risk.severity, "watch"),
        word=f"{risk.severity}: {risk.kind}",
        name="whole bill" if risk.service == "(total)" else risk.service,
        href=f"services/{slug}.html" if slug else _PAGES.get(risk.kind, "data.html"),
        sentence=advice or risk.evidence,
        stake=", ".join(stake),
        act_by=risk.act_by,
        owner=risk.owner,
    )


def _of_budget(budget: Passed, night: Night) -> Matter:
    when = f", likely on {day(budget.passed_on)}" if budget.passed_on else ""
    slug = night.slugs.get(budget.name) if budget.scope == "service" else None
    amounts = f"{money(budget.forecast)} of {money(budget.budget)} {budget.currency}"
    return Matter(
        level="late" if budget.probability_over >= SURE else "act",
        word="over budget",
        name="whole bill" if budget.scope == "total" else budget.name,
        href=f"services/{slug}.html" if slug else "budgets.html",
        sentence=f"The budget of the month will be passed{when}: the forecast is {amounts}.",
        stake=f"{money(budget.forecast - budget.budget)} {budget.currency}, chance {percent(budget.probability_over)}",
        act_by=None,
        owner=budget.owner,
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
