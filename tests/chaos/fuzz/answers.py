"""What a server that speaks like Prometheus answers, or something between it and us."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from data.errors import PlimsollError
from data.utilization.prometheus import prometheus
from data.utilization.prometheus.api import Api
from tests.chaos.fuzz.damage import check_is_one_line, damaged

START = 1_790_812_800
ANSWER = json.dumps({
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [
            {"metric": {"service": name}, "values": [[START + 3600 * k, str(k * 1.5)] for k in range(5)]}
            for name in ("checkout", "search")
        ],
    },
    "warnings": ["a store did not answer"],
}).encode()  # fmt: skip


@contextmanager
def reader(_: Path) -> Iterator[Callable[[random.Random], str]]:
    """Yield what damages an answer, reads it as a night does, and returns how it ended."""
    yield _read


def _read(chance: random.Random) -> str:
    body = damaged(chance, ANSWER)
    with httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body)))
    ) as client:
        try:
            answer = Api("fuzz", "http://prometheus", client).query_range("up", START, START + 14_400, 3600)
            series = prometheus.read_series(answer.result, "service")
        except PlimsollError as error:
            check_is_one_line(error)
            return "refused"
    for one in series:
        assert len(one.time_s) == len(one.value)
    return "read"
