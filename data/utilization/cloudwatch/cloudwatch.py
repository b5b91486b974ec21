"""Load from Amazon CloudWatch: presets of AWS's services, found by tag, dimension or account, in accounts and regions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html . Times are UTC, a point stands
at the start of its period. 1-minute data is kept 15 days, 5-minute data 63, hours 455: the period is chosen by age. A
night asks for what is new and for the last 3 days again; a metric that is new is asked for as far back as is kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import duckdb
import pandas as pd
from botocore.exceptions import BotoCoreError
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.errors import InputError, NoData
from data.storage.aws import AwsAccess
from data.storage.cache import fingerprint
from data.utilization.cloudwatch.api import HOUR_S, USD_PER_METRIC, MetricQuery, Points, Spent, ask, refused, spans
from data.utilization.cloudwatch.combine import combine, newest_at
from data.utilization.cloudwatch.discovery import Dimensions, ServiceOf, listed, tagged
from data.utilization.cloudwatch.limits import SourceWarning, with_lookups, with_quotas
from data.utilization.cloudwatch.presets import PRESETS, Measure
from data.utilization.part import LoadReading, Part
from data.utilization.patterns import named_groups
from data.utilization.watermark import Key, asked_until, first_unasked, remember_asked
from data.warehouse import load_sql

Series = tuple[str, str]  # service, metric
CHUNK_DAYS = {60: 1, 300: 7, HOUR_S: 28}
LIMIT_DAYS = 3
UNEQUAL = "its resources have different limits: the largest is kept; let a pattern name each a service of its own"
PresetName = Literal[
    "alb", "ecs", "eks", "ec2", "ebs", "lambda", "rds", "aurora", "dynamodb", "sqs", "elasticache", "apigateway"
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
            if "service" not in named_groups(pattern):
                raise ValueError("needs the named group (?P<service>...)")
        return patterns

    @property
    def metric_kinds(self) -> dict[str, str]:
        """Return how each metric adds up: what AWS sums is summed."""
        measures = [(one.metric, one.is_count) for name in self.presets for one in PRESETS[name].measures]
        measures += [(one.metric, one.stat == "Sum") for one in self.queries]
        return {metric: "count" if is_count else "gauge" for metric, is_count in measures}

    @property
    def shapes(self) -> dict[str, str]:
        """Return nothing: AWS answers with statistics of an hour, which are no counters."""
        return {}

    def located(self, root: Path) -> "CloudWatch":  # noqa: ARG002 - there is no path in it
        """Return the same."""
        return self

    def probe(self, reading: LoadReading) -> str:  # noqa: ARG002 - what there is to ask for does not depend on the night
        """Return how many metrics are found and what asking costs; raises InputError."""
        spent = Spent(self.name)
        every, unmapped, warnings = self._discover(spent)
        night = len(every) * USD_PER_METRIC
        first = night * (62 // CHUNK_DAYS[300] + 1 + 392 // CHUNK_DAYS[HOUR_S] + 1)
        return (
            f"{len(every)} metrics of {len({one.service for one in every})} services, {len(unmapped)} of no service; "
            f"a night asks for about USD {night:.2f}, the first for USD {first:.2f}"
            + "".join(f"; {reason}: {example}" for reason, example in warnings)
        )

    def parts(self, con: duckdb.DuckDBPyConnection, reading: LoadReading) -> Iterator[Part]:
        """Yield chunk by chunk what has not been asked for, and the newest days again; the limits at the end."""
        end = reading.window.end
        spent = Spent(self.name)
        every, unmapped, warnings = self._discover(spent)
        nobody = "no tag, pattern or account gives it to a service"
        unread = [
            ("resources", *one) for one in (*warnings, *((nobody, name) for name in sorted(map(_named, unmapped))))
        ]
        labels = ("resources", *sorted({one.measure.metric for one in every}))
        if not every:
            raise NoData(
                f"{self.name}: no metric of {', '.join(self.presets) or 'the queries'} belongs to a service; tag the "
                f"resources with {self.service_tag!r}, set dimension_patterns, or accounts.service"
            )
        first, broken = True, set[Series]()
        for start, group in sorted(self._by_start(con, every, end).items()):
            for begin, until, period in self._chunks(start, end, reading.asked_at):
                answered = ask(group, begin, until, period, spent)
                _register(con, combine(answered, period))
                name = f"{begin:%Y-%m-%d} to {until:%Y-%m-%d} by {period} s"
                part = self._part(answered, name, until, broken)
                if first:
                    part = replace(part, labels=labels, warnings=(*unread, *part.warnings))
                yield replace(part, calls=spent.calls, calls_cost_usd=spent.cost_usd)
                first, spent = False, Spent(self.name)
        part = self._limits(con, every, end, spent)
        yield replace(part, calls=spent.calls, calls_cost_usd=spent.cost_usd)

    def _discover(self, spent: Spent) -> tuple[list[MetricQuery], set[Dimensions], list[SourceWarning]]:
        """Return what to ask for, in the order of its name, the resources of no service, and what was refused.

        Raises InputError where any account or region does not answer: a service may have a part of its load there, and
        the sum of the rest would look like all of it.
        """
        every: list[MetricQuery] = []
        unmapped: set[Dimensions] = set()
        warnings: list[SourceWarning] = []
        for number, account in enumerate(self.accounts):
            for region in self.regions:
                where = f"{account.aws.assume_role or number} {region}"
                access = account.aws.model_copy(update={"region": region})
                try:
                    here, nobodys, unread = self._discover_in(access, account.service, where, spent)
                except InputError as error:
                    if len(self.accounts) * len(self.regions) == 1:
                        raise
                    raise InputError(
                        f"{error}; account {number + 1} in {region} stops the others, of whose services it may have a "
                        "part: is the region enabled there? Else leave it out, or give it a source of its own"
                    ) from error
                every += here
                unmapped |= nobodys
                warnings += unread
        order = sorted(every, key=lambda one: (*one.series, one.where, one.measure.theirs, one.dimensions))
        return order, unmapped, warnings

    def _discover_in(
        self, access: AwsAccess, service: str | None, where: str, spent: Spent
    ) -> tuple[list[MetricQuery], set[Dimensions], list[SourceWarning]]:
        """Return the same of one account and region."""
        presets = [PRESETS[name] for name in self.presets]
        try:
            client = access.client("cloudwatch")
        except BotoCoreError as error:  # a profile that is not there
            raise refused(self.name, "AWS session", error) from error
        tags = tagged(access.client("resourcegroupstaggingapi"), presets, self.service_tag, spent)
        service_of = ServiceOf(tags, self.dimension_patterns, service)
        every: list[MetricQuery] = []
        unmapped: set[Dimensions] = set()
        warnings: list[SourceWarning] = []
        for preset, unread in with_quotas(presets, access, spent):
            discovered = list(listed(client, preset, where, service_of, spent))
            here = [one for one in discovered if isinstance(one, MetricQuery)]
            every += here
            unmapped |= {one for one in discovered if not isinstance(one, MetricQuery)}
            warnings += unread if here else []
        for query in self.queries:
            measure = Measure(query.metric, query.name, query.stat, query.scale)
            every.append(
                MetricQuery(
                    query.service, measure, query.namespace, tuple(sorted(query.dimensions.items())), client, where
                )
            )
        every, unread = with_lookups(every, access, spent)
        return every, unmapped, warnings + unread

    def _by_start(
        self, con: duckdb.DuckDBPyConnection, every: Sequence[MetricQuery], end: datetime
    ) -> dict[datetime, list[MetricQuery]]:
        """Return what to ask for by the time from which on it has not been asked for."""
        members: dict[tuple[str, str], list[MetricQuery]] = defaultdict(list)
        for one in every:
            members[one.series].append(one)
        asked = asked_until(con, self.name)
        starts: dict[datetime, list[MetricQuery]] = defaultdict(list)
        for group in members.values():
            start = first_unasked(asked.get(self._key(group[0])), end, timedelta(days=self.history_days))
            starts[start] += group
        return starts

    def _key(self, one: MetricQuery) -> Key:
        measure = one.measure
        question = fingerprint(measure.theirs, one.namespace, measure.stat, measure.scale)
        return Key(self.name, one.service, measure.metric, question)

    def _chunks(self, start: datetime, end: datetime, now: datetime) -> Iterator[tuple[datetime, datetime, int]]:
        for begin, until, period in spans(start, end, now, self.period_s):
            step = timedelta(days=CHUNK_DAYS[period])
            while begin < until:
                yield begin, min(begin + step, until), period
                begin += step  # noqa: PLW2901 - the span is walked through

    def _part(self, answered: Sequence[Points], name: str, until: datetime, broken: set[Series]) -> Part:
        """Describe what was answered; what the vendor did not finish is stored, and asked for again the next night."""
        partial = "CloudWatch did not finish: partial data"
        warnings = [(partial, ", ".join(one.asked.series)) for one in answered if not one.is_complete]
        warnings += [
            (f"CloudWatch: {text}", "") for text in sorted({text for one in answered for text in one.messages})
        ]
        broken |= {one.asked.series for one in answered if not one.is_complete}
        whole = {one.asked.series: one.asked for one in answered if one.asked.series not in broken}
        remember = remember_asked(map(self._key, whole.values()), until)
        return Part(name, labels=(), remember=remember, warnings=tuple(("resources", *one) for one in warnings))

    def _limits(
        self, con: duckdb.DuckDBPyConnection, every: Sequence[MetricQuery], end: datetime, spent: Spent
    ) -> Part:
        """Return the limits: constants, quotas, and the newest value of other metrics of the same resources."""
        constants = {(*one.series, one.limit) for one in every if one.limit}
        counted = Counter((service, metric) for service, metric, _ in constants)
        warnings = [("limits", UNEQUAL, ", ".join(series)) for series, times in sorted(counted.items()) if times > 1]
        rows = sorted(constants)
        others = [
            replace(
                one, measure=replace(one.measure, theirs=one.measure.limit_theirs, stat="Maximum", is_per_second=False)
            )
            for one in every
            if one.measure.limit_theirs
        ]
        if others:
            points = ask(others, end - timedelta(days=LIMIT_DAYS), end, HOUR_S, spent)
            newest = combine([newest_at(one, end) for one in points if one.times], HOUR_S)
            rows += list(newest[["service", "metric", "value"]].itertuples(index=False, name=None))
        types = {"service": "str", "metric": "str", "limit_value": "float64"}
        con.register("measured_limit", pd.DataFrame(rows, columns=list(types)).astype(types))
        _register(con, combine([], HOUR_S))
        return Part("limits", labels=("limits",), limits="from measured_limit", warnings=tuple(warnings))


def _register(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame) -> None:
    con.register("answered", frame)
    con.execute(load_sql("utilization/answer"))


def _named(dimensions: Dimensions) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(dimensions))
