"""`plimsoll risks`: worst first, of one team where asked."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from data.snapshot import write_snapshot
from flows.published.risks import read_risks

AS_OF = date(2026, 11, 20)


@pytest.fixture
def publish(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    con.execute("insert into service (service, is_catalogued, team, accounts, aliases, is_telemetry) "
                "values ('shop', true, 'web', [], [], false), ('search', true, 'co''re', [], [], false)")  # fmt: skip
    for service, owner, severity, impact in (
        ("search", "co're", "low", 5.0),
        ("shop", "web", "medium", 10.0),
        ("search", "co're", "high", None),
    ):
        con.execute(
            "insert into risk (as_of, kind, service, subject, severity, impact_usd, owner, evidence, first_seen, "
            "trend_week) values (?, 'breach', ?, ?, ?, ?, ?, 'because', ?, 'new')",
            [AS_OF, service, severity, severity, impact, owner, AS_OF],
        )
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    return tmp_path


def test_the_worst_comes_first(publish):
    found = json.loads(read_risks(publish, None, "json"))
    assert [row["severity"] for row in found] == ["high", "medium", "low"]


def test_a_team_sees_its_own(publish):
    found = json.loads(read_risks(publish, "co're", "json"))
    assert {row["service"] for row in found} == {"search"}
    assert read_risks(publish, "web", "csv").splitlines()[1].startswith("medium,breach,shop")


def test_a_team_that_nobody_is_of_is_said_with_those_there_are(publish):
    with pytest.raises(InputError, match=r"no service is of 'webb'; the catalog knows co're, web"):
        read_risks(publish, "webb", "table")
