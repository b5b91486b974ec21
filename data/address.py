"""Addresses of servers: checked where they are configured, joined by a URL library."""

from typing import Annotated

import httpx
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def below(address: str, path: str) -> httpx.URL:
    """Return the address of `path` below a server's; what the server's has in its query stays."""
    url = httpx.URL(address)
    base, mark, query = url.raw_path.partition(b"?")
    return url.copy_with(raw_path=base.rstrip(b"/") + b"/" + path.encode() + mark + query)


def _server(address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueError(f"not an address: {error}") from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError("not an address; want http:// or https://, a host, and a path where there is one")
    return address


def _base(address: str) -> str:
    if httpx.URL(_server(address)).query or httpx.URL(address).fragment:
        raise PydanticCustomError(
            "secret", "has a query or a fragment; name its parameters in access.query, secret ones in access.query_env"
        )
    return address


ServerAddress = Annotated[str, AfterValidator(_server)]  # http or https
BaseAddress = Annotated[str, AfterValidator(_base)]  # the same without parameters
