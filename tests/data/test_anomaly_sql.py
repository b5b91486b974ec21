"""What mutes anomalies, and what they are looked for in: the real queries."""

from datetime import date

import pytest

from data.warehouse import load_sql, run

AS_OF = date(2026, 11, 20)


def ask(con, name):
    return run(con, load_sql(f"decide/anomaly/{name}"), {"as_of": AS_OF}).df()


def test_events_marked_breaks_and_acknowledgements_mute_and_found_breaks_do_not(con):
    con.execute("insert into event values ('sale', '2026-10-16', '2026-10-17', null)")
    con.execute("insert into anomaly_ack values ('shop', 'cost_usd', '2026-10-01', '2026-10-03', 'load test')")
    con.execute(
        "insert into series_break (service, metric, grain, kind, from_utc, to_utc, is_open, evidence) values "
        "('shop', 'requests', 'h', 'outage', '2026-09-01 05:00', '2026-09-03', false, null), "
        "('shop', 'requests', 'd', 'outage', '2026-09-01', '2026-09-03', false, null), "
        "('shop', 'cpu', 'h', 'step', '2026-09-10', null, true, null), "
        "('shop', 'requests', 'h', 'step', '2026-09-20', null, true, 9.5)"
    )
    found = run(con, load_sql("decide/anomaly/muted"), {"as_of": AS_OF}).fetchall()
    rows = [(muted_by, metric, first, last) for _, metric, first, last, muted_by, _ in found]
    assert {row[4] for row in found if row[5]} == {"event sale"}
    assert sorted(rows, key=str) == sorted(
        [
            ("acknowledged: load test", "cost_usd", date(2026, 10, 1), date(2026, 10, 3)),
            ("break: outage", "requests", date(2026, 9, 1), date(2026, 9, 2)),
            ("break: step", "cpu", date(2026, 9, 10), date(2026, 10, 8)),
            ("event sale", None, date(2026, 10, 16), date(2026, 10, 17)),
        ],
        key=str,
    )


def charge(con, day, cost, **given):
    row = {"source": "aws", "billing_period": day.replace(day=1), "charge_date": day, "service": "shop",
           "allocation_reason": "tag", "product": "Machines", "region": "eu", "charge_category": "Usage",
           "currency": "USD", "billed_cost": cost, "effective_cost": cost, "list_cost": cost, "consumed_quantity": 2.0,
           "lines": 1} | given  # fmt: skip
    con.execute(f"insert into cost_day ({', '.join(row)}) values ({', '.join(f'${name}' for name in row)})", row)


def test_cells_hold_settled_use_by_day_and_nothing_else(con):
    days = [date(2026, 11, day) for day in (14, 15, 16, 17, 18)]
    for day in days:
        charge(con, day, 10)
        con.execute("insert into cost_service_day values ('shop', ?, 'direct', 'USD', 10, 10, ?)", [day, day.day <= 17])
    charge(con, days[0], 5, charge_category="Tax")
    charge(con, days[0], 5, commitment_status="Unused")
    charge(con, days[0], 5, charge_class="Correction")
    charge(con, days[0], 5, charge_kind="support")
    charge(con, days[1], 7, product="Store")
    found = ask(con, "cell").set_index("product")
    assert list(found.loc["Machines", "day"]) == [0, 1, 2, 3]
    assert list(found.loc["Machines", "cost"]) == [10.0] * 4
    assert list(found.loc["Store", "day"]) == [1]
    assert found["last_day"].dt.date.unique().tolist() == [date(2026, 11, 17)]


@pytest.mark.parametrize(("kind", "value", "peak"), [("count", 60.0, None), ("gauge", 5.0, 9.0)])
def test_load_is_the_sum_of_a_count_and_mean_and_peak_of_a_gauge(con, kind, value, peak):
    con.execute("insert into metric values ('m', ?)", [kind])
    con.execute(
        "insert into utilization_hour values ('shop', 'm', '2026-11-19 23:00', 5, 9, 9, 60, 12, 'load'), "
        "('shop', 'm', '2026-11-20 00:00', 5, 9, 9, 60, 12, 'load')"
    )
    (row,) = ask(con, "load").to_dict("records")
    assert list(row["hour"]) == [162 * 24 - 1]
    assert list(row["value"]) == [value]
    assert (None if row["peak"] is None else list(row["peak"])) == (peak and [peak])
