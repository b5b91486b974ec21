"""Tell people that a night failed, through whatever Apprise knows: mail, Slack, Teams, PagerDuty, ..."""

import logging
import os

import apprise

from flows.progress import tell
from flows.settings import Notify


def notify(settings: Notify, title: str, body: str) -> None:
    """Send a notice to the addresses in the configured environment variable; a failure to send is only reported."""
    if settings.urls_env is None:
        return
    addresses = os.environ.get(settings.urls_env, "").split()
    if not addresses:
        tell(
            "notify", {"error": f"environment variable {settings.urls_env} is empty or not set"}, level=logging.WARNING
        )
        return
    sender = apprise.Apprise()
    for address in addresses:
        sender.add(address)
    if not sender.notify(title=title, body=body):
        tell("notify", {"error": "no notice could be sent; check the addresses"}, level=logging.WARNING)
