"""How full a service is now: of the level that it has, and not of one that it had."""

from datetime import date, datetime

import duckdb
import pytest

from data.warehouse import load_sql, run

AS_OF = date(2026, 11, 20)


@pytest.fixture
def peak(con: duckdb.DuckDBPyConnection):
    """Return a function that stores breaks of a series (0.9 until 10 November, 0.5 since) and gives its peak."""
    con.execute(
        "insert into utilization_hour by name select 'web' as service, 'cpu' as metric, moment as hour_utc, "
        "case when moment < '2026-11-10' then 0.9 else 0.5 end as value_max, value_max as value_avg, value_max as "
        "value_p95, value_max as value_sum, 1 as samples, 'f' as source "
        "from range(timestamp '2026-09-01', timestamp '2026-11-20', interval 1 hour) as hour(moment)"
    )

    def read(*breaks: tuple[str, datetime, datetime | None, bool]) -> tuple[object, ...]:
        for kind, since, until, is_open in breaks:
            con.execute("insert into series_break (service, metric, grain, kind, from_utc, to_utc, is_open) "
                        "values ('web', 'cpu', 'd', ?, ?, ?, ?)", [kind, since, until, is_open])  # fmt: skip
        rows = run(con, f"select peak_now, peak_since, at_limit_since from ({load_sql('decide/headroom/peak')})",
                   {"as_of": AS_OF}).fetchall()  # fmt: skip
        return rows[0] if rows else ()

    return read


def test_without_a_break_it_is_the_peak_of_a_month(peak):
    assert peak() == (0.9, date(2026, 10, 21), None)


def test_a_level_that_is_over_does_not_count(peak):
    assert peak(("step", datetime(2026, 11, 10), None, False)) == (0.5, date(2026, 11, 10), None)


def test_a_ramp_counts_from_its_end(peak):
    assert peak(("ramp", datetime(2026, 10, 25), datetime(2026, 11, 12), False))[:2] == (0.5, date(2026, 11, 12))


def test_a_break_long_ago_changes_nothing(peak):
    assert peak(("step", datetime(2026, 9, 10), None, False))[:2] == (0.9, date(2026, 10, 21))


def test_an_outage_or_an_excursion_is_no_new_level(peak):
    assert peak(("outage", datetime(2026, 11, 15), datetime(2026, 11, 16), False))[0] == 0.9


def test_a_load_that_stands_at_a_ceiling_says_since_when(peak):
    since = datetime(2026, 11, 12, 9)
    assert peak(("saturation", since, None, True))[2] == since
    assert peak(("saturation", datetime(2026, 10, 1), datetime(2026, 10, 2), False))[2] == since
