"""Limits that are no metric: quotas of the account, and what each database, volume or queue was made to hold.

A limit that may not be read is a warning, and costs no load.
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections : the default of
max_connections is the memory of the class / 12,582,880 for MySQL and MariaDB, / 9,531,392 for PostgreSQL and at most
5,000; https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html : of Aurora
MySQL it grows with the logarithm of the memory. A parameter group may say otherwise: then say the limit in the catalog,
which holds.
https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html : gp3, io1 and io2 hold what is provisioned; gp2
lives on credits and has no one limit.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html : a message that is
older than the queue's retention is lost.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import log2

from botocore.exceptions import BotoCoreError, ClientError

from data.storage.aws import AwsAccess, retried
from data.utilization.cloudwatch.api import MetricQuery, Spent, refused
from data.utilization.cloudwatch.presets import Measure, Preset

MIB = 2**20
BYTES_PER_CONNECTION = {"mysql": 12_582_880, "mariadb": 12_582_880, "postgres": 9_531_392}
CONNECTIONS_MAX = {"postgres": 5_000, "aurora-mysql": 16_000}
PROVISIONED = {"gp3", "io1", "io2"}
NAMES_A_CALL = 100
SourceWarning = tuple[str, str]  # reason, example
Limits = dict[tuple[str, str], float]  # metric, name of the resource


def with_quotas(
    presets: Sequence[Preset], access: AwsAccess, spent: Spent
) -> Iterator[tuple[Preset, list[SourceWarning]]]:
    """Yield the presets with the limits that the account's quotas set, and which of these may not be read."""
    for preset in presets:
        warnings: list[SourceWarning] = []
        measures: list[Measure] = []
        for measure in preset.measures:
            limit = measure.limit
            if measure.limit_quota:
                try:
                    limit = _quota(access, *measure.limit_quota, spent)
                except (ClientError, BotoCoreError) as error:
                    warnings.append((f"the quota of {measure.metric} could not be read", _said(error, spent)))
            measures.append(replace(measure, limit=limit))
        yield replace(preset, measures=tuple(measures)), warnings


def with_lookups(
    every: Sequence[MetricQuery], access: AwsAccess, spent: Spent
) -> tuple[list[MetricQuery], list[SourceWarning]]:
    """Return the questions with what each resource was made to hold, and which of these may not be read."""
    limits: Limits = {}
    warnings: list[SourceWarning] = []
    for lookup in LOOKUPS:
        names = {_named(one, lookup) for one in every if one.namespace == lookup.namespace} - {""}
        if names:
            try:
                limits |= lookup.find(access, sorted(names), spent)
            except (ClientError, BotoCoreError) as error:
                warnings.append((f"limits of {lookup.namespace} could not be read", _said(error, spent)))
    by_namespace = {lookup.namespace: lookup for lookup in LOOKUPS}
    return [
        replace(one, limit=limits.get((one.measure.metric, _named(one, by_namespace[one.namespace])), one.limit))
        if one.namespace in by_namespace
        else one
        for one in every
    ], warnings


def connections(engine: str, memory_bytes: int) -> float | None:
    """Return the default of max_connections; None for an engine that has none."""
    family = engine.replace("aurora-postgresql", "postgres")
    if family == "aurora-mysql":
        wanted = max(log2(memory_bytes / 805_306_368) * 45, log2(memory_bytes / 8_187_281_408) * 1000)
    elif family in BYTES_PER_CONNECTION:
        wanted = memory_bytes // BYTES_PER_CONNECTION[family]
    else:
        return None
    return float(min(int(wanted), CONNECTIONS_MAX.get(family, memory_bytes)))


@dataclass(frozen=True)
class Lookup:
    """Where the limits of a namespace's resources are asked for; `dimensions` name the resource."""

    namespace: str
    dimensions: tuple[str, ...]
    find: Callable[[AwsAccess, Sequence[str], Spent], Limits]


