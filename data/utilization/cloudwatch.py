"""Load from Amazon CloudWatch: presets of AWS's services, found by tag, dimension or account, in accounts and regions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html . Times are UTC, a point stands
at the start of its period. 1-minute data is kept 15 days, 5-minute data 63, hours 455: the period is chosen by age. A
night asks for what is new and for the last 3 days again; a metric that is new is asked for as far back as is kept.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import duckdb
import numpy as np
import pandas as pd
from botocore.exceptions import BotoCoreError
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.aws import AwsAccess
from data.errors import NoData
from data.fetch import fingerprint
from data.utilization.cloudwatch_api import HOUR_S, USD_PER_METRIC, Asked, Points, Spent, ask, refused, spans
from data.utilization.cloudwatch_discovery import Dimensions, ServiceOf, asked, listed, tagged
from data.utilization.cloudwatch_limits import with_connections, with_quotas
from data.utilization.cloudwatch_presets import PRESETS, Measure
from data.utilization.part import Part, Reading
from data.utilization.watermark import first_unasked, remember_asked
from data.warehouse import load_sql

Series = tuple[str, str]  # service, metric
CHUNK_DAYS = {60: 1, 300: 7, HOUR_S: 28}
LIMIT_DAYS = 3
PresetName = Literal[
    "alb", "ecs", "eks", "ec2", "lambda", "rds", "aurora", "dynamodb", "sqs", "elasticache", "apigateway"
]


class Account(BaseModel):
    """An account: how it is reached, and the service that what is not tagged belongs to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aws: AwsAccess = AwsAccess()
    service: str | None = None


