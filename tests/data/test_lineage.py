"""Services that were renamed, split or merged go on with the history that they had under other names."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from pydantic import TypeAdapter, ValidationError

from data.lineage import Lineages, build_inherited, store_lineage
from data.warehouse import load_sql, run

DAY = date(2026, 11, 3)
START = datetime(2026, 11, 1)
HOURS = 24 * 4


def lineages(*said: tuple) -> tuple:
    rows = [dict(zip(("from", "to", "day", "share"), one, strict=False)) for one in said]
    return TypeAdapter(Lineages).validate_python(rows)


@pytest.fixture
def actual(con):
    """Return a function that joins histories, and gives {(service, metric): {hour or day: value}} of a grain."""
    con.execute("insert into metric values ('requests', 'count')")

    def read(*said: tuple, grain: str = "h") -> dict:
        store_lineage(con, lineages(*said))
        build_inherited(con)
        found: dict = {}
        rows = con.execute(
            "select service, metric, time_utc, value from actual where grain = $grain order by all", {"grain": grain}
        ).fetchall()
        for service, metric, time_utc, value in rows:
            found.setdefault((service, metric), {})[(time_utc - START) // timedelta(hours=1)] = value
        return found

    return read


@pytest.fixture
def store(con):
    """Return a function that stores hours of a service: {hour since START: value}."""

    def store(service: str, values: dict[int, float], metric: str = "requests") -> None:
        con.register("hour", pd.DataFrame({"h": list(values), "v": [float(v) for v in values.values()]}))
        con.execute(
            "insert into utilization_hour select $service, $metric, $start + to_hours(h), v, v, v, v, 1, 'm' from hour",
            {"service": service, "metric": metric, "start": START},
        )

    return store


def flat(first: int, last: int, value: float) -> dict[int, float]:
    return dict.fromkeys(range(first, last), value)


def test_without_lineage_what_was_measured_is_actual(con, actual, store):
    store("old", flat(0, 48, 5))
    assert actual() == {("old", "requests"): flat(0, 48, 5)}
    assert con.execute("select count(*) from inherited_actual").fetchall() == [(0,)]


def test_a_renamed_service_goes_on_with_its_history_by_the_hour_and_by_the_day(actual, store):
    store("old", flat(0, 48, 5))
    store("new", flat(48, HOURS, 7))
    assert actual(("old", "new", DAY))["new", "requests"] == flat(0, 48, 5) | flat(48, HOURS, 7)
    assert actual(("old", "new", DAY), grain="d")["new", "requests"] == {0: 120, 24: 120, 48: 168, 72: 168}


def test_what_the_old_name_still_measures_after_that_day_is_its_own(actual, store):
    store("old", flat(0, HOURS, 5))
    store("new", flat(48, HOURS, 7))
    found = actual(("old", "new", DAY))
    assert found["new", "requests"] == flat(0, 48, 5) | flat(48, HOURS, 7)
    assert found["old", "requests"] == flat(0, HOURS, 5)


def test_a_split_service_is_shared_out_where_it_is_counted_and_as_full_as_it_was_where_it_is_a_gauge(actual, store):
    store("shop", flat(0, 48, 100))
    store("shop", flat(0, 48, 0.6), "cpu")
    store("cart", flat(48, HOURS, 40))
    found = actual(("shop", "cart", DAY, 0.3), ("shop", "pay", DAY, 0.7))
    assert found["cart", "requests"] == pytest.approx(flat(0, 48, 30) | flat(48, HOURS, 40))
    assert found["pay", "requests"] == pytest.approx(flat(0, 48, 70))
    assert found["cart", "cpu"] == found["pay", "cpu"] == flat(0, 48, 0.6)


def test_merged_services_are_added_and_their_gauges_are_a_mean_by_the_hour_and_the_peak_of_the_day(actual, store):
    for name, requests, cpu in (("a", 10, 0.2), ("b", 30, 0.6)):
        store(name, flat(0, 48, requests))
        store(name, flat(0, 48, cpu), "cpu")
    said = (("a", "one", DAY), ("b", "one", DAY))
    found = actual(*said)
    assert found["one", "requests"] == flat(0, 48, 40)
    assert found["one", "cpu"] == pytest.approx(flat(0, 48, 0.4))
    assert actual(*said, grain="d")["one", "cpu"] == {0: 0.6, 24: 0.6}


def test_a_canary_before_the_day_is_added_to_counts_and_stands_before_the_others_gauge(actual, store):
    store("old", flat(0, 48, 100))
    store("old", flat(0, 48, 0.9), "cpu")
    store("new", flat(40, HOURS, 3))
    store("new", flat(40, HOURS, 0.1), "cpu")
    found = actual(("old", "new", DAY))
    assert found["new", "requests"] == flat(0, 40, 100) | flat(40, 48, 103) | flat(48, HOURS, 3)
    assert found["new", "cpu"] == flat(0, 40, 0.9) | flat(40, HOURS, 0.1)


def test_what_was_renamed_twice_is_in_the_history_of_its_last_name(actual, store):
    store("a", flat(0, 24, 1))
    store("b", flat(24, 48, 2))
    store("c", flat(48, HOURS, 3))
    found = actual(("a", "b", date(2026, 11, 2)), ("b", "c", DAY))
    assert found["c", "requests"] == flat(0, 24, 1) | flat(24, 48, 2) | flat(48, HOURS, 3)


def test_cost_goes_on_too_and_the_whole_bill_stays_what_it_was(con, actual):
    for service, day, cost in (("old", 1, 10), ("old", 2, 20), ("new", 3, 30)):
        con.execute(
            "insert into cost_service_day by name select $service as service, 'USD' as currency, $date as date, "
            "'direct' as component, $cost as billed_cost, $cost as effective_cost, "
            "true as is_settled",
            {"service": service, "date": date(2026, 11, day), "cost": cost},
        )
    found = actual(("old", "new", DAY, 0.5), grain="d")
    assert found["new", "cost_usd"] == {0: 5, 24: 10, 48: 30}
    assert found["(total)", "cost_usd"] == {0: 10, 24: 20, 48: 30}


def test_a_service_that_goes_on_whole_elsewhere_is_forecast_there(con, actual, store):
    for name, ends in (("old", 48), ("half", 48), ("still", HOURS)):
        store(name, flat(0, ends, 5))
    actual(("old", "new", DAY), ("half", "new", DAY, 0.5), ("still", "new", DAY))
    parameters = {"as_of": date(2026, 11, 5), "hourly_from": START, "daily_from": START, "chunk_series": 10}
    rows = run(con, f"select distinct service from ({load_sql('build/series_value')}) order by all", parameters)
    assert rows.fetchall() == [("half",), ("new",), ("still",)]


def test_a_service_that_goes_on_elsewhere_is_not_missed(con, actual, store):
    store("old", flat(0, 48, 5))
    store("gone", flat(0, 50, 5))
    store("new", flat(48, HOURS, 7))
    actual(("old", "new", DAY))
    missing = con.execute("select service from utilization_gap where to_utc is null").fetchall()
    assert missing == [("gone",)]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([("a", "b", DAY, 0.6), ("a", "c", DAY, 0.6)], "the shares of 'a' add up to 1.2; want at most 1"),
        ([("a", "b", DAY), ("b", "c", DAY), ("c", "a", DAY)], "'a' goes on as itself"),
        ([("a", "a", DAY)], "'a' goes on as itself"),
        ([("a", "b", DAY, 0.5), ("a", "b", DAY, 0.5)], "'a' goes on as 'b' twice"),
        ([("a", "b", DAY, 0)], "greater than 0"),
    ],
)
def test_what_cannot_be_is_refused(said, words):
    with pytest.raises(ValidationError, match=words):
        lineages(*said)
