"""Load from CloudWatch: against moto's server, and what moto does not do by payloads as AWS gives them."""

from datetime import UTC, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from data.errors import InputError, NoData
from data.utilization.cloudwatch.api import POINTS_MAX, QUERIES_MAX, MetricQuery, Spent, ask, shape, spans
from data.utilization.cloudwatch.combine import combine
from data.utilization.cloudwatch.discovery import ServiceOf
from data.utilization.cloudwatch.presets import PRESETS, Measure
from data.utilization.part import LoadReading
from data.window import Window
from tests.data.utilization.aws import END, REGION, source

HOUR = timedelta(hours=1)


def test_points_are_stored_by_service_from_tags_with_counts_added_and_use_as_a_ratio(con, aws, put, night):
    tables = boto3.client("dynamodb", endpoint_url=aws, region_name=REGION)
    key = {"AttributeName": "k", "KeyType": "HASH"}
    tables.create_table(
        TableName="orders",
        KeySchema=[key],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "service", "Value": "checkout"}],
    )
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", {"TableName": "orders"}, {5: 7200, 4: 3600})
    put("AWS/DynamoDB", "ConsumedReadCapacityUnits", {"TableName": "nobodys"}, {5: 7200})
    put("AWS/DynamoDB", "ProvisionedReadCapacityUnits", {"TableName": "orders"}, {5: 40})
    stored = night(source(aws, presets=["dynamodb"]))
    rows = con.execute("select service, metric, hour_utc, value_max from utilization_hour order by all").fetchall()
    assert rows == [("checkout", "read_units", END - 5 * HOUR, 2.0), ("checkout", "read_units", END - 4 * HOUR, 1.0)]
    limits = con.execute("select service, metric, limit_value, source from capacity_limit").fetchall()
    assert limits == [("checkout", "read_units", 40.0, "aws")]
    issue = con.execute("select reason, example from input_issue").fetchall()
    assert issue == [("no tag, pattern or account gives it to a service", "TableName=nobodys")]
    assert stored.calls > 0
    assert stored.calls_cost_usd > 0


def test_resources_of_one_service_are_added_where_counted_and_the_fullest_stands_where_used(con, aws, put, night):
    for name, requests, cpu in (("app/web-blue/1", 100, 20), ("app/web-green/2", 50, 80)):
        put("AWS/ApplicationELB", "RequestCount", {"LoadBalancer": name}, {3: requests})
        cluster = {"ClusterName": name.split("/")[1], "ServiceName": "x"}
        put("AWS/ECS", "CPUUtilization", cluster, {3: cpu})
    patterns = {"LoadBalancer": "app/(?P<service>[a-z]+)-", "ClusterName": "(?P<service>[a-z]+)-"}
    night(source(aws, presets=["alb", "ecs"], dimension_patterns=patterns))
    rows = con.execute("select metric, value_sum from utilization_hour order by all").fetchall()
    assert rows == [("cpu", pytest.approx(0.8)), ("requests", 150.0)]
    assert con.execute("select metric, limit_value from capacity_limit").fetchall() == [("cpu", 1.0)]
    assert source(aws, presets=["alb", "ecs"]).metric_kinds == {
        "requests": "count", "connections": "gauge", "cpu": "gauge", "memory": "gauge"
    }  # fmt: skip


def test_an_account_is_reached_by_its_role_and_names_the_service_of_what_is_not_tagged(con, aws, put, night):
    role = "arn:aws:iam::111122223333:role/plimsoll"
    sts = boto3.client("sts", endpoint_url=aws, region_name=REGION)
    got = sts.assume_role(RoleArn=role, RoleSessionName="put")["Credentials"]
    keys = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    found = zip(keys, (got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"]), strict=True)
    theirs = boto3.client("cloudwatch", endpoint_url=aws, region_name=REGION, **dict(found))
    point = {
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "FunctionName", "Value": "resize"}],
        "Timestamp": (END - 3 * HOUR).replace(tzinfo=UTC),
        "Value": 9.0,
    }
    theirs.put_metric_data(Namespace="AWS/Lambda", MetricData=[point])
    put("AWS/Lambda", "Invocations", {"FunctionName": "other"}, {3: 4})
    reached = {"endpoint_url": aws, "sts_endpoint_url": aws}
    accounts = [{"aws": reached | {"assume_role": role}, "service": "media"}, {"aws": reached, "service": "web"}]
    night(source(aws, presets=["lambda"], accounts=accounts))
    assert con.execute("select service, value_sum from utilization_hour order by all").fetchall() == [
        ("media", 9.0),
        ("web", 4.0),
    ]


