"""Does the Prefect server that the environment names answer? Asked before Prefect is imported, which takes seconds."""

import httpx

from data.address import below
from data.errors import ConfigError, ServerUnreachable
from data.secret import has_secret

TIMEOUT_S = 5.0


def check_server(address: str) -> None:
    """Raise ConfigError where the API's address holds a secret, ServerUnreachable where nothing answers there."""
    if has_secret(address):
        raise ConfigError(
            "PREFECT_API_URL holds a secret, and addresses are shown; take it out, and set PREFECT_API_AUTH_STRING "
            "(user:password) or PREFECT_API_KEY instead"
        )
    try:
        answer = httpx.get(below(address, "health"), timeout=TIMEOUT_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ServerUnreachable(
            f"PREFECT_API_URL: {address} does not answer ({error or type(error).__name__}); start prefect server, "
            "or unset it: a night needs none"
        ) from error
    if answer.is_server_error:
        raise ServerUnreachable(f"PREFECT_API_URL: {address} answers HTTP {answer.status_code}; is the server well?")