def _named(one: MetricQuery, lookup: Lookup) -> str:
    values: Mapping[str, str] = dict(one.dimensions)
    return next((values[name] for name in lookup.dimensions if name in values), "")


def _quota(access: AwsAccess, service: str, code: str, spent: Spent) -> float:
    """Return the account's own quota, or AWS's default where it has none."""
    client = access.client("service-quotas")
    spent.calls += 1
    try:
        quota = retried(partial(client.get_service_quota, ServiceCode=service, QuotaCode=code))
    except client.exceptions.NoSuchResourceException:
        spent.calls += 1
        quota = retried(partial(client.get_aws_default_service_quota, ServiceCode=service, QuotaCode=code))
    return float(quota["Quota"]["Value"])


def _of_databases(access: AwsAccess, names: Sequence[str], spent: Spent) -> Limits:  # noqa: ARG001 - all are listed
    rds, ec2 = access.client("rds"), access.client("ec2")
    pages = retried(lambda: list(rds.get_paginator("describe_db_instances").paginate()))
    databases = [database for page in pages for database in page["DBInstances"]]
    classes = sorted({database["DBInstanceClass"].removeprefix("db.") for database in databases})
    memory: dict[str, int] = {}
    for some in _batches(classes):
        with suppress(ClientError):  # a class that EC2 does not offer: its databases have no limit
            types = retried(partial(ec2.describe_instance_types, InstanceTypes=some))["InstanceTypes"]
            memory |= {f"db.{offered['InstanceType']}": offered["MemoryInfo"]["SizeInMiB"] * MIB for offered in types}
    spent.calls += len(pages) + len(list(_batches(classes)))
    limits: Limits = {}
    for database in databases:
        name, size = database["DBInstanceIdentifier"], memory.get(database["DBInstanceClass"])
        most = connections(database["Engine"], size) if size else None
        if most is not None:
            limits["connections", name] = most
            cluster = ("connections", database.get("DBClusterIdentifier", ""))
            limits[cluster] = min(limits.get(cluster, most), most)  # of a cluster's members the smallest fills first
        if database.get("Iops") and database.get("StorageType") in PROVISIONED:
            limits["iops", name] = float(database["Iops"])
    return limits


def _of_volumes(access: AwsAccess, names: Sequence[str], spent: Spent) -> Limits:
    ec2 = access.client("ec2")
    limits: Limits = {}
    for some in _batches(names):
        wanted = [{"Name": "volume-id", "Values": some}]  # a filter, since a volume may be gone
        spent.calls += 1
        for volume in retried(partial(ec2.describe_volumes, Filters=wanted))["Volumes"]:
            if volume["VolumeType"] in PROVISIONED and volume.get("Iops"):
                limits["iops", volume["VolumeId"]] = float(volume["Iops"])
    return limits


def _of_queues(access: AwsAccess, names: Sequence[str], spent: Spent) -> Limits:
    sqs = access.client("sqs")
    pages = retried(lambda: list(sqs.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1000})))
    urls = {url.rpartition("/")[2]: url for page in pages for url in page.get("QueueUrls", [])}
    spent.calls += len(pages)
    limits: Limits = {}
    for name in names:
        if name in urls:
            asked = partial(sqs.get_queue_attributes, QueueUrl=urls[name], AttributeNames=["MessageRetentionPeriod"])
            limits["oldest_message_s", name] = float(retried(asked)["Attributes"]["MessageRetentionPeriod"])
            spent.calls += 1
    return limits


def _said(error: ClientError | BotoCoreError, spent: Spent) -> str:
    return str(refused(spent.source, "limits", error))


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for first in range(0, len(names), NAMES_A_CALL):
        yield list(names[first : first + NAMES_A_CALL])


LOOKUPS = (
    Lookup("AWS/RDS", ("DBInstanceIdentifier", "DBClusterIdentifier"), _of_databases),
    Lookup("AWS/EBS", ("VolumeId",), _of_volumes),
    Lookup("AWS/SQS", ("QueueName",), _of_queues),
)
