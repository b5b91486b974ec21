"""Load from Prometheus, Thanos, Mimir or VictoriaMetrics: a query a metric, one series a service.

https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries : at most 11,000 points a series a query, so
that the time asked for is cut. Times are unix seconds, UTC. A night asks for what is new and for the last 3 days again;
the first one asks for `history_days`, in chunks that are stored one by one.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import duckdb
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.address import BaseAddress
from data.storage.cache import fingerprint
from data.utilization.part import LoadReading, Part
from data.utilization.prometheus.api import POINTS_MAX, Access, Answer, Api, connect
from data.utilization.prometheus.samples import (
    HOUR_S,
    Labels,
    Samples,
    Series,
    counter_samples,
    gauge_samples,
    read_series,
)
from data.utilization.watermark import Key, asked_until, first_unasked, remember_asked
from data.warehouse import load_sql

NOTHING = "the query gives no series: is the name of the metric right?"
SEEN_DAYS = 7  # a series that was there so long ago did not begin now


class Query(BaseModel):
    """What a metric is: `gauge`, a value at a moment; `counter`, the counter itself; `rate`, its rate a second."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promql: str
    shape: Literal["gauge", "counter", "rate"] = "gauge"


class Limit(BaseModel):
    """A query whose value is what each service can carry of the metric, e.g. of kube_resourcequota."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promql: str


class Prometheus(BaseModel):
    """A server, and a query for each metric; `service_label` of the answers names the service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["prometheus"]
    name: str
    url: BaseAddress
    service_label: str = "service"
    replica_labels: tuple[str, ...] = ("prometheus_replica",)  # of servers that scrape the same: counted once
    step_s: Annotated[int, Field(ge=15, le=HOUR_S)] = 300
    history_days: Annotated[int, Field(ge=1, le=3660)] = 400
    chunk_days: Annotated[int, Field(ge=1, le=366)] = 7
    access: Access = Access()
    metrics: Mapping[str, Query]
    limits: Mapping[str, Limit] = {}

    @field_validator("step_s")
    @classmethod
    def _divides_the_hour(cls, step_s: int) -> int:
        if HOUR_S % step_s:
            raise ValueError("an hour is not a whole number of steps; want 60, 300, 900, 3600, ...")
        return step_s

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return how each metric adds up: what is counted is summed."""
        return {name: "gauge" if query.shape == "gauge" else "count" for name, query in self.metrics.items()}

    @property
    def shapes(self) -> dict[str, str]:
        """Return the shape of the metrics whose query says it."""
        return {name: query.shape for name, query in self.metrics.items() if "shape" in query.model_fields_set}

    def located(self, root: Path) -> "Prometheus":
        """Return the same with the path of its certificates below `root`."""
        ca_file = root / self.access.ca_file if self.access.ca_file else None
        return self.model_copy(update={"access": self.access.model_copy(update={"ca_file": ca_file})})

    def probe(self, reading: LoadReading) -> str:
        """Return how many series each query has now; raises InputError where the server or a query does not answer."""
        with connect(self.name, self.url, self.access) as api:
            answers = {
                name: api.query(promql, _unix(reading.window.end) - self.step_s) for name, promql in self._queries()
            }
        return f"{self.url} answers: " + ", ".join(
            f"{name} {len(answer.result)} series" for name, answer in answers.items()
        )

    def parts(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> Iterator[Part]:
        """Yield chunk by chunk what has not been asked for, and the newest days again; the limits at the end."""
        end = reading.window.end
        asked = asked_until(con, self.name)
        with connect(self.name, self.url, self.access) as api:
            for metric, query in self.metrics.items():
                question = fingerprint(self.url, self.service_label, self.step_s, query.model_dump_json())
                key = Key(self.name, "(all)", metric, question)
                start = first_unasked(asked.get(key), end, timedelta(days=self.history_days))
                is_whole, is_found = True, False
                for chunk_start, chunk_end in self._chunks(start, end):
                    before = api.calls
                    samples = self._ask(api, metric, (_unix(chunk_start), _unix(chunk_end)))
                    _register(con, samples.frame)
                    # What a part of the servers did not answer is asked for again by the next night.
                    is_whole, is_found = is_whole and samples.is_whole, is_found or len(samples.frame) > 0
                    warnings = list(samples.warnings)
                    if chunk_end == end and not is_found:
                        warnings.append((NOTHING, query.promql))
                    yield Part(
                        name=f"{metric} {chunk_start:%Y-%m-%d} to {chunk_end:%Y-%m-%d}",
                        labels=(metric,) if chunk_start == start else (),
                        remember=remember_asked([key] if is_whole else [], chunk_end),
                        warnings=tuple((metric, reason, example) for reason, example in warnings),
                        calls=api.calls - before,
                    )
            if self.limits:
                yield self._limits(con, api, end)

    def _queries(self) -> Iterator[tuple[str, str]]:
        yield from ((metric, query.promql) for metric, query in self.metrics.items())
        yield from ((f"limit of {metric}", limit.promql) for metric, limit in self.limits.items())

    def _chunks(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Cut [start, end) so that each piece, with the hour before it, stays under the limit of points."""
        most_hours = (POINTS_MAX - 1) * self.step_s // HOUR_S - 1
        length = timedelta(hours=min(most_hours, self.chunk_days * 24))
        while start < end:
            yield start, min(start + length, end)
            start += length

    def _ask(self, api: Api, metric: str, span: tuple[int, int]) -> Samples:
        query, step, (start, end) = self.metrics[metric], self.step_s, span
        if query.shape == "counter":
            answer = api.query_range(query.promql, start - HOUR_S, end, step)

            def was_seen() -> set[Labels]:
                before = f"last_over_time(({query.promql})[{SEEN_DAYS}d:1h])"
                return {one.labels for one in self._series(api.query(before, start - HOUR_S))}

            samples = counter_samples(self._series(answer), metric, start, step, was_seen)
        elif query.shape == "rate":
            answer = api.query_range(query.promql, start + step, end, step)
            samples = gauge_samples(self._series(answer), metric, shift_s=step, scale=step)
        else:
            answer = api.query_range(query.promql, start, end - step, step)
            samples = gauge_samples(self._series(answer), metric)
        odd = [*((f"server: {text}", query.promql) for text in answer.warnings), *samples.warnings]
        if any(item.histograms for item in answer.result):
            odd.append(("native histograms have no value: ask for a quantile, or their count", query.promql))
        if query.shape == "counter" and any("le" in item.metric for item in answer.result):
            odd.append(("the buckets of a histogram are added: ask for its _count", query.promql))
        return Samples(samples.frame, tuple(odd), is_whole=answer.is_whole)

    def _series(self, answer: Answer) -> list[Series]:
        return read_series(answer.result, self.service_label, self.replica_labels)

    def _limits(self, con: duckdb.DuckDBPyConnection, api: Api, end: datetime) -> Part:
        before = api.calls
        rows, warnings = [], []
        for metric, limit in self.limits.items():
            answer = api.query(limit.promql, _unix(end) - self.step_s)
            rows += [(one.service, metric, float(one.value[-1])) for one in self._series(answer)]
            warnings += [(f"limit of {metric}", f"server: {text}", limit.promql) for text in answer.warnings]
        types = {"service": "str", "metric": "str", "limit_value": "float64"}
        con.register("measured_limit", pd.DataFrame(rows, columns=list(types)).astype(types))
        _register(con, gauge_samples([], "").frame)
        return Part(
            name="limits",
            labels=tuple(f"limit of {metric}" for metric in self.limits),
            limits="from measured_limit",
            warnings=tuple(warnings),
            calls=api.calls - before,
        )


def _register(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    con.register("answered", frame)
    con.execute(load_sql("utilization/answer"))


def _unix(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())
