"""Why a forecast missed, in words: every cause that is known of its days, each with its evidence."""

from collections.abc import Callable, Mapping
from typing import cast

from dashboards.queries import Row
from dashboards.words.wording import change, percent, plural

UNKNOWN = "not known"

_WORDS: Mapping[str, Callable[[Row], str]] = {
    "event": lambda miss: f"declared event: {miss['event']}",
    "outage": lambda miss: f"outage: {plural(cast('int', miss['outage_hours']), 'hour')} missing or near zero",
    "restatement": lambda miss: f"restatement: the bill moved by {percent(_ratio(miss, 'restated_ratio'), 1)}",
    "level shift": lambda miss: f"level shift: {change(_ratio(miss, 'level_ratio') - 1)} against the weeks before",
}


def why(miss: Row) -> str:
    """Return the causes of a miss (a row of forecast_miss), the first of them first; not known where there is none."""
    causes = cast("list[str]", miss["causes"])
    return "; ".join(_WORDS[cause](miss) if cause in _WORDS else cause for cause in causes) or UNKNOWN


def _ratio(miss: Row, name: str) -> float:
    return cast("float", miss[name])