def test_a_region_that_does_not_answer_stops_the_others_so_that_no_service_is_counted_by_half(
    aws, aws_server, put, night, hours
):
    for region in (REGION, "eu-south-1"):
        put("AWS/Lambda", "Invocations", {"FunctionName": "resize"}, {3: 9}, region)
    accounts = [{"service": "web", "aws": {"endpoint_url": aws}}]
    both = source(aws, presets=["lambda"], accounts=accounts, regions=[REGION, "eu-south-1"])
    night(both)
    aws_server.refused.add("eu-south-1")
    with pytest.raises(InputError, match=r"AccessDenied.*account 1 in eu-south-1 stops the others"):
        night(both)
    assert [total for *_, total, _ in hours()] == [18.0]


def test_the_next_night_asks_for_the_last_days_and_what_is_new_is_asked_for_whole(con, aws, put, night):
    query = {"service": "web", "metric": "orders", "namespace": "Shop", "name": "Orders", "stat": "Sum"}
    put("Shop", "Orders", {"shop": "a"}, dict.fromkeys(range(1, 240), 2.0))
    put("Shop", "Users", {"shop": "a"}, dict.fromkeys(range(1, 240), 5.0))
    first = query | {"dimensions": {"shop": "a"}}
    second = first | {"metric": "users", "name": "Users", "stat": "Maximum"}
    night(source(aws, queries=[first]), (END - timedelta(days=1)).isoformat())
    told = []
    night(source(aws, queries=[first, second]), END.isoformat(), told)
    assert [keys["part"] for _, keys in told] == [
        "2026-10-21 to 2026-11-18 by 3600 s",
        "2026-11-18 to 2026-11-20 by 3600 s",
        "2026-11-16 to 2026-11-20 by 3600 s",
        "limits",
    ]
    found = con.execute("select metric, count(*), sum(value_sum) from utilization_hour group by all order by all")
    assert found.fetchall() == [("orders", 239, 478.0), ("users", 239, 1195.0)]


def test_a_first_read_that_was_killed_goes_on_where_it_stopped(con, aws, put, night, hours):
    class Killed(Exception):  # noqa: N818
        pass

    class Stops(list):
        def append(self, _item):
            raise Killed

    put("Shop", "Orders", {"shop": "a"}, dict.fromkeys(range(1, 1200, 7), 2.0))
    query = {"service": "web", "metric": "orders", "namespace": "Shop", "name": "Orders", "dimensions": {"shop": "a"}}
    whole = source(aws, queries=[query], history_days=60)
    with pytest.raises(Killed):
        night(whole, told=Stops())
    told = []
    night(whole, told=told)
    assert [keys["part"][:10] for _, keys in told] == ["2026-10-16", "2026-11-13", "limits"]
    killed = hours()
    con.execute("delete from utilization_hour")
    con.execute("delete from utilization_watermark")
    night(whole)
    assert (len(killed), killed) == (len(range(1, 1200, 7)), hours())


def test_finer_points_are_rolled_up_to_the_hour(con, aws, put, night):
    query = {"service": "web", "metric": "cpu", "namespace": "Shop", "name": "Cpu", "dimensions": {"shop": "a"}}
    put("Shop", "Cpu", {"shop": "a"}, {3 - k / 12: float(k) for k in range(12)})
    night(source(aws, queries=[query], period_s=300, history_days=2))
    rows = con.execute("select value_avg, value_max, value_p95, samples from utilization_hour").fetchall()
    assert rows == [(5.5, 11.0, pytest.approx(10.45), 12)]


def test_metrics_sent_as_statistic_sets_are_read_whatever_the_order_of_their_dimensions(con, aws, night):
    sent = {
        "MetricName": "Cpu",
        "Dimensions": [{"Name": "zone", "Value": "b"}, {"Name": "app", "Value": "a"}],
        "Timestamp": (END - 3 * HOUR).replace(tzinfo=UTC),
        "StatisticValues": {"SampleCount": 4, "Sum": 40, "Minimum": 1, "Maximum": 30},
    }
    client = boto3.client("cloudwatch", endpoint_url=aws, region_name=REGION)
    client.put_metric_data(Namespace="Shop", MetricData=[sent])
    query = {"service": "web", "namespace": "Shop", "name": "Cpu", "dimensions": {"app": "a", "zone": "b"}}
    night(source(aws, queries=[query | {"metric": stat, "stat": stat} for stat in ("Sum", "Average", "Maximum")]))
    rows = con.execute("select metric, value_p95 from utilization_hour order by all").fetchall()
    assert rows == [("Average", 10.0), ("Maximum", 30.0), ("Sum", 40.0)]


