"""What needs somebody today: at most seven sentences, each made from one row of the register, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.page import Night
from dashboards.pages.estate import ServiceRow
from dashboards.queries import read
from dashboards.words.risks import Risk, risk_words
from dashboards.words.wording import day, money, percent, plural

_PAGES = {
    "breach": "capacity.html",
    "saturation": "capacity.html",
    "overrun": "budgets.html",
    "anomaly": "anomalies.html",
    "accuracy": "accuracy.html",
    "stale source": "data.html",
    "no owner": "spend.html",
    "commitment expiring": "commitments.html#commitments-owned",
    "commitment unused": "commitments.html#commitments-month",
}
_LEVELS = {"high": "late", "medium": "act", "low": "watch"}


@dataclass(frozen=True)
class Matter:
    """A sentence, how urgent it is, what is at stake, by when, whose it is, and where more stands."""

    level: str
    word: str
    name: str
    href: str
    sentence: str
    stake: str
    by: str
    owner: str
    others: int  # of the register that are not said


def matters(night: Night, rows: Sequence[ServiceRow]) -> list[Matter]:
    """Return what stands first in the night's register."""
    advised = {(row.name, row.advice.metric): row.advice.sentence for row in rows}
    register = read(night.con, Risk, "index/risk", night.parameters)
    said = sum(risk.alike for risk in register)
    return [_matter(risk, night, advised.get((risk.service, risk.subject)), said) for risk in register]


def _matter(risk: Risk, night: Night, advice: str | None, said: int) -> Matter:
    """Word a risk; of a limit what to do about it, as its own page says it."""
    together = " together" if risk.alike > 1 else ""
    stake = [f"{money(risk.impact_usd)} USD{together}"] if risk.impact_usd is not None else []
    if risk.probability is not None and risk.probability < 1:
        stake.append(f"chance {percent(risk.probability)}")
    slug, team = night.slugs.get(risk.service), night.teams.get(risk.service)
    page = f"services/{slug}.html" if slug else f"teams/{team}.html" if team else _PAGES.get(risk.kind, "data.html")
    return Matter(
        level=_LEVELS.get(risk.severity, "watch"),
        word=f"{risk.severity}: {risk.kind}",
        name=_name(risk),
        href=page,
        sentence=advice or risk_words(risk),
        stake=", ".join(stake),
        by=f"{'the first ' if together else ''}by {day(risk.act_by)}" if risk.act_by else "",
        owner=f"team {risk.owner}" if risk.owner else plural(risk.owners, "team") if risk.owners else "nobody owns it",
        others=risk.risks - said,
    )


def _name(risk: Risk) -> str:
    if risk.alike > 1:
        return f"{risk.alike:,} more"
    return "whole bill" if risk.service == "(total)" else risk.service
