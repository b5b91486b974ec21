"""Tell people of nights through whatever Apprise knows (mail, Slack, Teams, PagerDuty, ...), and call the heartbeat."""

import logging

import httpx

from data.secret import redact, secret
from flows.progress import tell
from flows.settings import Notify

HEARTBEAT_TIMEOUT_S = 10
HEARTBEAT_ATTEMPTS = 3


def notify(settings: Notify, title: str, body: str) -> bool:
    """Send a notice to the addresses in the configured variable; tell whether it was sent. A failure is reported."""
    if settings.urls_env is None:
        return False
    addresses = (secret(settings.urls_env) or "").split()
    if not addresses:
        _warn("notify", f"environment variable {settings.urls_env} is empty or not set")
        return False
    try:
        is_sent = _send(addresses, redact(title), redact(body))
    except Exception as error:  # noqa: BLE001 - of whatever kind, it must not hide what was to be told
        _warn("notify", f"no notice could be sent: {type(error).__name__}: {error}")
        return False
    if not is_sent:
        _warn("notify", f"no notice could be sent; check the addresses in {settings.urls_env}")
    return is_sent


def _send(addresses: list[str], title: str, body: str) -> bool:
    import apprise  # noqa: PLC0415 - it takes long to import, and most nights have nothing to tell

    sender = apprise.Apprise()
    for place, address in enumerate(addresses, start=1):
        if not sender.add(address):
            _warn("notify", f"address {place} is none that Apprise knows")
    return bool(sender.notify(title=title, body=body))


def call_heartbeat(settings: Notify) -> None:
    """Call the heartbeat's address: a night is done. A failure is reported, and fails no night."""
    if settings.heartbeat_env is None:
        return
    address = secret(settings.heartbeat_env)
    if address is None:
        _warn("heartbeat", f"environment variable {settings.heartbeat_env} is empty or not set")
        return
    reason = ""
    for _ in range(HEARTBEAT_ATTEMPTS):
        try:
            httpx.get(address, timeout=HEARTBEAT_TIMEOUT_S, follow_redirects=True).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = redact(str(error) or type(error).__name__)
        else:
            return
    _warn("heartbeat", f"could not be called: {reason}")


def _warn(event: str, error: str) -> None:
    tell(event, {"error": error}, level=logging.WARNING)
