"""From matrices of Prometheus to samples: gauges as they are, counters as what they rose by.

`increase()` extrapolates and loses the first sample of each new series, so counters are differenced here. A value lower
than the one before is a reset: the counter began again at 0. A series that begins while others are being recorded was
born: its first value counts, unless it is so large that it must have been counting elsewhere (a changed label, a
moved scrape). What a counter rose by over a gap of more than an hour belongs to no hour: it is not counted, but told.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, Field, JsonValue

HOUR_S = 3600
BIRTH_FACTOR = 10  # a first value above so many times the largest step is not a birth
OVER_A_GAP = "a counter rose over a gap of more than an hour: not counted"
BEGAN_ELSEWHERE = "a counter began with what it had counted before: its first value is not counted"
Labels = frozenset[tuple[str, str]]
Floats = npt.NDArray[np.float64]


class Item(BaseModel):
    """A series as a matrix or a vector holds it: points are unix seconds and a number ("NaN" and "+Inf" are some)."""

    metric: dict[str, str]
    points: list[tuple[float, float]] = Field([], alias="values")
    point: tuple[float, float] | None = Field(None, alias="value")
    histograms: list[JsonValue] = []


@dataclass(frozen=True)
class Series:
    """One series of an answer: its labels, times (unix seconds) and values."""

    service: str | None
    labels: Labels
    time_s: Floats
    value: Floats


@dataclass(frozen=True)
class Samples:
    """What a chunk gives to the store, and what was odd about it: reason, example."""

    frame: pd.DataFrame  # service, metric, stamp (UTC), value
    warnings: tuple[tuple[str, str], ...] = ()
    is_whole: bool = True


def read_series(result: Sequence[Item], service_label: str, replica_labels: Sequence[str] = ()) -> list[Series]:
    """Return the series of a matrix or vector, in the order of their labels; native histograms have no values.

    Series that only `replica_labels` tell apart are one, scraped by several servers.
    """
    replicas: dict[Labels, list[Series]] = defaultdict(list)
    for item in result:
        points = item.points or ([item.point] if item.point else [])
        unnamed = {"__name__", *replica_labels}
        labels = frozenset((name, text) for name, text in item.metric.items() if name not in unnamed)
        service = item.metric.get(service_label) or None
        time_s, value = np.array(points, dtype=float).reshape(-1, 2).T
        replicas[labels].append(Series(service, labels, time_s, value))
    return [_one_of(replicas[labels]) for labels in sorted(replicas, key=sorted)]


def gauge_samples(series: Sequence[Series], metric: str, shift_s: int = 0, scale: float = 1.0) -> Samples:
    """Return every point as a sample at its time less `shift_s`, times `scale`."""
    service = [one.service for one in series for _ in one.time_s]
    time_s = np.concatenate([one.time_s for one in series]) if series else np.empty(0)
    value = np.concatenate([one.value for one in series]) if series else np.empty(0)
    return Samples(_frame(metric, service, time_s - shift_s, value * scale))


def counter_samples(
    series: Sequence[Series], metric: str, start_s: int, step_s: int, was_seen: Callable[[], set[Labels]]
) -> Samples:
    """Return what the counters of each service rose by in each step after `start_s`, at the step's start.

    The series begin an hour before `start_s`, where they are there. `was_seen` gives the labels of those that were
    there in the days before that; it is called only where a series begins.
    """
    series = [_numbers(one) for one in series]
    rises = [_rises(one, start_s, step_s) for one in series]
    largest = max((float(rise.max()) for _, rise, _ in rises if len(rise)), default=0.0)
    recorded = {float(moment) for one in series for moment in one.time_s}
    begun = [len(one.time_s) > 0 and one.time_s[0] > start_s for one in series]
    seen = was_seen() if any(begun) else set()
    parts: list[tuple[str | None, Floats, Floats]] = []
    warnings = []
    for one, is_begun, (at, rise, lost) in zip(series, begun, rises, strict=True):
        parts.append((one.service, at, rise))
        if lost:
            warnings.append((OVER_A_GAP, _named(one, lost)))
        if is_begun and one.labels not in seen:
            is_recorded = float(one.time_s[0]) - step_s in recorded
            if is_recorded and one.value[0] <= BIRTH_FACTOR * largest:
                parts.append((one.service, one.time_s[:1], one.value[:1]))
            elif one.value[0]:
                warnings.append((BEGAN_ELSEWHERE, _named(one, float(one.value[0]))))
    service = [name for name, at, _ in parts for _ in at]
    time_s = np.concatenate([np.empty(0), *(at for _, at, _ in parts)])
    value = np.concatenate([np.empty(0), *(rise for _, _, rise in parts)])
    return Samples(_summed(metric, service, time_s - step_s, value), tuple(warnings))


def _one_of(replicas: Sequence[Series]) -> Series:
    """Return the series of the server that saw the most, with what another saw where it saw nothing.

    A counter does not seem to go back where they change over, as long as a step is no shorter than the scrape interval.
    """
    fullest, *others = sorted(replicas, key=lambda one: (-len(one.time_s), one.value.tolist()))
    for other in others:
        is_new = ~np.isin(other.time_s, fullest.time_s)
        time_s = np.concatenate([fullest.time_s, other.time_s[is_new]])
        value = np.concatenate([fullest.value, other.value[is_new]])
        order = np.argsort(time_s)
        fullest = Series(fullest.service, fullest.labels, time_s[order], value[order])
    return fullest


def _numbers(one: Series) -> Series:
    is_number = np.isfinite(one.value)
    return Series(one.service, one.labels, one.time_s[is_number], one.value[is_number])


def _rises(one: Series, start_s: int, step_s: int) -> tuple[Floats, Floats, float]:
    """Return when a counter rose and by how much, and what it rose by over gaps."""
    time_s, value = one.time_s, one.value
    gap_s, step = np.diff(time_s), np.diff(value)
    rise = np.where(step < 0, value[1:], step)
    is_wanted = time_s[1:] > start_s
    is_known = gap_s <= max(HOUR_S, step_s)
    kept = is_wanted & is_known
    return time_s[1:][kept], rise[kept], float(rise[is_wanted & ~is_known].sum())


def _summed(metric: str, service: Sequence[str | None], time_s: Floats, value: Floats) -> pd.DataFrame:
    """Add the values of each service and time, the smallest first: the same order every night gives the same bits."""
    names, code = np.unique(np.array([name or "" for name in service], dtype=object).astype(str), return_inverse=True)
    order = np.lexsort((value, time_s, code))
    code, time_s, value = code[order], time_s[order], value[order]
    is_first = np.r_[True, (np.diff(code) != 0) | (np.diff(time_s) != 0)][: len(code)]
    total = np.add.reduceat(value, np.flatnonzero(is_first)) if len(value) else value
    return _frame(metric, [str(names[k]) or None for k in code[is_first]], time_s[is_first], total)


def _frame(metric: str, service: Sequence[str | None], time_s: Floats, value: Floats) -> pd.DataFrame:
    stamp = (time_s * 1e6).round().astype("int64").astype("datetime64[us]")
    names = pd.array(list(service), dtype="str")
    return pd.DataFrame({"service": names, "metric": metric, "stamp": stamp, "value": value})


def _named(one: Series, value: float) -> str:
    return f"{value:g} of " + ", ".join(f"{name}={text}" for name, text in sorted(one.labels))
