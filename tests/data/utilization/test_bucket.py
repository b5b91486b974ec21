"""Load from files in a bucket: listed, fetched once, and read again when they change."""

from collections.abc import Iterator

import boto3
import pytest
from moto.server import ThreadedMotoServer

from data.utilization.files.files import Files

HEADER = "service,metric,timestamp,value\n"


@pytest.fixture
def bucket(monkeypatch) -> Iterator:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    client = boto3.client("s3", endpoint_url=url, region_name="us-east-1")
    client.create_bucket(Bucket="load")
    yield client, url
    server.stop()


def test_files_by_date_in_a_bucket_are_read_when_they_change(bucket, night, hours):
    client, url = bucket
    source = Files(kind="files", name="metrics", path="s3://load/2026-*/*.csv", aws={"endpoint_url": url})
    for day in ("2026-11-01", "2026-11-02"):
        client.put_object(Bucket="load", Key=f"{day}/a.csv", Body=f"{HEADER}web,cpu,{day}T00:00:00Z,1\n".encode())
    client.put_object(Bucket="load", Key="other/a.csv", Body=b"not load")
    assert night(source).rows_read == 2
    assert night(source).rows_read == 0
    client.put_object(Bucket="load", Key="2026-11-02/a.csv", Body=f"{HEADER}web,cpu,2026-11-02T00:00:00Z,7\n".encode())
    assert night(source).rows_read == 1
    assert [value for *_, value, _ in hours()] == [1, 7]
