"""What doctor finds by trying: a damaged warehouse, a small disk, a clock that is off, versions, what AWS allows."""

import json
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

from data.billing.deliveries import BillReading
from data.errors import InputError
from flows.doctor import doctor
from flows.doctor.doctor import Finding, examine
from flows.doctor.iam import iam_text
from flows.doctor.machine import unmet
from flows.memory import GIB, memory
from flows.settings import read_settings
from tests.warehouses import new_warehouse

NOW = datetime(2026, 11, 20, 6)
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's


def found(config: Path, what: str, now: datetime = NOW, **environment: str) -> Finding:
    (finding,) = [one for one in examine(config, lambda: now, environment) if one.what == what]
    return finding


@pytest.mark.parametrize(("share", "says"), [(0, "is not a database"), (0.4, "is cut short")])
def test_a_damaged_warehouse_is_bad_and_the_way_back_is_named(fresh_estate, share, says):
    warehouse = read_settings(fresh_estate).warehouse.path
    with new_warehouse(warehouse) as con:
        con.execute("create table big as select hash(i) as a from range(400000) r(i)")
    assert found(fresh_estate, "tables").state == "good"
    os.truncate(warehouse, int(warehouse.stat().st_size * share))
    finding = found(fresh_estate, "tables")
    assert finding.state == "bad"
    assert says in finding.found
    assert "plimsoll restore" in finding.found


@pytest.mark.parametrize(("free_mib", "state"), [(10, "bad"), (500, "warn"), (5000, "good")])
def test_a_disk_that_is_too_small_is_an_error(fresh_estate, monkeypatch, free_mib, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 40, 0, free_mib << 20))
    assert found(fresh_estate, "warehouse").state == state
    assert found(fresh_estate, "publish").state == state


@pytest.mark.parametrize(("gib", "state"), [(0.9, "bad"), (1.0, "good")])
def test_a_machine_without_the_memory_of_a_night_is_an_error(fresh_estate, monkeypatch, tmp_path, gib, state):
    (tmp_path / "none").write_text("max")
    (tmp_path / "limit").write_text(f"{gib * GIB:.0f}")
    limits = (tmp_path / "none", tmp_path / "limit", tmp_path / "missing")
    monkeypatch.setattr(doctor, "memory", lambda: memory(limits))
    assert found(fresh_estate, "memory").state == state


