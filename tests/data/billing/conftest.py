"""A real S3 API for tests of bills, with listing pages of 10 keys, and a proxy in front of it that fails on request."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import stamina

from data.storage.aws import AwsAccess
from tests.data.billing.proxy import Faults, faulty

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
ACCOUNT = "123456789012"


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Start moto's server process on a free port."""
    script = (
        "import sys; from moto.server import ThreadedMotoServer\n"
        "server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False); server.start()\n"
        "print(server.get_host_and_port()[1], flush=True); sys.stdin.read(); server.stop()"
    )
    environment = os.environ | CREDENTIALS | {"MOTO_S3_DEFAULT_MAX_KEYS": "10"}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        address = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/moto-api/", timeout=2).close()  # noqa: S310 - loopback
                break
            except urllib.error.URLError:
                time.sleep(0.05)
        yield address
        process.communicate()


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give boto3 credentials that are nobody's; retries do not pause."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with stamina.set_testing(True, attempts=6, cap=True):
        yield


@pytest.fixture
def put(moto: str) -> Callable[[Path, str], str]:
    """Return what copies a folder or a file into a bucket of its own and returns its name."""
    client = AwsAccess(endpoint_url=moto).client("s3")

    def copy(source: Path, prefix: str, bucket: str = "") -> str:
        name = bucket or f"bills-{uuid.uuid4().hex[:12]}"
        if not bucket:
            client.create_bucket(Bucket=name)
        files = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
        for file in files:
            key = prefix if source.is_file() else f"{prefix}{file.relative_to(source).as_posix()}"
            client.put_object(Bucket=name, Key=key, Body=file.read_bytes())
        return name

    return copy


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def flaky(moto: str, faults: Faults) -> Iterator[str]:
    """Return the address of the S3 API behind the proxy."""
    with faulty(moto, faults) as address:
        yield address
