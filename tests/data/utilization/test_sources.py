"""What every source of load promises, whatever its kind."""

from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from data.errors import InputError
from data.utilization import Source

LEAST = {
    "files": {"path": "load/*.csv"},
    "prometheus": {"url": "http://127.0.0.1:9", "metrics": {"cpu": {"promql": "cpu"}}},
    "cloudwatch": {"presets": ["sqs"], "accounts": [{"aws": {"endpoint_url": "http://127.0.0.1:9"}}]},
}
KINDS = [get_args(member.model_fields["kind"].annotation)[0] for member in get_args(get_args(Source)[0])]


def made(kind: str, **more):
    return TypeAdapter(Source).validate_python({"kind": kind, "name": "load", **LEAST[kind], **more})


def test_every_kind_is_held_to_its_promises():
    assert sorted(KINDS) == sorted(LEAST)


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_that_cannot_be_reached_is_one_line_that_names_it(kind, night, tmp_path, monkeypatch):
    monkeypatch.setattr("data.utilization.prometheus.api.ATTEMPTS", 1)
    monkeypatch.setattr("data.storage.aws.ATTEMPTS", 1)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with pytest.raises(InputError) as error:
        night(made(kind).located(tmp_path))
    assert str(error.value).startswith("load: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_misspelt_key_is_refused(kind):
    with pytest.raises(ValidationError, match="Extra inputs"):
        made(kind, regoins=["eu-west-1"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_is_located_without_a_change_of_its_name(kind, tmp_path: Path):
    located = made(kind).located(tmp_path)
    assert (located.name, located.kind) == ("load", kind)
    assert set(located.metric_kinds.values()) <= {"count", "gauge"}
