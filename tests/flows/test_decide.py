"""The loop of decisions: inputs from tables, rows into tables, and one that fails costs no other."""

import errno
from datetime import date, timedelta
from typing import get_args

import duckdb
import pytest

from data.warehouse import SQL
from flows import decide as decisions
from flows.decide import DECISIONS, Query, decide, decide_one
from forecasting.decisions import Decision
from forecasting.decisions.headroom import Headroom
from forecasting.decisions.night import Night
from tests.flows.deciding import AS_OF, forecast_rows

NIGHT = Night(AS_OF, paths=200)


@pytest.fixture
def estate(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    con.execute("insert into service (service, is_catalogued, tier, accounts, aliases, is_telemetry) values "
                "('web', true, 0, [], [], false)")  # fmt: skip
    con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) values "
                "('web', 'cpu', date '2026-01-01', 0.8, 14)")  # fmt: skip
    forecast_rows(con, "web", "cpu", 0.6)
    forecast_rows(con, "web", "cost_usd", 100, first=AS_OF - timedelta(days=2))
    return con


def test_every_spec_of_the_union_has_its_place_in_the_loop_and_its_inputs():
    union = get_args(get_args(Decision)[0]) or (get_args(Decision)[0],)
    in_loop = [type(decision) for decision in DECISIONS if not isinstance(decision, Query)]
    assert sorted(union, key=str) == sorted(in_loop, key=str)
    for decision in DECISIONS:
        if isinstance(decision, Query):
            assert (SQL / "decide" / f"{decision.table}.sql").is_file()
        else:
            assert list((SQL / "decide" / decision.kind).glob("*.sql"))


def test_a_limit_is_reached_on_the_day_that_the_stored_futures_say(estate):
    assert decide(estate, NIGHT) == {}
    rows = estate.execute("select p10_date, p50_date, act_by, quantile, probability_90d from headroom").fetchall()
    ((p10, p50, act_by, quantile, within),) = rows
    # The mean passes 0.8 on day 34; single days are 5 % off as often as not, so the first to pass is earlier.
    assert AS_OF + timedelta(days=20) < p10 <= p50 < AS_OF + timedelta(days=40)
    assert act_by == p10 - timedelta(days=14)
    assert (quantile, within) == (0.99, 1.0)


def test_a_month_holds_what_is_known_what_is_not_settled_and_what_is_ahead(estate):
    for day in range(17):  # 1 to 17 November are settled; 18 and 19 are not
        estate.execute("insert into cost_service_day values ('web', ?, 'direct', 'USD', 100, 100, true)",
                       [date(2026, 11, 1) + timedelta(days=day)])  # fmt: skip
    decide(estate, NIGHT)
    ((known, mean),) = estate.execute("select known, mean from forecast_sum where service = 'web' and grain = 'm' "
                                      "and period_start = '2026-11-01'").fetchall()  # fmt: skip
    assert known == pytest.approx(1700)
    assert mean == pytest.approx(1700 + sum(100 * (1 + 0.01 * day) for day in range(13)), rel=0.01)
    assert estate.execute("select mean from forecast where grain = 'm' and target_time = '2026-11-01'").fetchall() == [
        (mean,)
    ]


def test_twice_is_the_same_as_once(estate):
    decide(estate, NIGHT)
    once = [estate.execute(f"from {table} order by all").fetchall() for table in ("headroom", "forecast_sum")]
    decide(estate, NIGHT)
    assert once == [estate.execute(f"from {table} order by all").fetchall() for table in ("headroom", "forecast_sum")]


def test_without_anything_forecast_nothing_is_decided_and_nothing_fails(con):
    assert decide(con, NIGHT) == {}
    assert con.execute("select count(*) from headroom").fetchall() == [(0,)]


def test_a_decision_that_fails_is_reported_among_the_checks_and_stops_no_other(estate, monkeypatch):
    monkeypatch.setattr(decisions, "DECISIONS", (Query("no_such_decision"), Headroom()))
    failed = decide(estate, NIGHT)
    assert list(failed) == ["no_such_decision"]
    rows = estate.execute("select name, severity, rows from check_result").fetchall()
    assert rows == [("decision no_such_decision", "warn", 1)]
    assert estate.execute("select count(*) from headroom").fetchall() == [(1,)]
    monkeypatch.undo()
    decide(estate, NIGHT)
    assert estate.execute("select count(*) from check_result").fetchall() == [(0,)]


def test_a_decision_that_finds_no_room_on_the_disk_ends_the_night(estate, monkeypatch):
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(decisions, "decide_one", no_room)
    with pytest.raises(OSError, match="No space"):
        decide(estate, NIGHT)


def test_an_earlier_nights_decision_stays(estate):
    estate.execute("insert into headroom (made_on, service, metric, limit_value, quantile) values "
                   "(date '2026-11-19', 'web', 'cpu', 0.8, 0.99)")  # fmt: skip
    decide_one(estate, Headroom(), NIGHT)
    assert estate.execute("select made_on from headroom order by all").fetchall() == [(date(2026, 11, 19),), (AS_OF,)]
