"""What drips is cut off: a server that sends each byte in time, and still is not done in the morning.

botocore bounds the wait for the next byte (https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html
`read_timeout`), not that for the last one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer
from typing import Protocol

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.exceptions import HTTPClientError, ReadTimeoutError
from urllib3.exceptions import HTTPError


class Raw(Protocol):
    """A response of urllib3 that is being read."""

    def shutdown(self) -> None:
        """End a read from beside it."""


class Session(Protocol):
    """What botocore sends requests by."""

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Return the answer to a request."""

    def close(self) -> None:
        """Close the connections."""


@contextmanager
def cut_off(raw: Raw, seconds: float) -> Iterator[Event]:
    """End the reading of `raw` after `seconds`; the event that is yielded says whether that was done."""
    is_cut = Event()

    def cut() -> None:
        is_cut.set()
        raw.shutdown()

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield is_cut
    finally:
        timer.cancel()


class _Within:
    """A session of botocore whose answers are whole within `seconds`; streamed bodies are the caller's."""

    def __init__(self, session: Session, seconds: float) -> None:
        self._session = session
        self._seconds = seconds

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Return the answer to a request, its body read; HTTPClientError where it broke off or was cut."""
        if request.stream_output:
            return self._session.send(request)
        request.stream_output = True  # so that the body is read here, where it can be cut
        answer = self._session.send(request)
        try:
            with cut_off(answer.raw, self._seconds) as is_cut:
                _ = answer.content  # botocore keeps what was read
        except HTTPError as error:
            raise HTTPClientError(error=error) from error
        if is_cut.is_set():
            raise ReadTimeoutError(endpoint_url=request.url, error="the answer came too slowly")
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def within(client: BaseClient, seconds: float) -> None:
    """Let every answer to `client` that is not streamed be whole within `seconds`."""
    endpoint = client._endpoint  # noqa: SLF001 - botocore has no public way to what a client sends by
    endpoint.http_session = _Within(endpoint.http_session, seconds)
