"""Promises of a night that hold whatever the data: repeatable, safe to kill, one at a time, clear when it fails."""

import os
import signal
import subprocess
import time
from datetime import date
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from tests.data.older import make_warehouse
from tests.flows.conftest import PLIMSOLL, plimsoll

# What measures the run itself differs between equal nights; nothing else may.
MEASURED = {"night": {"*"}, "forecast_fit": {"seconds"}, "schema_version": set()}


def tables(snapshot: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every table's rows, sorted, without what measures the run."""
    with duckdb.connect(str(snapshot), read_only=True) as con:
        names = con.execute("select table_name from duckdb_tables() where not internal order by all").fetchall()
        found = {}
        for (name,) in names:
            left_out = MEASURED.get(name, set())
            if "*" in left_out:
                continue
            columns = f"* exclude ({', '.join(left_out)})" if left_out else "*"
            found[name] = con.execute(f"select {columns} from {name} order by all").fetchall()
    return found


@pytest.mark.xdist_group("night")
def test_a_second_night_on_the_same_input_leaves_every_table_equal(demo_night):
    snapshot = demo_night.parent / ".run/published/snapshot.duckdb"
    first = tables(snapshot)
    done = plimsoll("night", "--config", demo_night)
    assert done.returncode == 0, done.stderr
    second = tables(snapshot)
    assert first.keys() == second.keys()
    for name in first:
        assert first[name] == second[name], name
    assert len(first["cost_day"]) > 1000
    assert len(first["forecast"]) > 10_000


@pytest.mark.xdist_group("first night")
def test_a_killed_night_leaves_readers_on_the_last_snapshot_and_the_next_completes(estate_of_a_night):
    snapshot = estate_of_a_night.parent / ".run/published/snapshot.duckdb"
    before = tables(snapshot)
    log = estate_of_a_night.parent / ".run/logs/2026-11-11.jsonl"
    with subprocess.Popen(
        [*PLIMSOLL, "night", "--config", str(estate_of_a_night), "--as-of", "2026-11-11"],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as night:
        deadline = time.monotonic() + 600
        while not (log.exists() and '"check"' in log.read_text(encoding="utf-8")):  # it is now fitting
            assert night.poll() is None, f"the night ended by itself, with {night.returncode}"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(night.pid, signal.SIGKILL)
    assert tables(snapshot) == before
    done = plimsoll("night", "--config", estate_of_a_night, "--as-of", "2026-11-11")
    assert done.returncode == 0, done.stderr
    after = tables(snapshot)
    assert {row[0] for row in after["forecast_fit"]} == {date(2026, 11, 10), date(2026, 11, 11)}
    with duckdb.connect(str(snapshot), read_only=True) as con:
        states = con.execute("select state from night order by started_at").fetchall()
    assert states == [("done",), ("killed",), ("done",)]


def test_only_one_night_at_a_time(fresh_estate):
    warehouse = fresh_estate.parent / ".run"
    warehouse.mkdir()
    with FileLock(warehouse / "plimsoll.lock"):
        done = plimsoll("night", "--config", fresh_estate)
    assert done.returncode == 3
    assert "another night is running" in done.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("plimsoll.toml", "tag_keys", "tag_kyes", "allocation.tag_kyes: unknown key; did you mean 'tag_keys'?"),
        ("plimsoll.toml", '"services.toml"', '"service.toml"', "service.toml: no such file"),
        ("services.toml", "tier = 0\n", "", "checkout.tier: is missing"),
        ("services.toml", "lead_time_days", "leadtime_days", "did you mean 'lead_time_days'?"),
        ("plimsoll.toml", 'kind = "focus"', 'kind = "fokus"', "billing.0: "),
        ("plimsoll.toml", "[publish]", "[publish", "not TOML"),
    ],
)
def test_a_mistake_in_the_configuration_is_one_clear_line_and_exit_2(fresh_estate, file, old, new, says):
    path = fresh_estate.parent / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = plimsoll("night", "--config", fresh_estate)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (fresh_estate.parent / ".run").exists()


def test_a_source_that_fails_is_said_and_the_others_go_on(fresh_estate):
    manifest = next(fresh_estate.parent.glob("billing/exports/**/BILLING_PERIOD=2026-10/*Manifest.json"))
    manifest.write_text("{", encoding="utf-8")
    done = plimsoll("night", "--config", fresh_estate)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(fresh_estate.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        states = dict(con.execute("select source, state from source_state").fetchall())
        (error,) = con.execute("select error from source_state where source = 'aws'").fetchall()[0]
        currencies = con.execute("select distinct currency from cost_day").fetchall()
    assert states == {"aws": "failed", "metrics": "fresh", "oci": "fresh"}
    assert "Manifest.json" in error
    assert ("EUR",) in currencies


@pytest.mark.xdist_group("first night")
def test_a_night_without_any_source_keeps_what_is_published_and_exits_2(estate_of_a_night):
    snapshot = estate_of_a_night.parent / ".run/published/snapshot.duckdb"
    before = tables(snapshot)
    for folder in ("utilization", "billing"):
        (estate_of_a_night.parent / folder).rename(estate_of_a_night.parent / f"{folder}.away")
    done = plimsoll("night", "--config", estate_of_a_night, "--as-of", "2026-11-11")
    assert done.returncode == 2
    assert "no source could be read" in done.stderr
    assert tables(snapshot) == before


@pytest.mark.xdist_group("first night")
def test_a_reader_with_the_snapshot_open_does_not_stop_the_night_and_keeps_its_view(estate_of_a_night):
    snapshot = estate_of_a_night.parent / ".run/published/snapshot.duckdb"
    with duckdb.connect(str(snapshot), read_only=True) as reader:
        assert reader.execute("select max(made_on) from forecast").fetchall() == [(date(2026, 11, 10),)]
        assert plimsoll("night", "--config", estate_of_a_night, "--as-of", "2026-11-11").returncode == 0
        assert reader.execute("select max(made_on) from forecast where origin = 'live'").fetchall() == [
            (date(2026, 11, 10),)
        ]
    with duckdb.connect(str(snapshot), read_only=True) as reader:
        assert reader.execute("select max(made_on) from forecast").fetchall() == [(date(2026, 11, 11),)]


def test_backfill_runs_the_nights_in_between_and_scores_them(fresh_estate):
    done = plimsoll("backfill", "--config", fresh_estate, "--from", "2026-11-08", "--to", "2026-11-10")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(fresh_estate.parent / ".run/published/snapshot.duckdb"), read_only=True) as con:
        made = con.execute("select distinct made_on from forecast where origin = 'live' order by all").fetchall()
        scored = con.execute(
            "select distinct made_on from forecast_score where origin = 'live' order by all"
        ).fetchall()
    assert made == [(date(2026, 11, day),) for day in (8, 9, 10)]
    assert scored == [(date(2026, 11, day),) for day in (8, 9)]


def test_a_night_runs_on_a_warehouse_of_an_older_version(fresh_estate):
    warehouse = fresh_estate.parent / ".run/plimsoll.duckdb"
    warehouse.parent.mkdir()
    before = make_warehouse(warehouse, 1)
    done = plimsoll("night", "--config", fresh_estate, "--as-of", "2026-11-10")
    assert done.returncode == 0, done.stderr
    after = tables(fresh_estate.parent / ".run/published/snapshot.duckdb")
    for table in ("utilization_hour", "charge_day", "billing_load", "forecast_score"):  # facts and their history
        row = tuple(before[table].values())
        assert row in {kept[: len(row)] for kept in after[table]}, table  # later versions have more columns
    assert after["headroom"]
