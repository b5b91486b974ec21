"""What AWS's services publish: which metric is load, which is use, and what the limit of it is.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
Percentages become ratios (0..1). `arn` takes the dimensions of a metric out of the ARN that carries the tag; its groups
are the names of the dimensions.
"""

import re
from dataclasses import dataclass
from typing import Literal

PERCENT = 0.01
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html : the same of both kinds.
IN_FLIGHT_MAX = 120_000


@dataclass(frozen=True)
class Measure:
    """One metric. `is_per_second`: a sum over the period becomes a rate.

    The limit is a constant, a quota of the account, another metric of the resource, or looked up (`cloudwatch_limits`).
    """

    metric: str
    theirs: str
    stat: Literal["Sum", "Average", "Maximum"]
    scale: float = 1.0
    is_per_second: bool = False
    limit: float | None = None
    limit_theirs: str | None = None
    limit_quota: tuple[str, str] | None = None  # Service Quotas: service code, quota code
    namespace: str | None = None  # where it is not the preset's
    is_part: bool = False  # the resource's measures of this metric are parts of it, to be added
    is_each: bool = False  # a limit is each resource's: of several the fullest stands, though it is counted

    @property
    def is_count(self) -> bool:
        """Tell whether an hour is the sum of its samples."""
        return self.stat == "Sum" and not self.is_per_second

    @property
    def is_added(self) -> bool:
        """Tell whether the resources of a service are added; else the fullest stands."""
        return self.stat == "Sum" and not self.is_each


@dataclass(frozen=True)
class Preset:
    """A service of AWS: `resource` is its name in the tagging API."""

    namespace: str
    resource: str | None
    arn: re.Pattern[str]
    measures: tuple[Measure, ...]


def _used(metric: str, theirs: str) -> Measure:
    return Measure(metric, theirs, "Average", PERCENT, limit=1.0)


PRESETS: dict[str, Preset] = {
    "alb": Preset(
        "AWS/ApplicationELB",
        "elasticloadbalancing:loadbalancer",
        re.compile(r":loadbalancer/(?P<LoadBalancer>app/[^/]+/[^/]+)$"),
        (
            Measure("requests", "RequestCount", "Sum"),
            # A sum over the minutes: a minute's share of it is how many there were at a time.
            Measure("connections", "ActiveConnectionCount", "Sum", scale=60, is_per_second=True),
        ),
    ),
    "ecs": Preset(
        "AWS/ECS",
        "ecs:service",
        re.compile(r":service/(?P<ClusterName>[^/]+)/(?P<ServiceName>[^/]+)$"),
        (_used("cpu", "CPUUtilization"), _used("memory", "MemoryUtilization")),
    ),
    "eks": Preset(  # Container Insights; a service of Kubernetes is found by `dimension_patterns`
        "ContainerInsights",
        "eks:cluster",
        re.compile(r":cluster/(?P<ClusterName>[^/]+)$"),
        (_used("cpu", "node_cpu_utilization"), _used("memory", "node_memory_utilization")),
    ),
    "ec2": Preset(  # Auto Scaling groups are not in the tagging API: `dimension_patterns` or the account names them
        "AWS/EC2",
        None,
        re.compile(r":autoScalingGroupName/(?P<AutoScalingGroupName>.+)$"),
        (
            _used("cpu", "CPUUtilization"),
            Measure(
                "instances",
                "GroupInServiceInstances",
                "Average",
                limit_theirs="GroupMaxSize",
                namespace="AWS/AutoScaling",
            ),
        ),
    ),
    "lambda": Preset(
        "AWS/Lambda",
        "lambda:function",
        re.compile(r":function:(?P<FunctionName>[^:]+)$"),
        (
            Measure("requests", "Invocations", "Sum"),
            Measure("concurrency", "ConcurrentExecutions", "Maximum", limit_quota=("lambda", "L-B99A9384")),
        ),
    ),
    "rds": Preset(
        "AWS/RDS",
        "rds:db",
        re.compile(r":db:(?P<DBInstanceIdentifier>[^:]+)$"),
        (
            _used("cpu", "CPUUtilization"),
            Measure("connections", "DatabaseConnections", "Maximum"),
            Measure("iops", "ReadIOPS", "Average", is_part=True),
            Measure("iops", "WriteIOPS", "Average", is_part=True),
        ),
    ),
    "ebs": Preset(
        "AWS/EBS",
        "ec2:volume",
        re.compile(r":volume/(?P<VolumeId>vol-[0-9a-f]+)$"),
        (
            Measure("iops", "VolumeReadOps", "Sum", is_per_second=True, is_part=True, is_each=True),
            Measure("iops", "VolumeWriteOps", "Sum", is_per_second=True, is_part=True, is_each=True),
        ),
    ),
    "aurora": Preset(
        "AWS/RDS",
        "rds:cluster",
        re.compile(r":cluster:(?P<DBClusterIdentifier>[^:]+)$"),
        (_used("cpu", "CPUUtilization"), Measure("connections", "DatabaseConnections", "Maximum")),
    ),
    "dynamodb": Preset(
        "AWS/DynamoDB",
        "dynamodb:table",
        re.compile(r":table/(?P<TableName>[^/]+)$"),
        (
            Measure(
                "read_units",
                "ConsumedReadCapacityUnits",
                "Sum",
                is_per_second=True,
                limit_theirs="ProvisionedReadCapacityUnits",
            ),
            Measure(
                "write_units",
                "ConsumedWriteCapacityUnits",
                "Sum",
                is_per_second=True,
                limit_theirs="ProvisionedWriteCapacityUnits",
            ),
        ),
    ),
    "sqs": Preset(
        "AWS/SQS",
        "sqs",
        re.compile(r":sqs:[^:]*:[^:]*:(?P<QueueName>[^:]+)$"),
        (
            Measure("requests", "NumberOfMessagesSent", "Sum"),
            Measure("backlog", "ApproximateNumberOfMessagesVisible", "Maximum"),  # a queue holds any number
            Measure("in_flight", "ApproximateNumberOfMessagesNotVisible", "Maximum", limit=IN_FLIGHT_MAX),
            Measure("oldest_message_s", "ApproximateAgeOfOldestMessage", "Maximum"),
        ),
    ),
    "elasticache": Preset(
        "AWS/ElastiCache",
        "elasticache:cluster",
        re.compile(r":cluster:(?P<CacheClusterId>[^:]+)$"),
        (
            _used("cpu", "EngineCPUUtilization"),
            _used("memory", "DatabaseMemoryUsagePercentage"),
            Measure("connections", "CurrConnections", "Maximum", limit=65_000),  # the engine's maxclients
        ),
    ),
    "apigateway": Preset(
        "AWS/ApiGateway",
        "apigateway",
        re.compile(r"/apis/(?P<ApiId>[^/]+)$"),
        (
            Measure("requests", "Count", "Sum"),
            # All APIs of the account and region share the throttle.
            Measure("request_rate", "Count", "Sum", is_per_second=True, limit_quota=("apigateway", "L-8A5B8E43")),
        ),
    ),
}
