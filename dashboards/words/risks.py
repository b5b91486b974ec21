"""What may go wrong, in one sentence, made from one row of the register and the row that it is of."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dashboards.words.wording import age, amount, currency_of, day, money, month

SURE, LIKELY = 0.9, 0.5  # from these probabilities on a budget will be passed, or likely will
_NAMED = 3  # of several together
_DAY, _MONTH = re.compile(r"\b20\d\d-[01]\d-[0-3]\d\b"), re.compile(r"\b20\d\d-(?:0[1-9]|1[0-2])\b")
_POINTER = re.compile(r"; see \w+$")  # of the evidence: the table, for those who read SQL
_QUIET = re.compile(r"nothing new for (\d+) hours")


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
    alike: int  # risks that the row is of: one, or the others of a kind together
    services: list[str]  # of them, what matters most first
    owners: int  # how many teams they have
    risks: int  # of the whole register
    period: str | None  # of a budget, as are the next
    period_start: date | None
    budget: float | None
    spent: float | None
    forecast: float | None
    currency: str | None
    passed_on: date | None
    metric: str | None  # of an anomaly, as are the next
    anomaly: str | None
    direction: str | None
    cause: str | None
    impact: float | None
    from_utc: datetime | None


def risk_words(risk: Risk) -> str:
    """Return the sentence; of several together, what goes on after `4 more`."""
    if risk.alike > 1:
        return f"{_ALIKE.get(risk.kind, 'are of this kind')}: {_named(risk.services)}."
    say = _WORDS.get(risk.kind)
    words = say(risk) if say else None
    return words or f"{_dated(_POINTER.sub('', risk.evidence)).rstrip('.')}."


def _dated(text: str) -> str:
    """Return a text of SQL with its days and months in the one style of the pages."""
    text = _DAY.sub(lambda match: day(date.fromisoformat(match[0])), text)
    return _MONTH.sub(lambda match: month(date.fromisoformat(f"{match[0]}-01")), text)


def _overrun(risk: Risk) -> str | None:
    if risk.budget is None or risk.forecast is None:
        return None
    if risk.spent is not None and risk.spent > risk.budget:
        return f"{_budget(risk)} is passed: {money(risk.spent)} of {money(risk.budget)} {risk.currency} are spent."
    chance = risk.probability or 0.0
    if risk.passed_on and risk.act_by is None:  # on a day that is over and not settled
        verb = "was" if chance >= SURE else "was likely" if chance >= LIKELY else "may have been"
    else:
        verb = "will be" if chance >= SURE else "will likely be" if chance >= LIKELY else "may be"
    when = f" on {day(risk.passed_on)}" if risk.passed_on else ""
    amounts = f"{money(risk.forecast)} {risk.currency} are forecast against {money(risk.budget)}"
    return f"{_budget(risk)} {verb} passed{when}: {amounts}; {money(risk.spent)} are settled so far."


def _budget(risk: Risk) -> str:
    named = {"m": f"of {month(risk.period_start)}", "q": f"of the quarter from {day(risk.period_start)}"}
    return f"The budget {named.get(risk.period or '', f'of the year from {day(risk.period_start)}')}"


def _anomaly(risk: Risk) -> str | None:
    if risk.metric is None or risk.impact is None or risk.from_utc is None:
        return None
    currency = currency_of(risk.metric)
    what = "Cost" if currency else risk.metric
    size = f"{money(abs(risk.impact))} {currency}" if currency else amount(abs(risk.impact))
    more = "more" if risk.impact > 0 else "less"
    since = day(risk.from_utc.date())
    return (
        f"{what}: a {risk.anomaly} {risk.direction} since {since}, {size} {more} than expected so far ({risk.cause})."
    )


def _stale(risk: Risk) -> str | None:
    """Say how old the newest data of a source is as its other sentence does; an error is said as it is."""
    quiet = _QUIET.match(risk.evidence)
    return f"Nothing new for {age(float(quiet[1]))}." if quiet else None


def _named(services: Sequence[str]) -> str:
    """Name the first few, each once, and count the rest."""
    names = ["whole bill" if name == "(total)" else name for name in dict.fromkeys(services)]
    rest = len(names) - _NAMED
    if rest > 1:
        return f"{', '.join(names[:_NAMED])} and {rest:,} others"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


_ALIKE = {
    "breach": "limits are passed or will be",
    "saturation": "loads stand at a ceiling",
    "overrun": "budgets are likely to be passed, or may be",
    "anomaly": "anomalies are open",
    "accuracy": "stable series missed a month's target",
    "stale source": "sources have nothing new or could not be read",
    "no owner": "currencies have cost without owner",
    "commitment expiring": "commitments end within 90 days",
    "commitment unused": "commitments were not used in full",
}
_WORDS: Mapping[str, Callable[[Risk], str | None]] = {
    "overrun": _overrun,
    "anomaly": _anomaly,
    "stale source": _stale,
}
