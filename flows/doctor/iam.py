"""`plimsoll doctor --iam`: the least that AWS must allow for what is configured, as policies to paste.

https://docs.aws.amazon.com/service-authorization/latest/reference/ says which actions know resources: those that do not
(cloudwatch, ce, tag, service-quotas, describe) are allowed on `*`, and only read.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import assert_never

from data.billing import Source as BillingSource
from data.billing.athena.athena import Athena
from data.billing.azure.azure import Azure
from data.billing.cost_explorer import CostExplorer
from data.storage.aws import AwsAccess
from data.storage.locate import S3
from data.utilization import Source as UtilizationSource
from data.utilization.cloudwatch.cloudwatch import CloudWatch
from data.utilization.files.files import Files
from data.utilization.prometheus.prometheus import Prometheus
from flows.settings import Settings

Statement = dict[str, object]
READ = ("s3:GetObject",)
WRITE = ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")
WATCH = ("cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources")
LIMITS = (
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeVolumes",
    "rds:DescribeDBInstances",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "sqs:GetQueueAttributes",
    "sqs:ListQueues",
)
GLUE = ("glue:GetDatabase", "glue:GetPartitions", "glue:GetTable")
QUERY = ("athena:GetQueryExecution", "athena:StartQueryExecution")
_GLOB = "*?["


def iam_text(settings: Settings) -> str:
    """Return the policies as text: one an identity, the base credentials or a role that a source assumes."""
    by_role: defaultdict[str | None, list[Statement]] = defaultdict(list)
    for role, statement in _statements(settings):
        if statement not in by_role[role]:
            by_role[role].append(statement)
    if not by_role:
        return "nothing that is configured needs AWS"
    texts = []
    for role, statements in sorted(by_role.items(), key=lambda item: item[0] or ""):
        policy = {"Version": "2012-10-17", "Statement": statements}
        who = f"role {role}" if role else "the credentials that plimsoll runs with"
        texts.append(f"# for {who}\n{json.dumps(policy, indent=2)}")
    texts.append("# where a bucket has a key of KMS: kms:Decrypt on that key too, and kms:GenerateDataKey to write")
    return "\n".join(texts)


def _statements(settings: Settings) -> Iterator[tuple[str | None, Statement]]:
    for load in settings.utilization:
        yield from _of_load(load)
    for bills in settings.billing:
        yield from _of_bills(bills)
    if settings.publish.s3:
        yield from _with_role(settings.publish.aws, _bucket(settings.publish.s3, WRITE))


def _of_load(source: UtilizationSource) -> Iterator[tuple[str | None, Statement]]:
    match source:
        case Files():
            yield from _with_role(source.aws, _bucket(source.path, READ))
        case CloudWatch():
            for account in source.accounts:
                yield from _with_role(account.aws, [_allow((*WATCH, *LIMITS), "*")])
        case Prometheus():
            return
        case _:
            assert_never(source)


def _of_bills(source: BillingSource) -> Iterator[tuple[str | None, Statement]]:
    match source:
        case CostExplorer():
            yield from _with_role(source.aws, [_allow(("ce:GetCostAndUsage",), "*")])
        case Athena():
            catalog = [
                "arn:aws:glue:*:*:catalog",
                f"arn:aws:glue:*:*:database/{source.database}",
                f"arn:aws:glue:*:*:table/{source.database}/{source.table}",
            ]
            group = f"arn:aws:athena:*:*:workgroup/{source.workgroup}"
            yield from _with_role(
                source.aws, [_allow(QUERY, group), _allow(GLUE, *catalog), *_bucket(source.output, WRITE)]
            )
            # Athena reads the table's own files as whoever asks: where they lie, only Glue knows.
            yield from _with_role(source.aws, [_allow(("s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"), "*")])
        case Azure():
            for uri in (source.uri, source.amortized_uri):
                yield from _with_role(source.aws, _bucket(uri or "", READ))
        case _:
            yield from _with_role(source.aws, _bucket(source.uri, READ))


def _with_role(access: AwsAccess, statements: list[Statement]) -> Iterator[tuple[str | None, Statement]]:
    """Yield statements for the role that is assumed, and for the base credentials that they may assume it."""
    if access.assume_role and statements:
        yield None, _allow(("sts:AssumeRole",), access.assume_role)
    for statement in statements:
        yield access.assume_role, statement


def _bucket(uri: str, actions: tuple[str, ...]) -> list[Statement]:
    """Return what a uri in a bucket needs: its objects, and to list what begins like it; nothing for a local path."""
    if not uri.startswith(S3):
        return []
    bucket, _, key = uri.removeprefix(S3).partition("/")
    cut = min((key.index(mark) for mark in _GLOB if mark in key), default=None)
    prefix = (key if cut is None else key[: key.rfind("/", 0, cut) + 1]).rstrip("/")
    listed: Statement = _allow(("s3:ListBucket",), f"arn:aws:s3:::{bucket}")
    if prefix:
        listed["Condition"] = {"StringLike": {"s3:prefix": f"{prefix}*"}}
    return [listed, _allow(actions, f"arn:aws:s3:::{bucket}/{prefix}*")]


def _allow(actions: tuple[str, ...], *resources: str) -> Statement:
    resource: object = resources[0] if len(resources) == 1 else list(resources)
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}
