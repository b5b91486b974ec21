"""Limits that are no metric: quotas of the account, and what a class of database can hold.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections : the default of
max_connections is the memory of the class / 12,582,880 for MySQL and MariaDB, / 9,531,392 for PostgreSQL and at most
5,000. A parameter group may say otherwise: then say the limit in the catalog, which holds.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from data.aws import AwsAccess, retried
from data.utilization.cloudwatch_api import Asked, Spent, refused
from data.utilization.cloudwatch_presets import Preset

MIB = 2**20
BYTES_PER_CONNECTION = {"mysql": 12_582_880, "mariadb": 12_582_880, "postgres": 9_531_392}
CONNECTIONS_MAX = {"postgres": 5_000}
CLASSES_A_CALL = 100


def with_quotas(presets: Sequence[Preset], access: AwsAccess, spent: Spent) -> Iterator[Preset]:
    """Yield the presets with the limits that the account's quotas set; where these may not be read, without."""
    for preset in presets:
        measures = []
        for measure in preset.measures:
            limit = measure.limit
            if measure.limit_quota:
                service, code = measure.limit_quota
                client = access.client("service-quotas")
                spent.calls += 1
                with suppress(ClientError):
                    found = retried(partial(client.get_service_quota, ServiceCode=service, QuotaCode=code))
                    limit = found["Quota"]["Value"]
            measures.append(replace(measure, limit=limit))
        yield replace(preset, measures=tuple(measures))


def with_connections(every: Sequence[Asked], access: AwsAccess, spent: Spent) -> list[Asked]:
    """Return the questions with the most connections that each database's class allows; raises InputError."""
    if not any(one.namespace == "AWS/RDS" and one.metric == "connections" for one in every):
        return list(every)
    rds, ec2 = access.client("rds"), access.client("ec2")
    try:
        pages = retried(lambda: list(rds.get_paginator("describe_db_instances").paginate()))
        databases = [found for page in pages for found in page["DBInstances"]]
        classes = sorted({found["DBInstanceClass"].removeprefix("db.") for found in databases})
        memory: dict[str, int] = {}
        for first in range(0, len(classes), CLASSES_A_CALL):
            names = classes[first : first + CLASSES_A_CALL]
            with suppress(ClientError):  # a class that EC2 does not offer: its databases have no limit
                types = retried(partial(ec2.describe_instance_types, InstanceTypes=names))["InstanceTypes"]
                memory |= {f"db.{found['InstanceType']}": found["MemoryInfo"]["SizeInMiB"] * MIB for found in types}
    except (ClientError, BotoCoreError) as error:
        raise refused(spent.source, "RDS DescribeDBInstances", error) from error
    spent.calls += len(pages) + -(-len(classes) // CLASSES_A_CALL)
    limits = {
        found["DBInstanceIdentifier"]: connections(found["Engine"], memory[found["DBInstanceClass"]])
        for found in databases
        if found["DBInstanceClass"] in memory
    }
    return [
        replace(one, limit=limits.get(dict(one.dimensions).get("DBInstanceIdentifier", "")))
        if one.namespace == "AWS/RDS" and one.metric == "connections"
        else one
        for one in every
    ]


def connections(engine: str, memory_bytes: int) -> float | None:
    """Return the default of max_connections; None for an engine that has none."""
    family = engine.removeprefix("aurora-").replace("postgresql", "postgres")
    if family not in BYTES_PER_CONNECTION:
        return None
    return float(min(memory_bytes // BYTES_PER_CONNECTION[family], CONNECTIONS_MAX.get(family, memory_bytes)))
