"""A scenario of the command line or the configuration, from its words to what it changes."""

import json
import resource
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from pydantic import ValidationError

from data.errors import InputError
from data.scenarios import Scenario, store_scenarios
from data.snapshot import write_snapshot
from flows.decide import DECISIONS, decide_one
from flows.published.what_if import published_night, scenario_of, what_if
from forecasting.decisions.night import Night
from tests.flows.deciding import AS_OF, forecast_rows

NIGHT = Night(AS_OF, paths=200)
FIRST = date(2026, 12, 1)


@pytest.fixture
def estate(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    con.execute("insert into service (service, is_catalogued, tier, team, request_metric, accounts, aliases, "
                "is_telemetry) values ('web', true, 0, 'front', 'requests', [], [], false), "
                "('api', true, 0, 'front', 'requests', [], [], false)")  # fmt: skip
    con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) values "
                "('web', 'cpu', date '2026-01-01', 0.8, 14)")  # fmt: skip
    forecast_rows(con, "web", "cpu", 0.5, growth=0.0)
    for service in ("web", "api"):
        forecast_rows(con, service, "cost_usd", 100, growth=0.0)
        forecast_rows(con, service, "requests", 1e6, growth=0.0)
    return con


@pytest.fixture
def publish(estate: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    write_snapshot(estate, tmp_path / "snapshot.duckdb")
    return tmp_path


def test_the_command_answers_for_one_service_on_the_published_futures(publish):
    scenario = scenario_of("web", first_day=FIRST, last_day=date(2026, 12, 31), requests="+30%")
    rows = json.loads(what_if(publish, scenario, "json"))
    assert {row["service"] for row in rows if row["scope"] == "service"} == {"web"}
    december = next(row for row in rows if row["measure"] == "requests" and row["period_start"].startswith("2026-12"))
    assert december["result"] == pytest.approx(1.3 * december["baseline"])
    headroom = next(row for row in rows if row["measure"] == "headroom_ratio")
    assert headroom["result"] < headroom["baseline"]


def test_the_table_says_what_changes_and_what_was_assumed(publish):
    text = what_if(publish, scenario_of("web", first_day=FIRST, requests="x2"), "table")
    assert " USD a million requests" in text
    assert " % " in next(line for line in text.splitlines() if line.strip().startswith("headroom"))
    assert "e-0" not in text
    assert "cost, Dec 2026" in text
    assert "assumed: cost follows requests in proportion" in text
    assert "limit reached by (1 in 2)" in text


def test_the_published_night_is_where_a_change_begins_by_default(publish):
    assert published_night(publish) == AS_OF


def test_scenarios_of_the_configuration_stand_beside_the_baseline(estate):
    sale = Scenario(name="sale", team="front", first_day=FIRST, requests="+50%")
    shrink = Scenario(name="shrink", services=("web",), first_day=FIRST, limit={"cpu": "0.4"})
    store_scenarios(estate, [sale, shrink])
    before = estate.execute("from forecast order by all").fetchall()
    (decision,) = [one for one in DECISIONS if one.kind == "scenario"]
    decide_one(estate, decision, NIGHT)
    counted = estate.execute("select scenario, count(distinct service) from current_scenario_result "
                             "where scope = 'service' group by all order by all").fetchall()  # fmt: skip
    assert counted == [("sale", 2), ("shrink", 1)]
    assert estate.execute("select result_date from current_scenario_result where scenario = 'shrink' and "
                          "measure = 'p50_date'").fetchall() == [(FIRST,)]  # fmt: skip
    assert estate.execute("from forecast order by all").fetchall() == before


def test_teams_and_everything_stand_beside_the_services_and_add_up(estate):
    forecast_rows(estate, "mail", "cost_usd", 40, growth=0.0)
    store_scenarios(estate, [Scenario(name="sale", services=("web",), first_day=FIRST, requests="+50%")])
    for kind in ("cost_period", "scenario"):
        (decision,) = [one for one in DECISIONS if one.kind == kind]
        decide_one(estate, decision, NIGHT)
    rows = estate.execute(
        "select scope, service, round(baseline), round(result), round(change) from current_scenario_result "
        "where measure = 'cost' and period_start = date '2026-12-01' order by scope"
    ).fetchall()
    assert [row[:2] for row in rows] == [("service", "web"), ("team", "front"), ("total", "(total)")]
    web, front, total = (row[2:] for row in rows)
    assert front == (pytest.approx(2 * web[0], rel=0.01), pytest.approx(2 * web[0] + web[2], rel=0.01), web[2])
    assert total == (pytest.approx(2.4 * web[0], rel=0.01), pytest.approx(2.4 * web[0] + web[2], rel=0.01), web[2])
    (team_low, total_low) = estate.execute(
        "select list(baseline_hi80 - baseline_lo80 order by scope) from current_scenario_result "
        "where measure = 'cost' and period_start = date '2026-12-01' and scope <> 'service'"
    ).fetchone()[0]
    assert 0 < team_low < total_low


def test_the_command_prints_the_team_and_the_total(estate, tmp_path):
    (decision,) = [one for one in DECISIONS if one.kind == "cost_period"]
    decide_one(estate, decision, NIGHT)
    write_snapshot(estate, tmp_path / "snapshot.duckdb")
    lines = what_if(tmp_path, scenario_of("web", first_day=FIRST, requests="x2"), "table").splitlines()
    assert {"web: cost_usd", "team front: cost_usd", "(total): cost_usd"} <= set(lines)


def test_without_scenarios_there_is_nothing(estate):
    store_scenarios(estate, [])
    (decision,) = [one for one in DECISIONS if one.kind == "scenario"]
    decide_one(estate, decision, NIGHT)
    assert estate.execute("select count(*) from scenario_result").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"requests": "30"}, "requests: '30' is not a change"),
        ({"requests": "-130%"}, "less than nothing"),
        ({"limit": ("cpu",)}, "--limit 'cpu'"),
        ({"limit": ("cpu=0",)}, "not a change"),
        ({"price": ("=+10%",)}, "--price"),
        ({"move": ("vm:us",)}, "--move 'vm:us'"),
        ({"commitment": "12"}, "--commitment '12'"),
        ({"commitment": "12@200%"}, "not a share"),
        ({}, "changes nothing"),
        ({"requests": "+1%", "last_day": date(2026, 1, 1)}, "before first_day"),
        ({"requests": "+1%", "kind": "growth"}, "growth needs last_day"),
    ],
)
def test_what_cannot_be_understood_is_said_in_one_line(options, words):
    with pytest.raises(InputError, match=words):
        scenario_of("web", first_day=FIRST, **options)