def test_nothing_that_belongs_to_a_service_says_what_to_do_and_a_dead_endpoint_too(aws, night, monkeypatch):
    with pytest.raises(NoData, match="tag the resources with 'service'"):
        night(source(aws, presets=["sqs"]))
    monkeypatch.setattr("data.storage.aws.ATTEMPTS", 1)
    with pytest.raises(InputError, match="endpoint_url"):
        night(source("http://127.0.0.1:9", presets=["sqs"]))


def test_the_probe_tells_how_many_metrics_and_what_a_night_costs(aws, put, tmp_path):
    put("AWS/SQS", "NumberOfMessagesSent", {"QueueName": "q"}, {3: 1})
    found = source(aws, presets=["sqs"], accounts=[{"aws": {"endpoint_url": aws}, "service": "web"}])
    said = found.probe(LoadReading(Window.ending(END.date(), 1), tmp_path))
    assert said.startswith("1 metrics of 1 services, 0 of no service; a night asks for about USD 0.00")


class Vendor:
    """GetMetricData within the vendor's limits; `pages` are answered first, each a status or an error code."""

    def __init__(self, pages=(), messages=()):
        self.pages = list(pages)
        self.messages = list(messages)
        self.calls = 0
        self.metrics = 0

    def get_metric_data(self, **request):
        queries = request["MetricDataQueries"]
        period = queries[0]["MetricStat"]["Period"]
        points = (request["EndTime"] - request["StartTime"]).total_seconds() / period
        assert len(queries) <= QUERIES_MAX
        assert len(queries) * points <= POINTS_MAX
        self.calls += 1
        self.metrics += len(queries)
        status = self.pages.pop(0) if self.pages else "Complete"
        if status in {"ThrottlingException", "AccessDenied"}:
            raise ClientError({"Error": {"Code": status}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "GetMetricData")
        more = status.endswith("+")
        start = request["StartTime"] + timedelta(hours=self.calls)
        result = [
            {"Id": q["Id"], "Timestamps": [start], "Values": [1.0], "StatusCode": status.rstrip("+")}
            for q in reversed(queries)
        ]
        return {"MetricDataResults": result, "Messages": self.messages} | ({"NextToken": "more"} if more else {})


def question(client, service: str = "web", metric: str = "cpu") -> MetricQuery:
    return MetricQuery(service, Measure(metric, "t", "Sum"), "n", (), client)


def test_a_profile_that_is_not_there_is_named(night):
    with pytest.raises(InputError, match=r"aws: AWS session.*nobody"):
        night(source("http://127.0.0.1:9", presets=["sqs"], accounts=[{"aws": {"profile": "nobody"}}]))


def test_throttling_is_waited_out():
    vendor = Vendor(["ThrottlingException", "ThrottlingException"])
    (points,) = ask([question(vendor)], END - 24 * HOUR, END, 3600, Spent())
    assert points.is_complete
    assert vendor.calls == 3


def test_a_role_that_may_not_ask_is_told_what_to_grant():
    vendor = Vendor(["AccessDenied"])
    with pytest.raises(InputError, match=r"load: CloudWatch GetMetricData: AccessDenied.*cloudwatch:ListMetrics"):
        ask([question(vendor)], END - 24 * HOUR, END, 3600, Spent("load"))


def test_partial_data_is_followed_to_its_last_page():
    vendor = Vendor(["PartialData+", "PartialData+", "Complete"])
    spent = Spent()
    (points,) = ask([question(vendor)], END - 24 * HOUR, END, 3600, spent)
    assert (points.is_complete, len(points.numbers), spent.calls) == (True, 3, 3)


def test_what_the_vendor_says_besides_is_kept():
    vendor = Vendor(messages=[{"Code": "MaxMetricsExceeded", "Value": "the first 500 are returned"}])
    (points,) = ask([question(vendor)], END - 24 * HOUR, END, 3600, Spent())
    assert points.messages == ("MaxMetricsExceeded: the first 500 are returned",)


def test_data_that_stays_partial_is_kept_told_and_asked_for_again_the_next_night(con, night, monkeypatch):
    vendor = Vendor(["PartialData"] * 3)
    query = {"service": "web", "metric": "cpu", "namespace": "n", "name": "t"}
    whole = source("http://127.0.0.1:9", queries=[query], history_days=2)
    monkeypatch.setattr("data.storage.aws.AwsAccess.client", lambda _self, _name: vendor)
    night(whole)
    assert con.execute("select count(*) from utilization_hour").fetchall() == [(1,)]
    assert con.execute("from utilization_watermark").fetchall() == []
    assert con.execute("select reason, example from input_issue").fetchall() == [
        ("CloudWatch did not finish: partial data", "web, cpu")
    ]
    night(whole)
    assert con.execute("select asked_until from utilization_watermark").fetchall() == [(END,)]
    assert con.execute("from input_issue").fetchall() == []


def test_a_thousand_services_for_90_days_take_hardly_more_calls_than_the_limits_allow(con, night, monkeypatch):
    """Points of 5 minutes as long as they are sure to be kept (63 days less the one that goes), then of an hour."""
    vendor = Vendor()
    monkeypatch.setattr("data.storage.aws.AwsAccess.client", lambda _self, _name: vendor)
    queries = [
        {"service": f"svc-{k:04d}", "metric": metric, "namespace": "n", "name": metric}
        for k in range(1000)
        for metric in ("requests", "cpu", "memory")
    ]
    stored = night(source("http://none", queries=queries, period_s=300, history_days=90))
    points = 3000 * (62 * 24 * 12 + (90 - 62) * 24)
    least = max(-(-points // 100_800), -(-3000 // 500))
    assert least <= vendor.calls <= 1.05 * least
    assert stored.calls == vendor.calls
    assert stored.calls_cost_usd == pytest.approx(vendor.metrics * 0.01 / 1000)
    assert con.execute("select count(*), min(asked_until) from utilization_watermark").fetchall() == [(3000, END)]


@pytest.mark.parametrize("metrics", [1, 7, 499, 500, 501, 3000])
@pytest.mark.parametrize("points", [1, 24, 96, 201, 202, 1152, 100_800, 150_000])
def test_the_shape_of_a_call_is_within_the_limits_and_covers_all(metrics, points):
    width, length = shape(metrics, points)
    assert width <= QUERIES_MAX
    assert width * length <= POINTS_MAX
    assert length <= points


def test_the_period_is_the_finest_that_is_still_kept():
    start = END - timedelta(days=100)
    assert [(period, (until - begin).days) for begin, until, period in spans(start, END, END, 60)] == [
        (3600, 38),
        (300, 48),
        (60, 14),
    ]
    assert [period for *_, period in spans(start, END, END, 3600)] == [3600]


def test_a_night_of_the_past_asks_for_what_is_kept_today(aws, night):
    query = {"service": "web", "metric": "orders", "namespace": "Shop", "name": "Orders", "dimensions": {"shop": "a"}}
    told = []
    whole = source(aws, queries=[query], period_s=300, history_days=30)
    night(whole, (END - timedelta(days=50)).isoformat(), told, now=END)
    assert [keys["part"] for _, keys in told] == [
        "2026-09-01 to 2026-09-19 by 3600 s",
        "2026-09-19 to 2026-09-26 by 300 s",
        "2026-09-26 to 2026-10-01 by 300 s",
        "limits",
    ]


@pytest.mark.parametrize(
    ("preset", "arn", "dimensions"),
    [
        ("alb", "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/web/50dc", {"LoadBalancer": "app/web/50dc"}),
        ("ecs", "arn:aws:ecs:r:1:service/main/web", {"ClusterName": "main", "ServiceName": "web"}),
        ("eks", "arn:aws:eks:r:1:cluster/main", {"ClusterName": "main"}),
        ("ebs", "arn:aws:ec2:r:1:volume/vol-0a1b", {"VolumeId": "vol-0a1b"}),
        ("lambda", "arn:aws:lambda:r:1:function:resize", {"FunctionName": "resize"}),
        ("rds", "arn:aws:rds:r:1:db:orders", {"DBInstanceIdentifier": "orders"}),
        ("aurora", "arn:aws:rds:r:1:cluster:orders", {"DBClusterIdentifier": "orders"}),
        ("dynamodb", "arn:aws:dynamodb:r:1:table/orders", {"TableName": "orders"}),
        ("sqs", "arn:aws:sqs:r:1:orders", {"QueueName": "orders"}),
        ("elasticache", "arn:aws:elasticache:r:1:cluster:sessions", {"CacheClusterId": "sessions"}),
        ("apigateway", "arn:aws:apigateway:r::/apis/a1b2", {"ApiId": "a1b2"}),
    ],
)
def test_the_dimensions_of_a_resource_are_in_its_arn(preset, arn, dimensions):
    assert PRESETS[preset].arn.search(arn).groupdict() == dimensions


def test_a_tag_names_the_service_before_a_pattern_and_a_pattern_before_the_account():
    tagged = frozenset({("Name", "a-1")})
    service_of = ServiceOf({tagged: "by-tag"}, {"Name": "(?P<service>b)-"}, "by-account")
    assert service_of(tagged) == "by-tag"
    assert service_of(frozenset({("Name", "b-1")})) == "b"
    assert service_of(frozenset({("Name", "c-1")})) == "by-account"


def test_combining_nothing_is_no_row():
    assert combine([], 3600).empty
