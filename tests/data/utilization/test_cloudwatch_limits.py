# ruff: noqa: PLR0917 - fixtures are positional
"""What services in AWS can carry, against moto's server; quotas, which moto does not have, as AWS documents them."""

import boto3
import pytest

from data.utilization.cloudwatch.limits import connections
from data.utilization.part import LoadReading
from data.window import Window
from tests.data.utilization.aws import END, REGION, source

GIB = 2**30


@pytest.fixture
def limits(con):
    """Return a function that gives the limits: service, metric, limit."""

    def read() -> list[tuple]:
        return con.execute("select service, metric, limit_value from capacity_limit order by all").fetchall()

    return read


@pytest.fixture
def told(con):
    """Return a function that gives what was told besides: reason, example."""

    def read() -> list[tuple]:
        return con.execute("select reason, example from input_issue order by all").fetchall()

    return read


def owned(url: str, *presets: str, **more):
    """Everything that is not tagged belongs to web."""
    account = {"service": "web", "aws": {"endpoint_url": url, "sts_endpoint_url": url}}
    return source(url, presets=presets, accounts=[account], **more)


def make_database(aws: str, name: str, size: str, **more) -> None:
    rds = boto3.client("rds", endpoint_url=aws, region_name=REGION)
    login = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
    rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass=size, Engine="postgres", **login, **more)


def test_the_limit_of_an_auto_scaling_group_is_the_most_instances_it_may_have_now(aws, put, night, limits):
    group = {"AutoScalingGroupName": "web-blue"}
    put("AWS/AutoScaling", "GroupInServiceInstances", group, {30: 4, 3: 6})
    put("AWS/AutoScaling", "GroupMaxSize", group, {30: 20, 3: 12})
    put("AWS/AutoScaling", "GroupMaxSize", {"AutoScalingGroupName": "web-green"}, {30: 8})
    put("AWS/AutoScaling", "GroupInServiceInstances", {"AutoScalingGroupName": "web-green"}, {3: 2})
    night(owned(aws, "ec2"))
    assert limits() == [("web", "instances", 12.0)]


def test_the_limit_of_concurrency_is_the_quota_of_the_account(aws, put, night, limits, told):
    put("AWS/Lambda", "ConcurrentExecutions", {"FunctionName": "resize"}, {3: 9})
    night(owned(aws, "lambda"))
    assert limits() == [("web", "concurrency", 3000.0)]
    assert told() == []


def test_the_limit_of_requests_a_second_is_the_throttle_of_the_account_or_its_default(con, aws, put, night, limits):
    put("AWS/ApiGateway", "Count", {"ApiId": "a1"}, {3: 7200})
    put("AWS/ApiGateway", "Count", {"ApiId": "b2"}, {3: 3600})
    night(owned(aws, "apigateway"))
    assert limits() == [("web", "request_rate", 10_000.0)]
    rows = con.execute("select metric, value_max from utilization_hour order by all").fetchall()
    assert rows == [("request_rate", 3.0), ("requests", 10_800.0)]


