"""A schedule in the words of what scales a service."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data.errors import InputError
from data.snapshot import write_snapshot
from flows.published.scale_schedule import read_schedule

AS_OF = date(2026, 11, 20)


@pytest.fixture
def publish(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days, units, "
                "unit_cost_usd_month) values ('web', 'cpu', '2026-01-01', 0.8, 7, 8, 100), "
                "('web', 'memory', '2026-01-01', 0.8, 7, null, null)")  # fmt: skip
    for metric in ("cpu", "memory"):
        for hour in range(168):
            busy = 8 <= hour % 24 < 18 and hour < 120
            con.execute("insert into scale_schedule values (?, 'web', ?, ?, ?, 0.5)",
                        [AS_OF, metric, hour, 6 if busy else 2])  # fmt: skip
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    return tmp_path


def test_json_has_every_hour_and_states_the_saving(publish):
    found = json.loads(read_schedule(publish, "web", "cpu", "json"))
    assert [hour["units"] for hour in found["hours"]][7:9] == [2, 6]
    assert found["constant_units"] == 6
    assert found["mean_units"] == pytest.approx((50 * 6 + 118 * 2) / 168)
    assert found["saving_usd_month"] == pytest.approx(100 * (6 - found["mean_units"]))


def test_ec2_acts_where_the_number_changes_on_the_day_that_cron_means(publish):
    found = json.loads(read_schedule(publish, "web", "cpu", "ec2"))["ScheduledUpdateGroupActions"]
    assert [(one["Recurrence"], one["DesiredCapacity"]) for one in found][:3] == [
        ("0 0 * * 1", 2),
        ("0 8 * * 1", 6),
        ("0 18 * * 1", 2),
    ]
    assert len(found) == 11
    assert found[-1]["Recurrence"] == "0 18 * * 5"


def test_keda_has_a_trigger_for_each_stretch_above_the_least(publish):
    found = json.loads(read_schedule(publish, "web", "cpu", "keda"))
    assert (found["minReplicaCount"], found["maxReplicaCount"]) == (2, 6)
    assert [one["metadata"]["start"] for one in found["triggers"]] == [f"0 8 * * {day}" for day in range(1, 6)]
    assert {one["metadata"]["end"] for one in found["triggers"]} == {f"0 18 * * {day}" for day in range(1, 6)}


def test_what_is_counted_by_parts_runs_whole_where_machines_are_scheduled(con, tmp_path):
    con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days, units) "
                "values ('web', 'cpu', '2026-01-01', 0.8, 7, 2.5)")  # fmt: skip
    for hour in range(168):
        con.execute("insert into scale_schedule values (?, 'web', 'cpu', ?, ?, 0.5)",
                    [AS_OF, hour, 1.2 if hour < 84 else 2.3])  # fmt: skip
    write_snapshot(con, tmp_path / "snapshot.duckdb")
    found = json.loads(read_schedule(tmp_path, "web", "cpu", "ec2"))["ScheduledUpdateGroupActions"]
    assert [one["DesiredCapacity"] for one in found] == [2, 3]


@pytest.mark.parametrize(
    ("service", "metric", "layout", "words"),
    [
        ("web", None, "json", "--metric"),
        ("web", "disk", "json", "cpu, memory"),
        ("api", None, "json", "has no schedule"),
        ("web", "memory", "keda", "set units"),
    ],
)
def test_what_cannot_be_scheduled_says_why(publish, service, metric, layout, words):
    with pytest.raises(InputError, match=words):
        read_schedule(publish, service, metric, layout)


def test_before_a_night_nothing_is_published(tmp_path):
    with pytest.raises(InputError, match="nothing is published"):
        read_schedule(tmp_path, "web", None, "json")