class Query(BaseModel):
    """A metric that no preset has, of one service."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    metric: str
    namespace: str
    name: str
    dimensions: Mapping[str, str] = {}
    stat: Literal["Sum", "Average", "Maximum"] = "Average"
    scale: float = 1.0


class CloudWatch(BaseModel):
    """What to look for in which accounts and regions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["cloudwatch"]
    name: str
    regions: tuple[str, ...] = ("us-east-1",)
    accounts: tuple[Account, ...] = (Account(),)
    presets: tuple[PresetName, ...] = ()
    service_tag: str = "service"
    dimension_patterns: Mapping[str, str] = {}  # a dimension's name: a pattern with the group `service`
    queries: tuple[Query, ...] = ()
    period_s: Literal[60, 300, 3600] = 300
    history_days: Annotated[int, Field(ge=1, le=454)] = 454

    @field_validator("dimension_patterns")
    @classmethod
    def _names_the_service(cls, patterns: Mapping[str, str]) -> Mapping[str, str]:
        for pattern in patterns.values():
            if "service" not in re.compile(pattern).groupindex:
                raise ValueError("needs the named group (?P<service>...)")
        return patterns

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return how each metric adds up: what AWS sums is summed."""
        measures = [(one.metric, one.is_count) for name in self.presets for one in PRESETS[name].measures]
        measures += [(one.metric, one.stat == "Sum") for one in self.queries]
        return {metric: "count" if is_count else "gauge" for metric, is_count in measures}

    def located(self, root: Path) -> "CloudWatch":  # noqa: ARG002 - there is no path in it
        """Return the same."""
        return self

    def probe(self, reading: Reading) -> str:  # noqa: ARG002 - what there is to ask for does not depend on the night
        """Return how many metrics are found and what asking costs; raises InputError."""
        spent = Spent(self.name)
        every, unmapped = self._discover(spent)
        night = len(every) * USD_PER_METRIC
        first = night * (62 // CHUNK_DAYS[300] + 1 + 392 // CHUNK_DAYS[HOUR_S] + 1)
        return (
            f"{len(every)} metrics of {len({one.service for one in every})} services, {len(unmapped)} of no service; "
            f"a night asks for about USD {night:.2f}, the first for USD {first:.2f}"
        )

    def parts(self, con: duckdb.DuckDBPyConnection, reading: Reading) -> Iterator[Part]:
        """Yield chunk by chunk what has not been asked for, and the newest days again; the limits at the end."""
        end = reading.window.end
        spent = Spent(self.name)
        every, unmapped = self._discover(spent)
        nobody = "no tag, pattern or account gives it to a service"
        odd = tuple(("resources", nobody, name) for name in sorted(map(_named, unmapped)))
        labels = ("resources", *sorted({one.metric for one in every}))
        if not every:
            raise NoData(
                f"{self.name}: no metric of {', '.join(self.presets) or 'the queries'} belongs to a service; tag the "
                f"resources with {self.service_tag!r}, set dimension_patterns, or accounts.service"
            )
        first, broken = True, set[Series]()
        for start, group in sorted(self._by_start(con, every, end).items()):
            for begin, until, period in self._chunks(start, end):
                found = ask(group, begin, until, period, spent)
                _register(con, combine(found, period))
                name = f"{begin:%Y-%m-%d} to {until:%Y-%m-%d} by {period} s"
                part = self._part(found, name, until, broken)
                if first:
                    part = replace(part, labels=labels, warnings=(*odd, *part.warnings))
                yield replace(part, calls=spent.calls, calls_cost_usd=spent.cost_usd)
                first, spent = False, Spent(self.name)
        part = self._limits(con, every, end, spent)
        yield replace(part, calls=spent.calls, calls_cost_usd=spent.cost_usd)

    def _discover(self, spent: Spent) -> tuple[list[Asked], set[Dimensions]]:
        """Return what to ask for, in the order of its name, and the resources of no service."""
        every: list[Asked] = []
        unmapped: set[Dimensions] = set()
        presets = [PRESETS[name] for name in self.presets]
        for number, account in enumerate(self.accounts):
            for region in self.regions:
                access = account.aws.model_copy(update={"region": region})
                try:
                    client = access.client("cloudwatch")
                except BotoCoreError as error:  # a profile that is not there
                    raise refused(self.name, "AWS session", error) from error
                where = f"{account.aws.assume_role or number} {region}"
                tags = tagged(access.client("resourcegroupstaggingapi"), presets, self.service_tag, spent)
                service_of = ServiceOf(tags, self.dimension_patterns, account.service)
                here: list[Asked] = []
                for preset in with_quotas(presets, access, spent):
                    found = list(listed(client, preset, where, service_of, spent))
                    here += [one for one in found if isinstance(one, Asked)]
                    unmapped |= {one for one in found if not isinstance(one, Asked)}
                for query in self.queries:
                    measure = Measure(query.metric, query.name, query.stat, query.scale)
                    dimensions = frozenset(query.dimensions.items())
                    here.append(asked(client, measure, query.namespace, dimensions, query.service, where))
                every += with_connections(here, access, spent)
        return sorted(every, key=lambda one: (one.service, one.metric, one.where, one.theirs, one.dimensions)), unmapped

    def _by_start(
        self, con: duckdb.DuckDBPyConnection, every: Sequence[Asked], end: datetime
    ) -> dict[datetime, list[Asked]]:
        """Return what to ask for by the time from which on it has not been asked for."""
        members: dict[tuple[str, str], list[Asked]] = defaultdict(list)
        for one in every:
            members[one.service, one.metric].append(one)
        starts: dict[datetime, list[Asked]] = defaultdict(list)
        for group in members.values():
            start = first_unasked(con, self._key(group[0]), end, timedelta(days=self.history_days))
            starts[start] += group
        return starts

    def _key(self, one: Asked) -> dict[str, str]:
        question = fingerprint(one.theirs, one.namespace, one.stat, one.scale)
        return {"source": self.name, "service": one.service, "metric": one.metric, "question": question}

    def _chunks(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, int]]:
        for begin, until, period in spans(start, end, end, self.period_s):
            step = timedelta(days=CHUNK_DAYS[period])
            while begin < until:
                yield begin, min(begin + step, until), period
                begin += step  # noqa: PLW2901 - the span is walked through

    def _part(self, found: Sequence[Points], name: str, until: datetime, broken: set[Series]) -> Part:
        """Describe what was answered; what the vendor did not finish is stored, and asked for again the next night."""
        partial = "CloudWatch did not finish: partial data"
        told = [(partial, ", ".join(_series(one.asked))) for one in found if not one.is_complete]
        told += [(f"CloudWatch: {text}", "") for text in sorted({text for one in found for text in one.messages})]
        broken |= {_series(one.asked) for one in found if not one.is_complete}
        whole = {_series(one.asked): one.asked for one in found if _series(one.asked) not in broken}
        steps = [remember_asked(self._key(one), until) for one in whole.values()]

        def remember(con: duckdb.DuckDBPyConnection) -> None:
            for step in steps:
                step(con)

        return Part(name, labels=(), remember=remember, warnings=tuple(("resources", *one) for one in told))

    def _limits(self, con: duckdb.DuckDBPyConnection, every: Sequence[Asked], end: datetime, spent: Spent) -> Part:
        """Return the limits: constants, quotas, and the newest value of other metrics of the same resources."""
        rows = [(one.service, one.metric, one.limit) for one in every if one.limit]
        others = [
            replace(one, theirs=one.limit_theirs, stat="Maximum", is_per_second=False)
            for one in every
            if one.limit_theirs
        ]
        if others:
            points = ask(others, end - timedelta(days=LIMIT_DAYS), end, HOUR_S, spent)
            newest = combine(points, HOUR_S).sort_values("stamp").groupby(["service", "metric"], as_index=False).last()
            rows += list(newest[["service", "metric", "value"]].itertuples(index=False, name=None))
        types = {"service": "str", "metric": "str", "limit_value": "float64"}
        con.register("measured_limit", pd.DataFrame(rows, columns=list(types)).astype(types))
        _register(con, combine([], HOUR_S))
        return Part("limits", labels=(), limits="from measured_limit")


def combine(found: Sequence[Points], period_s: int) -> pd.DataFrame:
    """Return one row a series and time: counts of several resources are added, of their use the largest stands."""
    frames = [
        pd.DataFrame(
            {
                "service": one.asked.service,
                "metric": one.asked.metric,
                "stamp": pd.to_datetime(pd.Series(one.times, dtype="datetime64[us]")),
                "value": np.array(one.numbers) * one.asked.scale / (period_s if one.asked.is_per_second else 1),
                "is_count": one.asked.is_added,
            }
        )
        for one in found
        if one.times
    ]
    if not frames:
        types = {"service": "str", "metric": "str", "stamp": "datetime64[us]", "value": "float64"}
        return pd.DataFrame(columns=list(types)).astype(types)
    # Sorted, since a sum of doubles depends on its order.
    every = pd.concat(frames, ignore_index=True).sort_values(["service", "metric", "stamp", "value"])
    groups = every.groupby(["service", "metric", "stamp"], as_index=False, sort=True)
    together = groups.agg(total=("value", "sum"), largest=("value", "max"), is_count=("is_count", "any"))
    together["value"] = together["total"].where(together["is_count"], together["largest"])
    return together[["service", "metric", "stamp", "value"]]


def _register(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    con.register("answered", frame)
    con.execute(load_sql("utilization/answer"))


def _series(one: Asked) -> Series:
    return one.service, one.metric


def _named(dimensions: Dimensions) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(dimensions))
