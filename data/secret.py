"""Secrets: they enter by `secret`, out of the environment, and no text leaves but through `redact`.

Every error of ours, every log record and every notice passes it, so that what a server or a library says of an address
or a password ends at `***`: in logs, tables, pages and Prefect's database.
"""

import logging
import os
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlsplit

HIDDEN = "***"
SHORTEST = 4  # characters: a shorter secret cannot be told from words
SHORTEST_UNASKED = 8  # of a variable that only its name gives away
# Names of keys, headers and environment variables whose value is a secret.
_SECRET = r"(?:api.?key|access.?key|private.?key|account.?key|token|secret|passw|pwd|signature|credential|auth)"  # noqa: S105 - a pattern
_SECRET_NAME = re.compile(rf"(?i){_SECRET}|^(?:key|sig|sas|code|pass|cookie|x-amz-.*)$")
_SECRET_VARIABLE = re.compile(r"(?i)api.?key|access.?key|private.?key|token|secret|passw|credential|auth_string|_pass$")
_NOT_A_SECRET = re.compile(r"(?i)(?:_file|_path|_dir|_env|_sock)$")  # SSH_AUTH_SOCK, AWS_WEB_IDENTITY_TOKEN_FILE
_TEXTS = (
    # user:password@ of an address; a password may hold what it should not, but a port is none.
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/?#'\"<>]*@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)[^\s/:@'\"<>]+:(?!\d{1,5}(?:[/?#\s]|$))[^\s'\"<>]*@"), rf"\1{HIDDEN}@"),
    # ?apikey=... and what else the name of a parameter gives away
    (re.compile(rf"(?i)([?&;](?:[\w.-]*{_SECRET}[\w.-]*|key|sig|sas|code|pass)=)[^&\s'\"#<>)]+"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[a-z0-9._~+/=-]{8,}"), rf"\1{HIDDEN}"),
)
_handed_out: set[str] = set()  # what `secret` has returned: the only state, so that a text needs no settings to be safe


def secret(name: str) -> str | None:
    """Return the secret that an environment variable holds, None where it is not set; it is hidden from now on."""
    value = os.environ.get(name)
    if value:
        _handed_out.update((value, *(part for one in value.split() for part in (one, *_parts(one)))))
    return value or None


def remember_secrets(document: object, key: str = "") -> None:
    """Hide what every variable holds that a configuration names: its keys end in `_env`, or those above them do."""
    if isinstance(document, dict):
        for name, part in document.items():
            remember_secrets(part, key if key.endswith("_env") else str(name))
    elif isinstance(document, list):
        for part in document:
            remember_secrets(part, key)
    elif isinstance(document, str) and key.endswith("_env") and key != "user_env":
        secret(document)


def redact(text: str) -> str:
    """Return the text without what is known or looks to be a secret."""
    for value in sorted(_known(), key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    for pattern, shown in _TEXTS:
        text = pattern.sub(shown, text)
    return text


def is_secret_name(name: str) -> bool:
    """Tell whether a key, a header or a parameter of this name holds a secret."""
    return bool(_SECRET_NAME.search(name)) and not _NOT_A_SECRET.search(name)


def has_secret(text: str) -> bool:
    """Tell whether an address carries a user, a password, or a parameter that holds a secret."""
    if "://" not in text:
        return False
    return redact(text) != text or any(is_secret_name(name) for name, _ in parse_qsl(_query(text)))


def redact_logs() -> None:
    """Let every log record of this process pass `redact`, whoever writes it: ours, Prefect's, a library's."""
    made = logging.getLogRecordFactory()
    if getattr(made, "is_redacting", False):
        return
    formatter = logging.Formatter()

    def redacted(*arguments: object, **more: object) -> logging.LogRecord:
        record = made(*arguments, **more)
        try:
            record.msg, record.args = redact(record.getMessage()), ()
        except (TypeError, ValueError):  # it does not fit its own arguments: logging says so where it is written
            return record
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redact(formatter.formatException(record.exc_info))
        return record

    redacted.is_redacting = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(redacted)


def _known() -> set[str]:
    values = _handed_out | set(_of_environment(os.environ))
    return {form for value in values if len(value) >= SHORTEST for form in (value, quote(value, safe=""))}


def _of_environment(environment: Mapping[str, str]) -> Iterator[str]:
    for name, value in environment.items():
        if len(value) >= SHORTEST_UNASKED and _SECRET_VARIABLE.search(name) and not _NOT_A_SECRET.search(name):
            yield value


def _parts(address: str) -> Iterator[str]:
    """Yield what of an address is a secret by itself: passwords, values, and parts that look drawn by lot."""
    if "://" not in address:
        return
    try:
        parts = urlsplit(address)
        password = parts.password
    except ValueError:
        return
    if password:
        yield unquote(password)
    drawn = [parts.netloc if "." not in parts.netloc else "", *parts.path.split("/")]
    drawn += [value for _, value in parse_qsl(parts.query)]
    yield from (part for part in drawn if len(part) >= SHORTEST_UNASKED and any(one.isdigit() for one in part))


def _query(address: str) -> str:
    try:
        return urlsplit(address).query
    except ValueError:  # a bracket too few: no address at all
        return ""
