"""What to do by when, in one sentence, made from one row of the table of advice: its level is decided there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboards.words.terms import is_share
from dashboards.words.wording import amount, day, is_known, percent, plural

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
    metric, at = limit.metric, f"its limit of {limit.say(limit.limit_value)}"
    lead_time = f" More takes {plural(limit.lead_time_days, 'day')} to get." if limit.lead_time_days else ""
    if limit.level == "over":
        return f"Add {metric} now: the peak of the last 7 days, {limit.say(limit.peak_now)}, passed {at}.{lead_time}"
    if limit.level == "unknown":
        return f"There is a limit for {metric} but no forecast, so no date can be given."
    if limit.p10_date is None:
        return _far(limit, at)
    reached = _reached(metric, at, limit.p10_date, limit.p50_date)
    if limit.act_by is None:
        return f"{reached}{lead_time}"
    if limit.level == "late":
        return f"Order more {metric} now: the last safe day was {day(limit.act_by)}. {reached}{lead_time}"
    return f"Order more {metric} by {day(limit.act_by)}. {reached}{lead_time}"


def _far(limit: Limit, at: str) -> str:
    """Word a limit that fewer than one future in ten reach: nothing to do, unless its tier plans for fewer still."""
    metric, chance = limit.metric, limit.probability_90d
    risk = f" (chance {percent(chance)})" if is_known(chance) else ""
    if limit.level == "fine":
        return f"Nothing to do: {metric} is unlikely to reach {at} within 90 days{risk}."
    tier = "its tier" if limit.tier is None else f"tier {limit.tier}"
    plan = f"the peak that {percent(limit.quantile)} of futures stay below is {limit.say(limit.peak_forecast)}"
    return f"Too little {metric} for what {tier} plans for: {plan}, above {at}{risk}."


def _reached(metric: str, at: str, p10: date, p50: date | None) -> str:
    if p50 is None:
        unlikely = "more likely than not it does not within 90 days"
        return f"There is a 10 % chance that {metric} reaches {at} by {day(p10)}; {unlikely}."
    return f"{metric} will probably reach {at} by {day(p50)}, with a 10 % chance already by {day(p10)}."
