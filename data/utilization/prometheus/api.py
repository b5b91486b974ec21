"""The HTTP API of Prometheus and of what speaks like it: queries, who asks, what may be tried again.

https://prometheus.io/docs/prometheus/latest/querying/api/ : a range query returns at most 11,000 points a series, both
ends included; times are unix seconds; values are text ("NaN", "+Inf"). 503 and 429 say try later; 422 says that the
query is too large. Mimir and Cortex answer below /prometheus and want X-Scope-OrgID, VictoriaMetrics below
/select/<account>/prometheus.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from time import monotonic

import httpx
import stamina
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from data.address import below
from data.errors import InputError
from data.secret import is_secret_name, secret
from data.toml_errors import EnvName
from data.utilization.prometheus.samples import Item

POINTS_MAX = 11_000
ATTEMPTS = 5
RETRY_TIMEOUT_S = 180.0
WAIT_MAX_S = 20.0
ANSWER_S = 600.0  # a whole answer: servers end a query after two minutes, the rest is for what is between
BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_ADVICE = {
    HTTPStatus.UNAUTHORIZED: "set the environment variables that user_env, password_env or token_env name",
    HTTPStatus.FORBIDDEN: "these credentials may not query; ask for a token that may, or name the tenant in headers",
    HTTPStatus.NOT_FOUND: "is `url` what /api/v1/query follows? Mimir wants /prometheus, VictoriaMetrics its account",
    HTTPStatus.UNPROCESSABLE_ENTITY: "ask for less at once: set chunk_days lower, or a coarser step_s",
}


class Access(BaseModel):
    """How the server is reached; secrets are names of environment variables."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_env: EnvName | None = None
    password_env: EnvName | None = None
    token_env: EnvName | None = None
    headers: Mapping[str, str] = {}
    headers_env: Mapping[str, EnvName] = {}  # headers that are secrets
    query: Mapping[str, str] = {}  # parameters that every call gets
    query_env: Mapping[str, EnvName] = {}  # and those of them that are secrets
    ca_file: Path | None = None  # of who signed the server's certificate, where the system does not know it
    timeout_s: float = Field(default=60, gt=0, le=900)

    @field_validator("headers", "query")
    @classmethod
    def _holds_no_secret(cls, given: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        for name in given:
            if is_secret_name(name):
                advice = f"{name} is a secret; name its variable in access.{info.field_name}_env"
                raise PydanticCustomError("secret", "{advice}", {"advice": advice})
        return given


class Answer(BaseModel):
    """`data.result` of an answer, and what the server said besides."""

    model_config = ConfigDict(frozen=True)

    result: list[Item]
    warnings: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether every store answered; remarks on the query itself begin with PromQL."""
        return all(text.startswith("PromQL") for text in self.warnings)


class _Busy(Exception):  # noqa: N818 - it is not an error of the query
    """The server asks to be asked again."""


@contextmanager
def connect(source: str, url: str, access: Access) -> Iterator["Api"]:
    """Open a client; raises InputError where an environment variable or the certificate is missing."""
    headers = dict(access.headers) | _secrets(source, "headers_env", access.headers_env)
    query = dict(access.query) | _secrets(source, "query_env", access.query_env)
    if access.token_env:
        headers["Authorization"] = f"Bearer {_secret(source, 'token_env', access.token_env)}"
    auth = None
    if access.user_env and access.password_env:
        user = _secret(source, "user_env", access.user_env)
        auth = httpx.BasicAuth(user, _secret(source, "password_env", access.password_env))
    try:
        trust = ssl.create_default_context(cafile=str(access.ca_file) if access.ca_file else None)
    except OSError as error:
        raise InputError(f"{source}: {access.ca_file}: {error}; set access.ca_file to a PEM file") from error
    with httpx.Client(headers=headers, params=query, auth=auth, verify=trust, timeout=access.timeout_s) as client:
        yield Api(source, url, client)


class Api:
    """Queries of one server."""

    def __init__(self, source: str, url: str, client: httpx.Client) -> None:
        self.source = source
        self.url = url
        self.client = client
        self.calls = 0

    def query_range(self, promql: str, start: int, end: int, step_s: int) -> Answer:
        """Return a matrix: points at `start`, `start` + step, ... up to and with `end`, unix seconds."""
        asked = {"query": promql, "start": str(start), "end": str(end), "step": str(step_s)}
        return self._ask("query_range", asked, "matrix")

    def query(self, promql: str, time: int) -> Answer:
        """Return a vector at a moment, unix seconds."""
        return self._ask("query", {"query": promql, "time": str(time)}, "vector")

    def _ask(self, path: str, form: Mapping[str, str], want: str) -> Answer:
        address = below(self.url, f"api/v1/{path}")
        where = f"{self.source}: {address}"
        try:
            for attempt in stamina.retry_context(
                on=(httpx.TransportError, _Busy), attempts=ATTEMPTS, timeout=RETRY_TIMEOUT_S, wait_max=WAIT_MAX_S
            ):
                with attempt:
                    self.calls += 1
                    response = self._post(address, form)
                    _check_answered(response)
        except (httpx.HTTPError, _Busy) as error:
            raise InputError(f"{where}: {error or type(error).__name__}; is the server up, and `url` right?") from error
        if response.status_code != HTTPStatus.OK:
            advice = _ADVICE.get(HTTPStatus(response.status_code), "correct the query")
            raise InputError(f"{where}: HTTP {response.status_code}: {_said(response)} ({form['query']}); {advice}")
        return self._read(where, response, want)

    def _post(self, address: httpx.URL, form: Mapping[str, str]) -> httpx.Response:
        """Return an answer that is there as a whole within `ANSWER_S`: httpx bounds the wait for each piece alone."""
        started = monotonic()
        with self.client.stream("POST", address, data=dict(form)) as response:
            body = bytearray()
            for piece in response.iter_raw():
                body += piece
                if monotonic() - started > ANSWER_S:
                    raise httpx.ReadTimeout(f"no whole answer in {ANSWER_S:.0f} s, {len(body):,} bytes of it")
        return httpx.Response(response.status_code, headers=response.headers, content=bytes(body))

    def _read(self, where: str, response: httpx.Response, want: str) -> Answer:
        try:
            document = response.json()
            kind = document["data"]["resultType"]
            result = document["data"]["result"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{where}: not an answer of Prometheus: {response.text[:100]!r}; check `url`") from error
        if kind == "scalar" and want == "vector":
            kind, result = want, [{"metric": {}, "value": result}]
        if kind != want:
            raise InputError(f"{where}: answers with a {kind!r}, want a {want}; the query must give an instant vector")
        try:
            return Answer.model_validate({"result": result, "warnings": document.get("warnings") or ()})
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(str(part) for part in problem["loc"])
            raise InputError(
                f"{where}: not an answer of Prometheus: {place}: {problem['msg']}, found {problem['input']!r}; "
                "is something between it and here that changes what it says?"
            ) from error


def _check_answered(response: httpx.Response) -> None:
    if response.status_code in BUSY:
        raise _Busy(f"HTTP {response.status_code}: {response.text[:200]}")


def _said(response: httpx.Response) -> JsonValue:
    try:
        said: JsonValue = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200].strip()
    return said


def _secrets(source: str, key: str, names: Mapping[str, str]) -> dict[str, str]:
    return {what: _secret(source, f"{key}.{what}", name) for what, name in names.items()}


def _secret(source: str, key: str, name: str) -> str:
    value = secret(name)
    if value is None:
        raise InputError(f"{source}: environment variable {name} (access.{key}) is not set; set it")
    return value
