"""What is redacted and what is not, and what configuration refuses."""

import logging
import pickle
from pathlib import Path

import pytest

from data.address import below
from data.errors import ConfigError, InputError
from data.secret import has_secret, is_secret_name, redact, redact_logs, remember_secrets, secret
from flows.settings import read_settings


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:PW@host/a", "http://***@host/a"),
        ("at http://user:p/w@host/a?", "at http://***@host/a?"),
        ("http://u:p@ss@h/x", "http://***@h/x"),
        ("http://token@host", "http://***@host"),
        ("(s3://KEY:s3cr/et+@bucket/key)", "(s3://***@bucket/key)"),
        ("http://u:pw@[::1]:90/x", "http://***@[::1]:90/x"),
        ("http://h/x?apikey=abc&y=1", "http://h/x?apikey=***&y=1"),
        ("http://h/x?y=1&X-Amz-Signature=3f%2F&z=2", "http://h/x?y=1&X-Amz-Signature=***&z=2"),
        ("https://store/c?sv=2024&sig=a%2Fb", "https://store/c?sv=2024&sig=***"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("header Basic dXNlcjpwYXNz", "header Basic ***"),
    ],
)
def test_what_looks_like_a_secret_is_hidden(text, shown):
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "https://host:8080/path@x",
        "s3://bucket/someone@example.com/2026",
        "mail someone@example.com",
        "http://h/api/v1/query?query=up&step=300",
        "12:30 a basic check: bearer of news",
        "tcp://scheduler:8786",
    ],
)
def test_what_is_none_stays(text):
    assert redact(text) == text
    assert not has_secret(text)


def test_a_secret_from_the_environment_is_hidden_plain_quoted_and_inside_addresses(monkeypatch):
    monkeypatch.setenv("SHOP_METRICS", "gr/een tea")
    assert secret("SHOP_METRICS") == "gr/een tea"
    assert redact("said 'gr/een tea', gr%2Feen%20tea") == "said '***', ***"
    assert secret("NOWHERE_SET") is None


def test_parts_of_an_address_that_is_a_secret_are_hidden_too_and_words_are_not(monkeypatch):
    monkeypatch.setenv("HOOK", "https://hooks.example.com/services/T0AB12CD34/webhooks?auth=abc123def456")
    remember_secrets({"notify": {"urls_env": "HOOK"}})
    assert redact("T0AB12CD34 and abc123def456 of services at hooks.example.com") == (
        "*** and *** of services at hooks.example.com"
    )


def test_every_variable_that_a_configuration_names_is_hidden_but_who_the_user_is(monkeypatch):
    for name in ("A_KEY", "B_KEY", "C_KEY", "SOME_USER"):
        monkeypatch.setenv(name, f"value-of-{name.lower()}")
    access = {"query_env": {"k": "A_KEY"}, "user_env": "SOME_USER", "token_env": "B_KEY", "user": "C_KEY"}
    remember_secrets({"utilization": [{"access": access}]})
    text = "value-of-a_key value-of-b_key value-of-some_user"
    assert redact(text) == "*** *** value-of-some_user"


def test_a_variable_whose_name_gives_it_away_is_hidden_before_anybody_asks_for_it(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent.sock")
    assert redact("key wJalrXUtnFEMI/K7MDENG of /run/agent.sock") == "key *** of /run/agent.sock"


def test_errors_and_their_copies_carry_no_secret():
    error = InputError("prom: http://user:PW@host/api: refused")
    assert str(error) == str(pickle.loads(pickle.dumps(error))) == "prom: http://***@host/api: refused"


def test_log_records_of_any_library_and_their_tracebacks_carry_none(caplog):
    before = logging.getLogRecordFactory()
    try:
        redact_logs()
        try:
            int("http://user:PW@host")
        except ValueError:
            logging.getLogger("somebody").exception("at %s", "http://h?token=PW")
    finally:
        logging.setLogRecordFactory(before)
    assert "PW" not in caplog.text
    assert "http://h?token=***" in caplog.text


@pytest.mark.parametrize(
    "name", ["Authorization", "X-Api-Key", "apikey", "api_key", "access_token", "sig", "Cookie", "DD-API-KEY"]
)
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["X-Scope-OrgID", "dedup", "tenant", "monkey", "namespace"])
def test_names_of_none(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("address", "path", "joined"),
    [
        ("http://h:9090", "api/v1/query", "http://h:9090/api/v1/query"),
        ("http://h:9090/", "api/v1/query", "http://h:9090/api/v1/query"),
        ("http://h/select/0/prometheus/", "api/v1/query", "http://h/select/0/prometheus/api/v1/query"),
        ("http://h/p?dedup=true", "health", "http://h/p/health?dedup=true"),
        ("http://h/a%2Fb", "health", "http://h/a%2Fb/health"),
    ],
)
def test_addresses_are_joined_by_their_parts(address, path, joined):
    assert str(below(address, path)) == joined


BUCKET = '[[billing]]\nkind = "focus"\nname = "b"\nuri = "s3://b/x"\n'
PROMETHEUS = """\
[[utilization]]
kind = "prometheus"
name = "p"
url = "{url}"
{access}
[utilization.metrics.cpu]
promql = "up"
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PROMETHEUS.format(url="http://user:hunter2@h", access=""), "utilization.0.url: holds a secret"),
        (PROMETHEUS.format(url="http://h?apikey=hunter2", access=""), "access"),
        (PROMETHEUS.format(url="http://h?k=hunter2", access=""), "access.query_env"),
        (PROMETHEUS.format(url="http://h/#hunter2", access=""), "access.query_env"),
        (PROMETHEUS.format(url="h:9090/x", access=""), "want http:// or https://"),
        (
            PROMETHEUS.format(url="http://h", access='access.headers = {{ "X-API-Key" = "hunter2" }}'),
            "X-API-Key is a secret; name its variable in access.headers_env",
        ),
        (
            PROMETHEUS.format(url="http://h", access='access.query = {{ token = "hunter2" }}'),
            "token is a secret; name its variable in access.query_env",
        ),
        (PROMETHEUS.format(url="http://h", access='access.token_env = "hunter2"'), "not the name of an environment"),
        (
            '[[billing]]\nkind = "focus"\nname = "b"\nuri = "s3://KEY:hunter2@bucket/x"\n',
            "billing.0.uri: holds a secret",
        ),
        (
            BUCKET + 'aws.endpoint_url = "https://k:hunter2@minio"\n',
            "billing.0.aws.endpoint_url: holds a secret",
        ),
        (
            BUCKET + 'aws.sts_endpoint_url = "https://s?sig=hunter2"\n',
            "billing.0.aws.sts_endpoint_url: holds a secret",
        ),
        (PROMETHEUS.format(url="http://h", access="") + '[notify]\nurls_env = "slack://hunter2/b/c"\n', "urls_env"),
        (
            PROMETHEUS.format(url="http://h", access="") + '[compute]\naddress = "tcp://u:hunter2@s:8786"\n',
            "compute.address",
        ),
        (
            PROMETHEUS.format(url="http://h", access="") + '[compute]\nadress = "tcp://u:hunter2@s:8786"\n',
            "compute.adress",
        ),
    ],
)
def test_a_secret_in_the_configuration_is_refused_and_not_shown(tmp_path: Path, text, says):
    file = tmp_path / "plimsoll.toml"
    file.write_text(text.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^[^\n]*$") as refused:
        read_settings(file)
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)
