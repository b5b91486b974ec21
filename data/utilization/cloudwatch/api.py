"""GetMetricData in as few calls as the vendor's limits allow, every answer followed to its end.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html : at most 500 metrics,
100,800 points a call; results are unordered, in pages; a page says PartialData where more comes with its token. Each
metric of each call is billed: a long span of few metrics costs less than a short one of many, so of the shapes with the
fewest calls the one of the longest spans is taken.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html : 1-minute data is kept 15 days,
5-minute data 63 days, hours 455 days. https://aws.amazon.com/cloudwatch/pricing/ : USD 0.01 a thousand metrics.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from data.errors import InputError
from data.storage.aws import explained, retried
from data.utilization.cloudwatch.presets import Measure

QUERIES_MAX = 500
POINTS_MAX = 100_800
ATTEMPTS_PARTIAL = 3
USD_PER_METRIC = 0.01 / 1000
USD_PER_LIST = 0.01 / 1000
HOUR_S = 3600
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
PERMISSIONS = (
    "cloudwatch:GetMetricData, cloudwatch:ListMetrics, tag:GetResources, and for limits servicequotas:GetServiceQuota, "
    "servicequotas:GetAWSDefaultServiceQuota, rds:DescribeDBInstances, ec2:DescribeInstanceTypes, ec2:DescribeVolumes, "
    "sqs:ListQueues, sqs:GetQueueAttributes"
)
KEPT: tuple[tuple[int, int], ...] = ((60, 14), (300, 62), (HOUR_S, 454))  # period, whole days it is sure to be kept


@dataclass(frozen=True)
class MetricQuery:
    """One metric of one resource, and which client asks for it."""

    service: str
    measure: Measure
    namespace: str
    dimensions: tuple[tuple[str, str], ...]
    client: BaseClient = field(compare=False, repr=False)
    where: str = ""  # account and region: the same name in two of them is two resources
    limit: float | None = None

    @property
    def series(self) -> tuple[str, str]:
        """Return the service and the metric that its points go to."""
        return self.service, self.measure.metric

    @property
    def part_of(self) -> str:
        """Return what its points are added to before resources are compared: parts of one resource share a name."""
        own = "" if self.measure.is_part else f" {self.measure.theirs}"
        return f"{self.where} {self.namespace} {self.dimensions}{own}"


@dataclass
class Spent:
    """Calls for a source, and what they cost at list price."""

    source: str = ""
    calls: int = 0
    cost_usd: float = 0.0


@dataclass(frozen=True)
class Points:
    """What one metric answered: times (naive UTC) and values; incomplete where the vendor did not finish."""

    asked: MetricQuery
    times: list[datetime]
    numbers: list[float]
    is_complete: bool
    messages: tuple[str, ...] = ()


def refused(source: str, call: str, error: BotoCoreError | ClientError) -> InputError:
    """Return the error of a call in our words, with the permissions that this source needs."""
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    if code in DENIED:
        return InputError(f"{source}: {call}: {code}: {error}; grant the role {PERMISSIONS}")
    return explained(f"{source}: {call}", error)


def spans(start: datetime, end: datetime, now: datetime, finest_s: int) -> Iterator[tuple[datetime, datetime, int]]:
    """Cut [start, end) by the age at which each period is still kept: start, end, period in seconds; oldest first."""
    kept = [(period, now - timedelta(days=days)) for period, days in KEPT if period >= finest_s]
    until = end
    cut = []
    for period, since in kept:
        begin = max(start, since)
        if begin < until:
            cut.append((begin, until, period))
            until = begin
    yield from reversed(cut)


def shape(metrics: int, points: int) -> tuple[int, int]:
    """Return how many metrics and how many points of each a call should ask for, so that the calls are fewest."""
    best: tuple[int, int, int, int] | None = None
    for pieces in range(1, points + 1):
        length = -(-points // pieces)
        width = min(QUERIES_MAX, POINTS_MAX // length)
        if not width:
            continue
        calls = pieces * -(-metrics // width)
        best = min(best or (calls, pieces, width, length), (calls, pieces, width, length))
        if width == QUERIES_MAX:
            break
    assert best is not None  # noqa: S101 - one point of one metric always fits
    return best[2], best[3]


def ask(every: Sequence[MetricQuery], start: datetime, end: datetime, period_s: int, spent: Spent) -> list[Points]:
    """Return the points of each metric in [start, end), whole or marked as incomplete; raises InputError."""
    points = []
    for client in {id(one.client): one.client for one in every}.values():
        mine = [one for one in every if one.client is client]
        width, length = shape(len(mine), int((end - start).total_seconds()) // period_s)
        step = timedelta(seconds=period_s * length)
        for first in range(0, len(mine), width):
            batch = mine[first : first + width]
            begin = start
            while begin < end:
                points += _ask_batch(client, batch, (begin, min(begin + step, end)), period_s, spent)
                begin += step
    return points


def _ask_batch(
    client: BaseClient, batch: Sequence[MetricQuery], span: tuple[datetime, datetime], period_s: int, spent: Spent
) -> list[Points]:
    waiting = dict(enumerate(batch))
    answers: dict[int, Points] = {}
    for _ in range(ATTEMPTS_PARTIAL):
        for number, points in _pages(client, waiting, span, period_s, spent).items():
            if number not in answers or len(points.times) >= len(answers[number].times):
                answers[number] = points
        waiting = {number: one for number, one in waiting.items() if not answers[number].is_complete}
        if not waiting:
            break
    return list(answers.values())


def _pages(
    client: BaseClient, batch: dict[int, MetricQuery], span: tuple[datetime, datetime], period_s: int, spent: Spent
) -> dict[int, Points]:
    """Ask for a batch and follow its pages to the last."""
    request: dict[str, Any] = {
        "MetricDataQueries": [_query(number, one, period_s) for number, one in batch.items()],
        "StartTime": span[0].replace(tzinfo=UTC),
        "EndTime": span[1].replace(tzinfo=UTC),
        "ScanBy": "TimestampAscending",
    }
    times: dict[int, list[datetime]] = {number: [] for number in batch}
    values: dict[int, list[float]] = {number: [] for number in batch}
    status = dict.fromkeys(batch, "PartialData")
    messages: list[str] = []
    while True:
        try:
            page = retried(partial(client.get_metric_data, **request))
        except (ClientError, BotoCoreError) as error:
            raise refused(spent.source, "CloudWatch GetMetricData", error) from error
        spent.calls += 1
        spent.cost_usd += USD_PER_METRIC * len(batch)
        messages += [f"{told['Code']}: {told['Value']}" for told in page.get("Messages", [])]
        for result in page["MetricDataResults"]:
            number = int(result["Id"][1:])
            times[number] += [moment.astimezone(UTC).replace(tzinfo=None) for moment in result["Timestamps"]]
            values[number] += result["Values"]
            status[number] = result.get("StatusCode", "Complete")
        if not page.get("NextToken"):
            break
        request["NextToken"] = page["NextToken"]
    said = tuple(dict.fromkeys(messages))
    return {
        number: Points(one, times[number], values[number], status[number] == "Complete", said)
        for number, one in batch.items()
    }


def _query(number: int, one: MetricQuery, period_s: int) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": value} for name, value in one.dimensions]
    metric = {"Namespace": one.namespace, "MetricName": one.measure.theirs, "Dimensions": dimensions}
    return {"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": period_s, "Stat": one.measure.stat}}