def test_a_limit_of_the_address_space_is_an_error_of_doctor_and_of_the_night(fresh_estate):
    limited = "import resource; resource.setrlimit(resource.RLIMIT_AS, ({},) * 2); from flows.cli import main; main()"
    for command in ("night", "doctor"):
        done = subprocess.run(
            [sys.executable, "-c", limited.format(3 * GIB), command, "--config", fresh_estate],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1
        assert "this process may map 3.0 GiB" in " ".join((done.stdout + done.stderr).split())
    assert not (fresh_estate.parent / ".run").exists()


@pytest.mark.parametrize(("off_s", "state"), [(0, "good"), (-90, "warn"), (90, "warn"), (1200, "bad"), (-1200, "bad")])
def test_a_clock_that_is_off_is_told_by_who_answers(fresh_estate, receiver, off_s, state):
    theirs = datetime.now(UTC).replace(tzinfo=None)
    with fresh_estate.open("a", encoding="utf-8") as file:
        file.write(
            f'[[utilization]]\nkind = "prometheus"\nname = "prom"\nurl = "{receiver.url}"\n'
            '[utilization.metrics.cpu]\npromql = "up"\n'
        )
    finding = found(fresh_estate, "clock", theirs + timedelta(seconds=off_s))
    assert finding.state == state
    assert "127.0.0.1" in finding.found


def test_requirements_that_are_not_met_are_named():
    def installed(name: str) -> str:
        if name == "cronsim":
            raise metadata.PackageNotFoundError(name)
        return {"sqlalchemy": "2.1.9", "duckdb": "2.0.1", "ray": "2.0"}[name]

    wanted = ["sqlalchemy<2.1", "duckdb>=2.0", "cronsim>=2.6", "ray>=2.50; extra == 'ray'"]
    wrong = ["sqlalchemy 2.1.9 is installed, want <2.1", "cronsim is not installed"]
    assert unmet(wanted, installed, {"threads"}) == wrong
    assert unmet(wanted, installed, {"ray"}) == [*wrong, "ray 2.0 is installed, want >=2.50"]


def test_what_doctor_prints_holds_no_secret():
    assert Finding("bad", "source", "http://user:hunter2@host is down").found == "http://***@host is down"


BUCKET = """
[[billing]]
kind = "focus"
name = "aws"
uri = "s3://bills/exports/daily"
aws.region = "us-east-1"
"""
ROLES = """
[publish]
s3 = "s3://site/plimsoll"
[[billing]]
kind = "athena"
name = "athena"
database = "cur"
table = "hourly"
output = "s3://results/athena"
[[billing]]
kind = "cost_explorer"
name = "explorer"
aws.assume_role = "arn:aws:iam::111122223333:role/billing"
[[utilization]]
kind = "cloudwatch"
name = "watch"
presets = ["ec2"]
[[utilization]]
kind = "files"
name = "load"
path = "s3://load/2026-*/*.csv"
"""


def policies(tmp_path: Path, text: str) -> dict[str, list[dict[str, object]]]:
    (tmp_path / "plimsoll.toml").write_text(text, encoding="utf-8")
    printed = iam_text(read_settings(tmp_path / "plimsoll.toml"))
    found = {}
    for part in printed.split("# for ")[1:]:
        who, _, policy = part.partition("\n")
        found[who] = json.loads(policy.split("\n#")[0])["Statement"]
    return found


def test_the_policy_names_the_least_that_is_configured(tmp_path):
    found = policies(tmp_path, BUCKET)
    assert found == {
        "the credentials that plimsoll runs with": [
            {
                "Effect": "Allow",
                "Action": ["s3:ListBucket"],
                "Resource": "arn:aws:s3:::bills",
                "Condition": {"StringLike": {"s3:prefix": "exports/daily*"}},
            },
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::bills/exports/daily*"},
        ]
    }


def test_every_kind_and_role_has_its_policy(tmp_path):
    found = policies(tmp_path, ROLES)
    role = found.pop("role arn:aws:iam::111122223333:role/billing")
    assert [statement["Action"] for statement in role] == [["ce:GetCostAndUsage"]]
    (own,) = found.values()
    actions = {action for statement in own for action in statement["Action"]}
    assert {"sts:AssumeRole", "athena:StartQueryExecution", "glue:GetTable", "cloudwatch:GetMetricData"} <= actions
    resources = str([statement["Resource"] for statement in own])
    for place in ("s3:::site/plimsoll*", "s3:::results/athena*", "s3:::load/*", "role/billing"):
        assert place in resources


def test_nothing_of_aws_needs_no_policy(fresh_estate):
    assert iam_text(read_settings(fresh_estate)) == "nothing that is configured needs AWS"


@pytest.mark.parametrize("without", [None, "s3:ListBucket", "s3:GetObject"])
@mock_aws
def test_the_printed_policy_is_enough_and_each_action_of_it_is_needed(tmp_path, monkeypatch, without):
    statements = policies(tmp_path, BUCKET)["the credentials that plimsoll runs with"]
    kept = [statement for statement in statements if without not in statement["Action"]]
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="bills")
    s3.put_object(Bucket="bills", Key="exports/daily/bill.csv", Body=b"BilledCost\n1\n")
    iam = boto3.client("iam", region_name="us-east-1")
    iam.create_user(UserName="night")
    document = json.dumps({"Version": "2012-10-17", "Statement": kept})
    iam.put_user_policy(UserName="night", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="night")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    source = read_settings(tmp_path / "plimsoll.toml").billing[0]
    reading = BillReading(tmp_path / "cache", date(2026, 11, 20), is_probe=True)
    look = set_initial_no_auth_action_count(0)(doctor._deliveries)  # from now on policies count
    if without is None:
        assert look(source, reading) == "1 deliveries, 1 files"
    else:
        with pytest.raises(InputError, match=r"s3:ListBucket on the bucket and s3:GetObject"):
            look(source, reading)
