"""What stays of hundreds of nights."""

from datetime import date, timedelta

import duckdb
import pytest

from data.retention import KEPT, NEWEST, THINNED, thin, thinned

AS_OF = date(2026, 11, 20)
YEARS = {AS_OF - timedelta(days=ago) for ago in range(900)}


@pytest.fixture(scope="module")
def left() -> set[date]:
    return YEARS - thinned(YEARS, AS_OF, 35, 400)


def test_every_night_of_the_last_weeks_stays(left):
    assert {AS_OF - timedelta(days=ago) for ago in range(36)} <= left


def test_of_older_nights_the_first_of_each_week_stays_and_of_the_oldest_the_first_such_of_each_month(left):
    weekly = {night for night in left if 35 < (AS_OF - night).days <= 400}
    assert all(night.weekday() == 0 for night in weekly)
    assert len(weekly) == 52
    monthly = sorted(night for night in left if (AS_OF - night).days > 400)
    months = [(night.year, night.month) for night in monthly]
    assert len(months) == len(set(months))
    assert (months[0], months[-1], len(months)) == ((2024, 6), (2025, 10), 17)


def test_thinned_night_by_night_the_same_nights_stay():
    stays: set[date] = set()
    for night in sorted(YEARS):
        stays.add(night)
        stays -= thinned(stays, night, 35, 400)
    assert stays == YEARS - thinned(YEARS, AS_OF, 35, 400)


def test_where_the_first_night_of_a_week_is_missing_its_next_one_stays():
    nights = {date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 8)}  # Wednesday, Thursday; Monday
    assert thinned(nights, AS_OF, 35, 400) == {date(2026, 6, 4)}


def test_forecasts_of_years_of_nights_are_held_to_the_nights_that_stay(con: duckdb.DuckDBPyConnection):
    con.execute(
        "insert into forecast by name select made_on, 'web' as service, 'requests' as metric, 'd' as grain, "
        "made_on + to_days(ahead::integer) as target_time, 1.0 as mean, mean as lo80, mean as hi80, mean as lo95, "
        "mean as hi95, 'm' as model, origin from (select $as_of - ago::integer as made_on from range(900) night(ago)), "
        "range(3) day(ahead), (select unnest(['live', 'backtest']) as origin)",
        {"as_of": AS_OF},
    )
    removed = thin(con, AS_OF, 35, 400)
    found = dict(con.execute("select origin, count(*) from forecast group by all").fetchall())
    stays = len(YEARS - thinned(YEARS, AS_OF, 35, 400))
    assert found == {"live": stays * 3, "backtest": 900 * 3}
    assert removed == (900 - stays) * 3
    assert thin(con, AS_OF, 35, 400) == 0


def test_every_table_of_nights_says_how_long_it_is_kept(con: duckdb.DuckDBPyConnection):
    tables = con.execute(
        "select distinct table_name from duckdb_columns() where column_name in ('made_on', 'as_of') "
        "and table_name in (select table_name from duckdb_tables() where not temporary)"
    ).fetchall()
    assert {table for (table,) in tables} == THINNED.keys() | KEPT | NEWEST
