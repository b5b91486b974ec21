"""How urgent each limit is, from its dates."""

from datetime import date, datetime, timedelta

import duckdb
import pytest

from data.warehouse import load_sql, replace_window

AS_OF = date(2026, 11, 20)


def reached_in(days: int) -> dict[str, object]:
    p10 = AS_OF + timedelta(days=days)
    return {"p10_date": p10, "p50_date": p10 + timedelta(days=7), "act_by": p10 - timedelta(days=14)}


@pytest.fixture
def advise(con: duckdb.DuckDBPyConnection):
    """Return a function that stores limits of one service with their headroom and gives the advice by metric."""

    def read(**limits: dict[str, object] | None) -> dict[str, tuple[object, ...]]:
        con.execute("insert into service (service, is_catalogued, tier, accounts, aliases, is_telemetry) values "
                    "('web', true, 1, [], [], false)")  # fmt: skip
        for metric, facts in limits.items():
            con.execute("insert into capacity_limit (service, metric, valid_from, limit_value, lead_time_days) values "
                        "('web', ?, date '2026-01-01', 0.8, 14)", [metric])  # fmt: skip
            if facts is not None:
                known = {"made_on": AS_OF, "service": "web", "metric": metric, "limit_value": 0.8, "quantile": 0.95,
                         "peak_now": 0.6, "headroom_ratio": 0.1, "probability_90d": 0.02} | facts  # fmt: skip
                con.execute(f"insert into headroom ({', '.join(known)}) values ({', '.join('?' * len(known))})",
                            list(known.values()))  # fmt: skip
        replace_window(con, "advice", load_sql("decide/advice"), {"as_of": AS_OF}, keys={"as_of": AS_OF})
        rows = con.execute("select metric, level, urgency, is_first from current_advice").fetchall()
        return {metric: rest for metric, *rest in rows}

    return read


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"peak_now": 0.816}, "over"),
        ({"peak_now": 0.8}, "over"),
        (reached_in(10), "late"),
        (reached_in(14), "act"),
        (reached_in(44), "act"),
        (reached_in(45), "watch"),
        ({}, "fine"),
        ({"headroom_ratio": None}, "unknown"),
        ({"headroom_ratio": float("nan")}, "unknown"),
        (None, "unknown"),
        ({"peak_now": None}, "fine"),
        ({"planned_date": AS_OF + timedelta(days=20), "add_by": AS_OF + timedelta(days=6)}, "act"),
        ({"planned_date": AS_OF + timedelta(days=5), "add_by": AS_OF - timedelta(days=9)}, "act"),
        ({"planned_date": AS_OF + timedelta(days=80), "add_by": AS_OF + timedelta(days=66)}, "watch"),
        (reached_in(80) | {"planned_date": AS_OF, "add_by": AS_OF}, "act"),
        ({"at_limit_since": datetime(2026, 11, 2, 9)}, "over"),
    ],
)
def test_advice_is_as_urgent_as_the_dates(advise, facts, level):
    ((found, _, is_first),) = advise(cpu=facts).values()
    assert (found, is_first) == (level, True)


def test_one_limit_of_a_service_comes_first_the_most_urgent(advise):
    found = advise(cpu={}, memory=reached_in(20), disk=reached_in(80))
    assert [metric for metric, (_, _, is_first) in found.items() if is_first] == ["memory"]


def test_of_two_that_are_as_urgent_the_earlier_comes_first(advise):
    found = advise(cpu=reached_in(30), memory=reached_in(20))
    assert found["memory"][2]
    assert not found["cpu"][2]


def test_without_a_limit_there_is_no_advice(advise):
    assert advise() == {}