def test_a_service_that_is_not_there_is_named(publish):
    with pytest.raises(InputError, match="nope"):
        what_if(publish, scenario_of("nope", first_day=FIRST, requests="+1%"), "table")


def test_a_scenario_of_the_configuration_is_checked_like_the_command():
    with pytest.raises(ValidationError, match="not a change"):
        Scenario(name="s", first_day=FIRST, price={"db": "ten"})


def test_the_command_answers_in_under_two_seconds_of_a_processor(estate, tmp_path):
    (decision,) = [one for one in DECISIONS if one.kind == "cost_period"]
    decide_one(estate, decision, NIGHT)
    (tmp_path / "published").mkdir()
    write_snapshot(estate, tmp_path / "published" / "snapshot.duckdb")
    (tmp_path / "services.toml").write_text("[web]\n")
    (tmp_path / "plimsoll.toml").write_text(
        '[warehouse]\npath = "w.duckdb"\n[publish]\ndir = "published"\n[catalog]\nfile = "services.toml"\n'
    )
    command = [
        sys.executable,
        "-m",
        "flows",
        "what-if",
        "--config",
        str(tmp_path / "plimsoll.toml"),
        "--service",
        "web",
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*command, "--requests", "+30%"], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "web: cost_usd" in done.stdout
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2


def test_a_question_does_not_wait_for_prefect():
    program = "import sys, flows.published.what_if, flows.commands.reading; print('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
