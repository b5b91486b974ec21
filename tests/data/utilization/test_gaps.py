"""Where load is missing."""

from datetime import timedelta

import pytest

from tests.data.utilization.conftest import START


@pytest.fixture
def gaps(con):
    def read():
        rows = con.execute(
            "select service, from_utc, to_utc, hours, cause from utilization_gap order by all"
        ).fetchall()
        hour = timedelta(hours=1)
        return [(s, (a - START) // hour, b and (b - START) // hour, n, cause) for s, a, b, n, cause in rows]

    return read


def test_nothing_stored_has_no_gap(gaps):
    assert gaps() == []


def test_missing_hours_are_a_gap_and_whole_series_have_none(series, gaps):
    series("web", {h: h % 7 for h in range(100)})
    series("api", {h: h % 7 for h in range(100) if not 40 <= h < 45})
    assert gaps() == [("api", 40, 45, 5, None)]


def test_a_series_that_stops_is_open_and_not_zero(con, series, gaps):
    series("web", {h: h % 7 for h in range(100)})
    series("old", {h: h % 7 for h in range(60)})
    assert gaps() == [("old", 60, None, 40, "the series stopped")]
    assert con.execute("select count(*) from utilization_hour where value_sum = 0 and service = 'old'").fetchall() == [
        (9,)
    ]


def test_a_silent_source_is_the_cause_for_all_its_series(con, series, gaps):
    series("web", {h: 1 + h % 7 for h in range(100) if h not in (50, 51)})
    series("api", {h: 1 + h % 7 for h in range(100) if not 48 <= h < 52})
    series("other", {h: 1 + h % 7 for h in range(100)}, source="prom")
    con.execute(
        "insert into source_state (as_of, source, kind, state, rows_read, rows_rejected, rows_duplicate) "
        "values ('2026-11-06', 'prom', 'prometheus', 'failed', 0, 0, 0)"
    )
    assert gaps() == [
        ("api", 48, 52, 4, None),
        ("other", 100, None, 20, "nothing came from the source"),
        ("web", 50, 52, 2, "nothing came from the source"),
    ]


def test_a_car_park_that_is_closed_at_night_is_not_missing_at_night(series, gaps):
    series("park", {h: 1 + h % 7 for h in range(240) if 8 <= h % 24 < 17 and h != 36})
    causes = {row[3]: row[4] for row in gaps()}
    assert causes == {1: None, 15: "never measured at that time of day"}
