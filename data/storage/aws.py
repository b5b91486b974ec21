"""How AWS and what speaks like it is reached: credentials, endpoints, timeouts, and which errors are worth a retry.

https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html : any credentials that boto3 finds are
used (environment, files, SSO, a container's or an instance's role). Sources and metrics share this.
"""

import base64
from collections.abc import Callable
from typing import TypeVar

import boto3
import stamina
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's, of which its timeouts are
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ResponseStreamingError,
    SSLError,
)
from pydantic import BaseModel, ConfigDict, Field

from data.address import ServerAddress
from data.errors import InputError
from data.secret import secret
from data.storage.drip import within
from data.toml_errors import EnvName

CONNECTIONS = 16
ATTEMPTS = 6
WAIT_MAX_S = 20.0
RETRY_TIMEOUT_S = 180.0
SERVER_ERROR = 500
BUSY = {
    "RequestLimitExceeded",
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "LimitExceededException",
}
_ADVICE = {
    "AccessDenied": "grant the role s3:ListBucket on the bucket and s3:GetObject (and kms:Decrypt) on its objects",
    "403": "grant the role s3:ListBucket on the bucket and s3:GetObject (and kms:Decrypt) on its objects",
    "AccessDeniedException": "grant the role what the message names",
    "EntityNotFoundException": "check `database`, `table` and `aws.region`",
    "NoSuchBucket": "check the bucket's name, `aws.region` and `aws.endpoint_url`",
    "NoSuchKey": "the object was removed meanwhile: run again",
    "InvalidAccessKeyId": "the credentials are of another account or endpoint",
    "ExpiredToken": "renew the credentials",
}
T = TypeVar("T")


class AwsAccess(BaseModel):
    """The `aws` table of a source; everything may be left out. Secrets are never in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str | None = None
    profile: str | None = None
    endpoint_url: ServerAddress | None = None  # of S3-compatible stores and VPC endpoints; sts has its own
    sts_endpoint_url: ServerAddress | None = None
    assume_role: str | None = None  # ARN
    external_id: str | None = None
    requester_pays: bool = False
    sse_customer_key_env: EnvName | None = None  # names the variable that holds the base64 key of SSE-C
    timeout_s: float = Field(default=60, gt=0, le=900)

    def client(self, service: str) -> BaseClient:
        """Return a client of an AWS service; threads may share it. It retries nothing itself: see `retried`."""
        session = boto3.Session(profile_name=self.profile, region_name=self.region)
        if self.assume_role:
            session = self._assumed(session, self.assume_role)
        client = session.client(
            service, endpoint_url=self.endpoint_url, region_name=session.region_name or "us-east-1", config=self._config
        )
        within(client, self.timeout_s)
        return client

    def object_arguments(self) -> dict[str, str | bytes]:
        """Return what every read of an object needs besides its key."""
        arguments: dict[str, str | bytes] = {}
        if self.requester_pays:
            arguments["RequestPayer"] = "requester"
        if self.sse_customer_key_env:
            try:
                key = base64.b64decode(secret(self.sse_customer_key_env) or "-", validate=True)
            except ValueError as error:
                raise InputError(
                    f"environment variable {self.sse_customer_key_env} (aws.sse_customer_key_env) is not set to "
                    "a key in base64; set it"
                ) from error
            arguments |= {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
        return arguments

    @property
    def _config(self) -> Config:
        # Stores with an endpoint of their own rarely have a host name a bucket.
        style = {"addressing_style": "path"} if self.endpoint_url else None
        return Config(
            connect_timeout=min(self.timeout_s, 10),
            read_timeout=self.timeout_s,
            retries={"total_max_attempts": 1},
            max_pool_connections=CONNECTIONS,
            s3=style,
        )

    def _assumed(self, session: boto3.Session, role: str) -> boto3.Session:
        """Return a session of the role; its credentials are renewed before they expire."""
        inner = session._session  # noqa: SLF001 - boto3 has no public way to credentials that renew themselves
        region = session.region_name or "us-east-1"
        extra = {"RoleSessionName": "plimsoll"} | ({"ExternalId": self.external_id} if self.external_id else {})

        def client_creator(service: str, **arguments: object) -> BaseClient:
            merged = {"region_name": region, "endpoint_url": self.sts_endpoint_url, "config": self._config} | arguments
            return inner.create_client(service, **merged)

        fetcher = AssumeRoleCredentialFetcher(
            client_creator=client_creator,
            source_credentials=session.get_credentials(),
            role_arn=role,
            extra_args=extra,
        )
        assumed = boto3.Session(region_name=region)
        assumed._session._credentials = DeferredRefreshableCredentials(  # noqa: SLF001 - as above
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return assumed


def is_transient(error: Exception) -> bool:
    """Tell whether the same request may succeed a little later."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= SERVER_ERROR or error.response.get("Error", {}).get("Code") in BUSY
    # A broken connection, a timeout, a body cut short or damaged on the way.
    broken = HTTPClientError | ConnectionError | IncompleteReadError | ResponseStreamingError | FlexibleChecksumError
    return isinstance(error, broken) and not isinstance(error, SSLError)


def retried(call: Callable[[], T]) -> T:
    """Return what `call` returns, tried again with growing pauses while its error is transient."""
    for attempt in stamina.retry_context(
        on=is_transient, attempts=ATTEMPTS, timeout=RETRY_TIMEOUT_S, wait_initial=0.2, wait_max=WAIT_MAX_S
    ):
        with attempt:
            return call()
    raise AssertionError("unreachable: the last attempt raises")


def explained(where: str, error: BotoCoreError | ClientError) -> InputError:
    """Return the error in our words: what was asked for, what came back, what to do."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return InputError(
            f"{where}: no AWS credentials; set AWS_PROFILE or AWS_ACCESS_KEY_ID, or `aws.profile`, or give it a role"
        )
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    advice = _ADVICE.get(code, "check the network and `aws.endpoint_url`; the next night tries again")
    return InputError(f"{where}: {code or type(error).__name__}: {error}; {advice}")
