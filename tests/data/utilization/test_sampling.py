"""How often a source measures, and how many of its hours have a sample."""

from datetime import timedelta

import pytest

from tests.data.utilization.conftest import START


def sampling(con) -> dict:
    found = con.execute("from source_sampling order by all").fetchall()
    return {(source, metric): rest for source, metric, *rest in found}


def test_nothing_stored_is_no_source(con):
    assert sampling(con) == {}


def test_steps_and_hours_of_each_metric_of_a_source(con, series):
    hours = 28 * 24
    series("web", dict.fromkeys(range(hours), 1))
    series("api", {h: 1 for h in range(hours) if h % 4})
    series("web", dict.fromkeys(range(0, hours, 6), 1), metric="queue")
    con.execute("update utilization_hour set samples = 12 where metric = 'cpu'")
    assert sampling(con) == {
        ("metrics", "cpu"): [2, 300, pytest.approx((hours + hours * 3 / 4) / (hours + hours - 1))],
        ("metrics", "queue"): [1, 6 * 3600, pytest.approx(1 / 6)],
    }


def test_hourly_series_with_gaps_are_hourly_and_what_is_older_than_28_days_does_not_count(con, series):
    series("web", dict.fromkeys(range(10), 1) | {h: 1 for h in range(400, 400 + 28 * 24) if h % 10})
    assert sampling(con) == {("metrics", "cpu"): [1, 3600, pytest.approx(0.9, abs=0.002)]}


def test_a_source_that_fell_silent_has_fewer_hours_and_one_that_is_removed_has_none(con, series):
    series("web", dict.fromkeys(range(240), 1))
    series("old", dict.fromkeys(range(240), 1), source="gone")
    con.execute("insert into source values ('metrics', 'files', true), ('gone', 'files', false)")
    known = (START + timedelta(hours=480)).date()
    con.execute(
        "insert into source_state (as_of, source, kind, state, rows_read, rows_rejected, rows_duplicate) "
        "values ($known, 'metrics', 'files', 'stale', 0, 0, 0)",
        {"known": known},
    )
    assert sampling(con) == {("metrics", "cpu"): [1, 3600, 0.5]}


def test_a_service_that_goes_on_under_another_name_is_whole_until_that_day(con, series):
    series("old", dict.fromkeys(range(240), 1))
    series("new", dict.fromkeys(range(240, 480), 1))
    con.execute("insert into lineage values ('old', 'new', $day, 1)", {"day": (START + timedelta(hours=240)).date()})
    assert sampling(con) == {("metrics", "cpu"): [2, 3600, 1.0]}
