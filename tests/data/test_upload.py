"""Releases into a real S3 API (moto's server): order, what is kept, what is left alone, and what a fault leaves."""

import uuid

import pytest
import stamina
from botocore.exceptions import EndpointConnectionError

from data.errors import PublishError
from data.storage.aws import AwsAccess
from data.storage.upload import Uploaded, upload_release
from tests.data.billing.conftest import credentials, faults, flaky, moto  # noqa: F401 - fixtures

PAGES = ("site/index.html", "site/assets/style.css", "site/services/a.html", "snapshot.duckdb", "parquet/night.parquet")


def make_release(folder, name, text, pages=PAGES):
    for page in pages:
        file = folder / name / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{page} {text}")
    return folder / name


@pytest.fixture
def client(moto):  # noqa: F811 - a fixture
    return AwsAccess(endpoint_url=moto).client("s3")


@pytest.fixture
def bucket(client):
    name = f"pages-{uuid.uuid4().hex[:12]}"
    client.create_bucket(Bucket=name)
    return name


def listed(client, bucket, prefix=""):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return sorted(found["Key"] for page in pages for found in page.get("Contents", []))


def text_of(client, bucket, key):
    return client.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def test_readers_see_the_release_and_a_second_upload_changes_nothing(client, bucket, tmp_path):
    release = make_release(tmp_path, "2026-11-20-a", "one")
    assert upload_release(client, bucket, "reports/", release) == Uploaded(changed=5, unchanged=0)
    for page in PAGES:
        assert text_of(client, bucket, f"reports/{page}") == f"{page} one"
    assert client.head_object(Bucket=bucket, Key="reports/site/index.html")["ContentType"] == "text/html"
    assert upload_release(client, bucket, "reports", release) == Uploaded(changed=0, unchanged=5)


def test_what_a_page_needs_is_there_before_it_and_the_front_page_is_last(client, bucket, tmp_path, monkeypatch):
    shown = []
    copy = client.copy
    monkeypatch.setattr(
        client, "copy", lambda source, into, key, **more: (shown.append(key), copy(source, into, key, **more))
    )
    upload_release(client, bucket, "", make_release(tmp_path, "2026-11-20-a", "one"))
    assert shown[-2:] == ["site/services/a.html", "site/index.html"]


def test_the_newest_three_whole_releases_are_kept_and_pages_that_are_no_more_are_removed(client, bucket, tmp_path):
    client.put_object(Bucket=bucket, Key="releases/2026-11-01-torn/site/index.html", Body=b"no marker")
    client.put_object(Bucket=bucket, Key="notes.txt", Body=b"somebody else's")
    for day in range(16, 21):
        pages = PAGES if day < 20 else PAGES[:2]
        upload_release(client, bucket, "", make_release(tmp_path, f"2026-11-{day}-x", str(day), pages))
    kept = {key.split("/")[1] for key in listed(client, bucket, "releases/")}
    assert kept == {"2026-11-18-x", "2026-11-19-x", "2026-11-20-x"}
    assert [key for key in listed(client, bucket) if not key.startswith("releases/")] == [
        "notes.txt",
        "site/assets/style.css",
        "site/index.html",
    ]


def test_a_bucket_that_is_not_there_is_one_line_that_says_what_to_do(client, tmp_path):
    with pytest.raises(PublishError, match=r"publish: s3://nowhere/reports/: NoSuchBucket"):
        upload_release(client, "nowhere", "reports", make_release(tmp_path, "2026-11-20-a", "one"))


def test_what_readers_had_stays_where_an_upload_fails(client, bucket, tmp_path, monkeypatch):
    upload_release(client, bucket, "", make_release(tmp_path, "2026-11-19-a", "one"))
    release = make_release(tmp_path, "2026-11-20-b", "two")
    upload = client.upload_file

    def broken(file, *others, **more):
        if file.endswith("a.html"):
            raise EndpointConnectionError(endpoint_url="http://gone")
        return upload(file, *others, **more)

    monkeypatch.setattr(client, "upload_file", broken)
    with stamina.set_testing(True, attempts=1), pytest.raises(PublishError, match="EndpointConnectionError"):
        upload_release(client, bucket, "", release)
    for page in PAGES:
        assert text_of(client, bucket, page) == f"{page} one"
    assert "releases/2026-11-20-b/COMPLETE" not in listed(client, bucket)
