"""Which metrics of which resources belong to which service: by tag, by a pattern of a dimension, or by account.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html : 100 resources a page.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html : 500 metrics a page, of those
that had a point in the last two weeks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from data.storage.aws import retried
from data.utilization.cloudwatch.api import USD_PER_LIST, MetricQuery, Spent, refused
from data.utilization.cloudwatch.presets import Preset

Dimensions = frozenset[tuple[str, str]]


def tagged(client: BaseClient, presets: Sequence[Preset], tag: str, spent: Spent) -> dict[Dimensions, str]:
    """Return the service of the resources that carry the tag, by the dimensions of their metrics."""
    resources = sorted({preset.resource for preset in presets if preset.resource})
    if not resources:
        return {}
    request = {"TagFilters": [{"Key": tag}], "ResourceTypeFilters": resources}
    services = {}
    for page in _pages(client.get_resources, request, "PaginationToken", f"{spent.source}: tags GetResources"):
        spent.calls += 1
        for resource in page["ResourceTagMappingList"]:
            service = next((each["Value"] for each in resource["Tags"] if each["Key"] == tag), "")
            for preset in presets:
                match = preset.arn.search(resource["ResourceARN"])
                if match and service:
                    services[frozenset(match.groupdict().items())] = service
    return services


def listed(
    client: BaseClient,
    preset: Preset,
    where: str,
    service_of: "ServiceOf",
    spent: Spent,
) -> Iterator[MetricQuery | Dimensions]:
    """Yield what a preset asks for, or the dimensions that no rule gives to a service."""
    names = set(preset.arn.groupindex)
    for measure in preset.measures:
        namespace = measure.namespace or preset.namespace
        request = {"Namespace": namespace, "MetricName": measure.theirs}
        for page in _pages(client.list_metrics, request, "NextToken", f"{spent.source}: CloudWatch ListMetrics"):
            spent.calls += 1
            spent.cost_usd += USD_PER_LIST
            for metric in page["Metrics"]:
                dimensions = frozenset((each["Name"], each["Value"]) for each in metric["Dimensions"])
                is_named = service_of.by_pattern(dimensions) is not None
                if {name for name, _ in dimensions} != names and not is_named:
                    continue
                service = service_of(dimensions)
                if service:
                    yield MetricQuery(
                        service, measure, namespace, tuple(sorted(dimensions)), client, where, measure.limit
                    )
                else:
                    yield dimensions


class ServiceOf:
    """The service of a resource: its tag, else the first pattern that a dimension matches, else the account's."""

    def __init__(self, tags: Mapping[Dimensions, str], patterns: Mapping[str, str], account: str | None) -> None:
        self.tags = tags
        self.patterns = {name: re.compile(pattern) for name, pattern in patterns.items()}
        self.account = account

    def __call__(self, dimensions: Dimensions) -> str | None:
        """Return its name, or None."""
        return self.tags.get(dimensions) or self.by_pattern(dimensions) or self.account

    def by_pattern(self, dimensions: Dimensions) -> str | None:
        """Return what the group `service` of a pattern matched."""
        for name, value in sorted(dimensions):
            match = self.patterns[name].search(value) if name in self.patterns else None
            if match:
                return match["service"]
        return None


def _pages(call: Any, request: Mapping[str, Any], token: str, where: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    extra: dict[str, str] = {}
    while True:
        try:
            page = retried(partial(call, **request, **extra))
        except (ClientError, BotoCoreError) as error:
            source, _, name = where.partition(": ")
            raise refused(source, name, error) from error
        yield page
        if not page.get(token):
            return
        extra = {token: page[token]}
