"""Which series the columns of a file, or the texts in one of them, name: a pattern that takes them apart."""

import re
from collections.abc import Sequence

SERVICE_KEYS = (
    "service", "service_name", "service.name", "app", "application", "app_name", "job", "deployment", "workload",
    "container", "resource", "resource_name", "function", "queue", "instance", "host", "hostname", "pod", "name",
)  # fmt: skip
SERVICE_HINT = re.compile(
    r"(?i)^(service|app|application|workload|deployment|job|group|series|resource|host|function|instance|container|pod)"
    r"([ _.-]?(name|id))?$|^(facet|name|tags?|labels?)$"
)
METRIC_HINT = re.compile(r"(?i)^(metric|measure|item|measurement|metric[ _.-]?name|counter|indicator|_?field)$")
METRIC_WORDS = re.compile(
    r"(?i)(cpu|mem(ory)?|percent|usage|util|request|rps|qps|latency|duration|bytes|rate|load|error|throughput|"
    r"connection|disk|network|iops|count|average|\bavg|\bsum\b|\bmax|\bmin|\bp\d\d|value|total|hits|replica|queue|"
    r"traffic|orders|sessions|depth|messages)"
)
_SEPARATORS = (" - ", ": ", " / ", " | ", "/", ":", " ", ".")


def infer_pattern(names: Sequence[str]) -> str:
    """Return a pattern that matches every name, and tells every two of them apart."""
    for pattern in (*_by_label(names), r"^(?P<service>[^{]*[^{\s])\s*\{", *_by_parts(names)):
        matches = [re.search(pattern, name) for name in names]
        keys = {tuple(one.groups()) for one in matches if one}
        if all(matches) and len(keys) == len(set(names)):
            return pattern
    return "(?P<metric>.+)" if all(METRIC_WORDS.search(name) for name in names) else "(?P<service>.+)"


def metric_of(title: str) -> str:
    """Return a name for the metric that a column's title describes."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "_".join(words) or "value"


def _by_label(names: Sequence[str]) -> list[str]:
    """Return patterns of labels: `metric{service="web"}` of Prometheus, `avg:metric{service:web}` of Datadog."""
    patterns = []
    for key in SERVICE_KEYS:
        value = re.escape(key) + r'\s*[=:]~?\s*"?(?P<service>[^",}\s]+)'
        label = r"(?:^|[{,\s])" + value
        if all(re.search(label, name) for name in names):
            patterns += [r"^(?:\w+:)?(?P<metric>[A-Za-z_][\w.:]*)\{(?:.*[,\s])?" + value, label]
    return patterns


def _by_parts(names: Sequence[str]) -> list[str]:
    """Return patterns of names that are a service and a metric with one sign between them."""
    for sign in _SEPARATORS:
        parts = [name.split(sign) for name in names]
        if any(len(part) != 2 or not all(part) or "{" in part[1] for part in parts):  # noqa: PLR2004 - a service and a metric
            continue
        first, second = ({part[at].strip() for part in parts} for at in (0, 1))
        says = [sum(bool(METRIC_WORDS.search(text)) for text in one) / len(one) for one in (first, second)]
        if not any(says) and len(first) == len(second):
            continue  # nothing says that one of them is a metric
        is_first = says[0] > says[1] or (says[0] == says[1] and len(first) < len(second))
        groups = ("metric", "service") if is_first else ("service", "metric")
        inner = re.escape(sign).replace(r"\ ", " ").replace(r"\-", "-")
        return [rf"^(?P<{groups[0]}>.+?){inner}(?P<{groups[1]}>.+)$"]
    return []
