"""What the tests of load share: read a source as a night does, and look at what is stored."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import duckdb
import httpx
import pandas as pd
import pytest

from data.utilization.part import LoadReading
from data.utilization.store import Stored, UtilizationSource, load_utilization
from data.window import Window
from tests.data.utilization.aws import END, REGION, Aws, serve

EPOCH = datetime(1970, 1, 1)
START = datetime(2026, 11, 1)


@pytest.fixture
def night(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Callable[..., Stored]:
    """Return a function that reads a source as the night of `as_of` does."""

    def read(
        source: UtilizationSource, as_of: str = "2026-11-20", told: list | None = None, now: datetime | None = None
    ) -> Stored:
        reading = LoadReading(Window(EPOCH, datetime.fromisoformat(as_of)), tmp_path / "cache", now)

        def tell(event: str, keys: dict) -> None:
            if told is not None:
                told.append((event, keys))

        return load_utilization(con, source, reading, tell)

    return read


@pytest.fixture
def hours(con: duckdb.DuckDBPyConnection) -> Callable[[], list[tuple]]:
    """Return a function that gives every stored hour: service, metric, hour, avg, max, p95, sum, samples."""

    def read() -> list[tuple]:
        return con.execute("select * exclude (source) from utilization_hour order by all").fetchall()

    return read


@pytest.fixture
def issues(con: duckdb.DuckDBPyConnection) -> Callable[[], list[tuple]]:
    """Return a function that gives what was wrong: file, severity, reason, rows."""

    def read() -> list[tuple]:
        return con.execute("select file, severity, reason, rows from input_issue order by all").fetchall()

    return read


@pytest.fixture
def series(con: duckdb.DuckDBPyConnection) -> Callable[..., None]:
    """Return a function that stores the hours of a series: {hour since START: value}."""

    def store(service: str, values: dict[int, float], source: str = "metrics", metric: str = "cpu") -> None:
        con.register("hour", pd.DataFrame({"h": list(values), "v": [float(v) for v in values.values()]}))
        con.execute(
            "insert into utilization_hour "
            "select $service, $metric, $start + to_hours(h), v, v, v, v, 1, $source from hour",
            {"service": service, "metric": metric, "start": START, "source": source},
        )

    return store


@pytest.fixture(scope="session")
def aws_server() -> Iterator[Aws]:
    """An AWS on a loopback port, one for all tests."""
    server = Aws()
    with serve(server):
        yield server


@pytest.fixture
def aws(aws_server: Aws, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return its address, with nothing in it, and set the credentials to use it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    httpx.post(f"{aws_server.url}/moto-api/reset").raise_for_status()
    aws_server.refused.clear()
    return aws_server.url


@pytest.fixture
def put(aws: str) -> Callable[..., None]:
    """Return a function that publishes points: {hours before END: value}."""

    def publish(
        namespace: str, name: str, dimensions: dict[str, str], points: dict[float, float], region: str = REGION
    ) -> None:
        client = boto3.client("cloudwatch", endpoint_url=aws, region_name=region)
        data = [
            {
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                "Timestamp": (END - timedelta(hours=hours)).replace(tzinfo=UTC),
                "Value": value,
            }
            for hours, value in points.items()
        ]
        for first in range(0, len(data), 100):
            client.put_metric_data(Namespace=namespace, MetricData=data[first : first + 100])

    return publish