def test_a_queue_is_limited_by_messages_in_flight_and_by_the_age_at_which_they_are_lost(aws, put, night, limits):
    sqs = boto3.client("sqs", endpoint_url=aws, region_name=REGION)
    sqs.create_queue(QueueName="jobs", Attributes={"MessageRetentionPeriod": "86400"})
    for name, value in (("NotVisible", 40), ("Visible", 100)):
        put("AWS/SQS", f"ApproximateNumberOfMessages{name}", {"QueueName": "jobs"}, {3: value})
    put("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "jobs"}, {3: 60})
    put("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "gone"}, {3: 60})
    night(owned(aws, "sqs"))
    assert limits() == [("web", "in_flight", 120_000.0), ("web", "oldest_message_s", 86_400.0)]


def test_a_database_is_limited_by_the_connections_of_its_class_and_its_provisioned_iops(con, aws, put, night, limits):
    make_database(aws, "orders", "db.m5.large", AllocatedStorage=100, StorageType="io1", Iops=3000)
    make_database(aws, "carts", "db.m5.large", AllocatedStorage=100, StorageType="gp2")
    for name in ("orders", "carts"):
        put("AWS/RDS", "DatabaseConnections", {"DBInstanceIdentifier": name}, {3: 80})
        put("AWS/RDS", "ReadIOPS", {"DBInstanceIdentifier": name}, {3: 500})
        put("AWS/RDS", "WriteIOPS", {"DBInstanceIdentifier": name}, {3: 250})
    night(source(aws, presets=["rds"], dimension_patterns={"DBInstanceIdentifier": "(?P<service>.+)"}))
    most = 8 * GIB // 9_531_392
    assert limits() == [("carts", "connections", most), ("orders", "connections", most), ("orders", "iops", 3000.0)]
    rows = con.execute("select service, value_max from utilization_hour where metric = 'iops' order by all").fetchall()
    assert rows == [("carts", 750.0), ("orders", 750.0)]


def test_a_cluster_is_limited_by_its_smallest_member(aws, put, night, limits):
    rds = boto3.client("rds", endpoint_url=aws, region_name=REGION)
    login = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
    rds.create_db_cluster(DBClusterIdentifier="shop", Engine="aurora-postgresql", **login)
    for name, size in (("shop-1", "db.r5.xlarge"), ("shop-2", "db.r5.large")):
        rds.create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass=size, Engine="aurora-postgresql", DBClusterIdentifier="shop"
        )
    put("AWS/RDS", "DatabaseConnections", {"DBClusterIdentifier": "shop"}, {3: 80})
    night(owned(aws, "aurora"))
    assert limits() == [("web", "connections", 16 * GIB // 9_531_392)]


def test_of_volumes_the_fullest_stands_against_what_it_was_provisioned_for(con, aws, put, night, limits, told):
    ec2 = boto3.client("ec2", endpoint_url=aws, region_name=REGION)
    for kind, iops, operations in (("gp3", 6000, 3_600_000), ("gp3", 3000, 7_200_000), ("gp2", None, 360_000)):
        more = {"Iops": iops} if iops else {}
        volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=100, VolumeType=kind, **more)["VolumeId"]
        put("AWS/EBS", "VolumeReadOps", {"VolumeId": volume}, {3: operations})
        put("AWS/EBS", "VolumeWriteOps", {"VolumeId": volume}, {3: operations / 2})
    night(owned(aws, "ebs"))
    assert con.execute("select metric, value_max from utilization_hour").fetchall() == [("iops", 3000.0)]
    assert limits() == [("web", "iops", 6000.0)]
    ((reason, example),) = told()
    assert (reason.startswith("its resources have different limits"), example) == (True, "web, iops")


def test_a_limit_that_may_not_be_read_is_told_and_costs_no_load(
    aws, aws_server, put, night, hours, limits, told, tmp_path
):
    aws_server.refused |= {"GetServiceQuota", "GetQueueAttributes"}
    put("AWS/Lambda", "ConcurrentExecutions", {"FunctionName": "resize"}, {3: 9})
    sqs = boto3.client("sqs", endpoint_url=aws, region_name=REGION)
    sqs.create_queue(QueueName="jobs")
    put("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "jobs"}, {3: 60})
    both = owned(aws, "lambda", "sqs")
    night(both)
    assert len(hours()) == 2
    assert limits() == []
    assert [(reason, "grant the role" in example) for reason, example in told()] == [
        ("limits of AWS/SQS could not be read", True),
        ("the quota of concurrency could not be read", True),
    ]
    assert "limits of AWS/SQS could not be read: aws: " in both.probe(
        LoadReading(Window.ending(END.date(), 1), tmp_path)
    )


@pytest.mark.parametrize(
    ("engine", "memory", "most"),
    [
        ("mysql", 8 * GIB, 682),
        ("postgres", 8 * GIB, 901),
        ("aurora-postgresql", 2**40, 5000),
        ("aurora-mysql", 16 * GIB, 1069),  # AWS says 1,000 for 16 GiB, of which the system takes some
        ("aurora-mysql", 4 * GIB, 108),
        ("oracle-ee", 2**40, None),
    ],
)
def test_the_default_of_max_connections_is_that_of_the_engine(engine, memory, most):
    assert connections(engine, memory) == most
