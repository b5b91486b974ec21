"""What to do by when, in one sentence, made from one row of the table of advice: its level is decided there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dashboards.words.terms import is_share
from dashboards.words.wording import amount, day, is_known, money, more, percent, plural

Level = Literal["over", "late", "act", "watch", "fine", "unknown"]
ORDER: tuple[Level, ...] = ("over", "late", "act", "watch", "fine", "unknown")


@dataclass(frozen=True)
class Limit:
    """A row of service/limit: the newest advice on a limit, and the dates that it is from."""

    service: str
    metric: str
    level: Level
    limit_value: float
    peak_now: float | None
    peak_since: date | None
    quantile: float | None
    peak_forecast: float | None
    headroom_ratio: float | None
    p10_date: date | None
    p50_date: date | None
    p90_date: date | None
    probability_30d: float | None
    probability_60d: float | None
    probability_90d: float | None
    act_by: date | None
    made_on: date
    lead_time_days: int | None
    planned_date: date | None
    add_by: date | None
    units_to_add: float | None
    units: float | None  # that carry the limit; None: units are of the metric
    usd_month: float | None
    at_limit_since: datetime | None
    tier: int | None
    team: str | None
    fullness_ratio: float | None
    peak_forecast_ratio: float | None

    def say(self, value: float | None) -> str:
        """Return a value of its metric in words: in per cent where the limit is a share."""
        return percent(value) if is_share(self.limit_value) else amount(value)


@dataclass(frozen=True)
class Advice:
    """How urgent it is, in a word for colours and sorting, and what to do."""

    level: Level
    sentence: str
    metric: str | None = None


def advise(limits: Sequence[Limit]) -> Advice:
    """Return the most urgent advice over a service's limits."""
    if not limits:
        return Advice("unknown", "No limit is set, so nobody can say when it is full. Name one in the catalog.")
    most_urgent = min(limits, key=lambda limit: ORDER.index(limit.level))
    return Advice(most_urgent.level, _sentence(most_urgent), most_urgent.metric)


def _sentence(limit: Limit) -> str:
    """Word one decision: what to order by when, from what is likely first, else from what its tier plans for."""
    metric, at = limit.metric, f"its limit of {limit.say(limit.limit_value)}"
    if limit.level == "over":
        words = _passed(limit, at)
    elif limit.level == "unknown":
        return f"There is a limit for {metric} but no forecast, so no date can be given."
    elif limit.level == "fine":
        return f"Nothing to do: {metric} is unlikely to reach {at} within 90 days{_risk(limit)}."
    elif limit.p10_date is None or (limit.level == "act" and _is_earlier(limit.add_by, limit.act_by)):
        words = _planned(limit, at)
    else:
        words = f"{_order(limit)}{_reached(metric, at, limit.p10_date, limit.p50_date)}"
    return f"{words}{_more(limit)}"


def _order(limit: Limit) -> str:
    if limit.act_by is None:
        return ""
    if limit.level == "late":
        return f"Order more {limit.metric} now: the last safe day was {day(limit.act_by)}. "
    return f"Order more {limit.metric} by {day(limit.act_by)}. "


def _passed(limit: Limit, at: str) -> str:
    if limit.at_limit_since is not None and not (limit.fullness_ratio or 0) >= 1:
        since = day(limit.at_limit_since.date())
        return f"Add {limit.metric} now: it stands at a ceiling since {since}, so demand is more than is measured."
    since = f" since {day(limit.peak_since)}" if limit.peak_since else ""
    return f"Add {limit.metric} now: its peak{since}, {limit.say(limit.peak_now)}, passed {at}."


def _planned(limit: Limit, at: str) -> str:
    """Word a plan that does not hold: more futures reach the limit than the tier plans for."""
    tier = "its tier" if limit.tier is None else f"tier {limit.tier}"
    allowed = percent(1 - limit.quantile) if limit.quantile is not None else "few"
    by = f" by {day(limit.add_by)}" if limit.add_by else ""
    start = f"from {day(limit.planned_date)} on" if limit.planned_date else "within 90 days"
    return (
        f"Order more {limit.metric}{by} to keep what {tier} plans for: {start} more than {allowed} of futures pass "
        f"{at}{_risk(limit)}."
    )


def _more(limit: Limit) -> str:
    """Say what more means: how much keeps the plan, what it costs, how long it takes to get."""
    parts = []
    if limit.units_to_add:
        price = f" for {money(limit.usd_month)} USD a month" if limit.usd_month is not None else ""
        how_much = more(limit.units_to_add, limit.units, limit.limit_value)
        parts.append(f" {how_much} more{price} would keep the plan for 90 days.")
    if limit.lead_time_days:
        parts.append(f" More takes {plural(limit.lead_time_days, 'day')} to get.")
    return "".join(parts)


def _risk(limit: Limit) -> str:
    return f" (chance {percent(limit.probability_90d)} in 90 days)" if is_known(limit.probability_90d) else ""


def _is_earlier(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one < other)


def _reached(metric: str, at: str, p10: date, p50: date | None) -> str:
    if p50 is None:
        unlikely = "more likely than not it does not within 90 days"
        return f"There is a 10 % chance that {metric} reaches {at} by {day(p10)}; {unlikely}."
    return f"{metric} will probably reach {at} by {day(p50)}, with a 10 % chance already by {day(p10)}."
