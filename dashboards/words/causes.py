"""Why a forecast missed, in words: every cause that is known of its days, each with its evidence."""

from collections.abc import Callable, Mapping

from dashboards.queries import Row
from dashboards.words.wording import change, percent, plural

UNKNOWN = "not known"


def _ratio(miss: Row, name: str) -> float:
    value = miss[name]
    return float(value) if isinstance(value, int | float) else float("nan")


_WORDS: Mapping[str, Callable[[Row], str]] = {
    "event": lambda miss: f"declared event: {miss['event']}",
    "outage": lambda miss: f"outage: {plural(int(_ratio(miss, 'outage_hours')), 'hour')} missing or near zero",
    "restatement": lambda miss: f"restatement: the bill moved by {percent(_ratio(miss, 'restated_ratio'), 1)}",
    "level shift": lambda miss: f"level shift: {change(_ratio(miss, 'level_ratio') - 1)} against the weeks before",
}


def why(miss: Row) -> str:
    """Return the causes of a miss (a row of forecast_miss), the first of them first; not known where there is none."""
    causes = miss["causes"]
    words = [str(cause) for cause in causes] if isinstance(causes, list) else []
    return "; ".join(_WORDS[cause](miss) if cause in _WORDS else cause for cause in words) or UNKNOWN
