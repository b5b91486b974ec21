"""What to do by when, in one sentence, from the dates of a service's limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from dashboards.queries import Row
from dashboards.words.wording import amount, day, is_known, percent, plural

Level = Literal["over", "late", "act", "watch", "fine", "unknown"]
SOON_DAYS = 30


@dataclass(frozen=True)
class Advice:
    """How urgent it is, in a word for colours and sorting, and what to do."""

    level: Level
    sentence: str
    metric: str | None = None


ORDER: tuple[Level, ...] = ("over", "late", "act", "watch", "fine", "unknown")


def advise(limits: Sequence[Row], as_of: date) -> Advice:
    """Return the most urgent advice over a service's limits (rows of service/limit)."""
    if not limits:
        return Advice("unknown", "No limit is set, so nobody can say when it is full. Name one in the catalog.")
    return min((_one(limit, as_of) for limit in limits), key=lambda advice: ORDER.index(advice.level))


def _one(limit: Row, as_of: date) -> Advice:
    metric = str(limit["metric"])
    full = cast("float | None", limit["fullness_ratio"])
    p10, p50, act_by = (cast("date | None", limit[name]) for name in ("p10_date", "p50_date", "act_by"))
    at = f"its limit of {amount(cast('float', limit['limit_value']))}"
    lead = cast("int | None", limit["lead_time_days"])
    lead_time = f" More takes {plural(lead, 'day')} to get." if lead else ""
    if full is not None and full >= 1:
        peak = f"{amount(cast('float', limit['peak_now']))}, passed {at}"
        return Advice("over", f"Add {metric} now: the peak of the last 7 days, {peak}.{lead_time}", metric)
    if not is_known(limit["headroom_ratio"]):
        return Advice("unknown", f"There is a limit for {metric} but no forecast, so no date can be given.", metric)
    if p10 is None:
        chance = cast("float | None", limit["probability_90d"])
        risk = f" (chance {percent(chance)})" if is_known(chance) else ""
        return Advice("fine", f"Nothing to do: {metric} is unlikely to reach {at} within 90 days{risk}.", metric)
    reached = _reached(metric, at, p10, p50)
    if act_by is None:
        return Advice("watch", f"{reached}{lead_time}", metric)
    if act_by < as_of:
        return Advice(
            "late", f"Order more {metric} now: the last safe day was {day(act_by)}. {reached}{lead_time}", metric
        )
    level: Level = "act" if (act_by - as_of).days <= SOON_DAYS else "watch"
    return Advice(level, f"Order more {metric} by {day(act_by)}. {reached}{lead_time}", metric)


def _reached(metric: str, at: str, p10: date, p50: date | None) -> str:
    if p50 is None:
        unlikely = "more likely than not it does not within 90 days"
        return f"There is a 10 % chance that {metric} reaches {at} by {day(p10)}; {unlikely}."
    return f"{metric} will probably reach {at} by {day(p50)}, with a 10 % chance already by {day(p10)}."
