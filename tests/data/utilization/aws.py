"""An AWS on a loopback port: moto's, and what moto does not do as AWS documents it, from tests/payloads/cloudwatch."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from data.utilization.cloudwatch.cloudwatch import CloudWatch

END = datetime(2026, 11, 20)
REGION = "eu-west-1"
PAYLOADS = Path(__file__).parents[2] / "payloads/cloudwatch"


class Aws:
    """The server as a WSGI application; `refused` holds the calls and regions that answer AccessDenied."""

    def __init__(self) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.refused: set[str] = set()
        self.url = ""

    def __call__(self, environ, start_response):
        call = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        region = environ.get("HTTP_AUTHORIZATION", "//").split("/")[2]
        if self.refused & {call, region}:
            body = {"__type": "AccessDeniedException", "message": f"not authorized to perform {call}"}
            return self._answer(start_response, "400 Bad Request", body)
        if call in {"GetServiceQuota", "GetAWSDefaultServiceQuota"}:
            asked = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            file = PAYLOADS / f"{call}-{asked['ServiceCode']}-{asked['QuotaCode']}.json"
            if file.exists():
                return self._answer(start_response, "200 OK", json.loads(file.read_text(encoding="utf-8")))
            return self._answer(start_response, "400 Bad Request", {"__type": "NoSuchResourceException"})
        return self.moto(environ, start_response)

    def _answer(self, start_response, status: str, body: dict) -> list[bytes]:
        start_response(status, [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps(body).encode()]


@contextmanager
def serve(aws: Aws) -> Iterator[None]:
    """Answer on a free port."""
    server = make_server("127.0.0.1", 0, aws, threaded=True)
    aws.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield
    server.shutdown()
    thread.join()


def source(url: str, **more) -> CloudWatch:
    account = {"aws": {"endpoint_url": url, "sts_endpoint_url": url}}
    settings = {"name": "aws", "regions": [REGION], "accounts": [account], "history_days": 30, "period_s": 3600}
    return CloudWatch.model_validate({"kind": "cloudwatch", **settings, **more})
