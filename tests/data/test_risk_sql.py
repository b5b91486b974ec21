"""The register and the log of decisions: the real queries on what other decisions left in their tables."""

from datetime import date, timedelta

import pytest

from data.warehouse import load_sql, replace_window, run

AS_OF = date(2026, 11, 20)


def add(con, table, **row):
    """Insert a row by name; columns that must not be null and are not given get a value that says nothing."""
    filled = {"VARCHAR": "x", "DATE": AS_OF, "DOUBLE": 0.0, "BOOLEAN": False, "INTEGER": 0, "BIGINT": 0}
    for name, kind, nullable, *_ in con.execute(f"describe {table}").fetchall():
        if nullable == "NO" and name not in row:
            row[name] = filled.get(kind.split("(")[0], 0)
    names = ", ".join(row)
    con.execute(f"insert into {table} ({names}) values ({', '.join(f'${name}' for name in row)})", row)


def register(con, as_of=AS_OF):
    replace_window(con, "risk", load_sql("decide/risk"), {"as_of": as_of}, keys={"as_of": as_of})
    columns = (
        "kind, service, subject, severity, impact_usd, probability, act_by, owner, first_seen, trend_week, evidence"
    )
    rows = con.execute(f"select {columns} from risk where as_of = ? order by all", [as_of]).fetchall()
    return {(row[0], row[1]): dict(zip(columns.split(", ")[2:], row[2:], strict=True)) for row in rows}


def log(con):
    frame = run(con, load_sql("decide/decision_log"), {"as_of": AS_OF}).df()
    return {(row["kind"], row["service"]): row for row in frame.to_dict("records")}


@pytest.fixture
def filled(con):
    for name, tier, team in (("shop", 0, "web"), ("search", 2, "core")):
        add(con, "service", service=name, is_catalogued=True, tier=tier, team=team, accounts=[], aliases=[])
    return con


def test_a_limit_that_is_near_is_a_breach_and_a_ceiling_a_saturation(filled):
    add(
        filled,
        "advice",
        as_of=AS_OF,
        service="shop",
        metric="cpu",
        level="late",
        probability_90d=0.7,
        usd_month=300.0,
        act_by=date(2026, 11, 10),
        add_by=date(2026, 11, 5),  # its tier's plan: the sentence names the last safe day, and so does the register
    )
    add(
        filled,
        "advice",
        as_of=AS_OF,
        service="search",
        metric="cpu",
        level="over",
        fullness_ratio=1.1,
        at_limit_since="2026-11-02",
    )
    add(filled, "advice", as_of=AS_OF, service="search", metric="disk", level="fine")
    found = register(filled)
    assert set(found) == {("breach", "shop"), ("saturation", "search")}
    breach = found["breach", "shop"]
    assert (breach["severity"], breach["impact_usd"], breach["probability"]) == ("high", 300.0, 0.7)
    assert (breach["act_by"], breach["owner"]) == (date(2026, 11, 10), "web")
    assert "2026-11-02" in found["saturation", "search"]["evidence"]


def test_budgets_that_are_likely_passed_are_overruns(filled):
    budget = {"as_of": AS_OF, "scope": "service", "period": "m", "period_start": date(2026, 11, 1), "currency": "USD"}
    add(
        filled, "budget_status", name="shop", budget=1000, spent=800.0, forecast=1300.0, probability_over=0.97, **budget
    )
    add(
        filled, "budget_status", name="search", budget=1000, spent=100.0, forecast=900.0, probability_over=0.1, **budget
    )
    budget["scope"] = "team"
    add(filled, "budget_status", name="core", budget=1000, spent=700.0, forecast=1050.0, probability_over=0.6, **budget)
    found = register(filled)
    assert set(found) == {("overrun", "shop"), ("overrun", "core")}
    assert found["overrun", "shop"]["severity"] == "high"
    assert found["overrun", "shop"]["impact_usd"] == pytest.approx(300)
    assert found["overrun", "core"]["severity"] == "medium"
    assert found["overrun", "core"]["owner"] == "core"


def anomaly(con, service, as_of=AS_OF, **given):
    row = {"as_of": as_of, "metric": "cost_usd", "from_utc": "2026-11-15", "kind": "step", "direction": "up",
           "impact": 500.0, "unit": "USD", "cause": "use", "first_seen": date(2026, 11, 18)}  # fmt: skip
    add(con, "anomaly", service=service, **(row | given))


def test_open_anomalies_that_nothing_mutes_are_risks(filled):
    anomaly(filled, "shop")
    anomaly(filled, "search", is_muted=True, muted_by="small")
    anomaly(filled, "search", from_utc="2026-10-01", to_utc="2026-10-05")
    found = register(filled)
    assert set(found) == {("anomaly", "shop")}
    assert found["anomaly", "shop"]["impact_usd"] == 500
    assert found["anomaly", "shop"]["first_seen"] == date(2026, 11, 18)


def test_sources_owners_and_commitments(filled):
    add(filled, "source_state", as_of=AS_OF, source="aws", kind="focus", state="failed", error="no such bucket")
    add(filled, "source_state", as_of=AS_OF, source="load", kind="files", state="fresh")
    for back in range(28):
        day = AS_OF - timedelta(days=3 + back)
        for service, cost in (("shop", 80), ("(unallocated)", 20)):
            add(
                filled,
                "cost_service_day",
                service=service,
                date=day,
                component="direct",
                currency="USD",
                effective_cost=cost,
                billed_cost=cost,
                is_settled=True,
            )
    add(
        filled,
        "commitment",
        source="aws",
        commitment_id="sp-1",
        currency="USD",
        provider="AWS",
        hourly_commitment=2,
        end_utc="2026-12-10",
    )
    add(
        filled,
        "commitment",
        source="aws",
        commitment_id="sp-2",
        currency="USD",
        provider="Other",
        hourly_commitment=2,
        end_utc="2027-12-10",
    )
    add(
        filled,
        "commitment_month",
        month=date(2026, 11, 1),
        provider="AWS",
        scope="Compute",
        currency="USD",
        days=17,
        owned_cost=100,
        used_cost=70,
        unused_cost=30,
        utilisation=0.7,
        saving=25,
    )
    found = register(filled)
    assert set(found) == {("stale source", "aws"), ("no owner", "(unallocated)"), ("commitment expiring", "AWS"),
                          ("commitment unused", "AWS")}  # fmt: skip
    assert found["stale source", "aws"]["evidence"].startswith("no such bucket")
    assert found["no owner", "(unallocated)"]["severity"] == "high"
    assert found["no owner", "(unallocated)"]["impact_usd"] == pytest.approx(20 * 30.4)
    expiring = found["commitment expiring", "AWS"]
    assert expiring["act_by"] == date(2026, 12, 10)
    assert expiring["impact_usd"] == pytest.approx(0.25 * 2 * 730)  # what it saves, not what it costs
    assert expiring["evidence"] == (
        "ends on 2026-12-10; without it what it covers costs 365 USD a month more; see commitment"
    )
    assert found["commitment unused", "AWS"]["impact_usd"] == pytest.approx(30 / 17 * 30.4)


def test_first_seen_goes_back_over_the_nights_in_a_row_and_the_week_tells_the_trend(filled):
    for back, impact in ((9, 300.0), (2, 480.0), (0, 500.0)):
        anomaly(filled, "shop", AS_OF - timedelta(days=back), impact=impact, first_seen=AS_OF - timedelta(days=back))
        register(filled, AS_OF - timedelta(days=back))
    found = register(filled)["anomaly", "shop"]
    assert found["first_seen"] == AS_OF - timedelta(days=9)
    assert found["trend_week"] == "up"
    history = filled.execute("select first_seen, last_seen, is_open, worst_impact_usd from risk_history").fetchall()
    assert history == [(AS_OF - timedelta(days=9), AS_OF, True, 500.0)]


def test_a_risk_that_is_gone_is_history(filled):
    anomaly(filled, "shop", AS_OF - timedelta(days=1))
    register(filled, AS_OF - timedelta(days=1))
    add(filled, "advice", as_of=AS_OF, service="shop", metric="cpu", level="over", fullness_ratio=1.2)
    register(filled)
    rows = dict(filled.execute("select kind, gone_on from risk_history").fetchall())
    assert rows == {"anomaly": AS_OF, "breach": None}


def test_more_capacity_after_the_advice_is_advice_followed(filled):
    for back in (12, 11, 10):
        add(
            filled,
            "advice",
            as_of=AS_OF - timedelta(days=back),
            service="shop",
            metric="cpu",
            level="act",
            limit_value=0.8,
            units_to_add=0.2,
            usd_month=150.0,
            add_by=AS_OF,
        )
    for back in (9, 0):
        add(
            filled,
            "advice",
            as_of=AS_OF - timedelta(days=back),
            service="shop",
            metric="cpu",
            level="fine",
            limit_value=0.8,
        )
    assert log(filled)["capacity", "shop"]["state"] == "lapsed"
    assert log(filled)["capacity", "shop"]["advice"] == "add 25 % of cpu"
    add(
        filled,
        "capacity_limit",
        service="shop",
        metric="cpu",
        valid_from=AS_OF - timedelta(days=9),
        limit_value=1.0,
        lead_time_days=7,
    )
    row = log(filled)["capacity", "shop"]
    assert row["state"] == "followed"
    assert row["followed_on"].date() == AS_OF - timedelta(days=9)
    assert row["effect_usd_month"] == -150
    assert row["advised_on"].date() == AS_OF - timedelta(days=12)


def test_a_purchase_after_the_advice_saves_what_was_foreseen(filled):
    option = {"provider": "AWS", "scope": "Compute", "currency": "USD", "term_years": 1, "risk": "neutral"}
    for back, owned, to_buy in ((10, 20.0, 10.0), (9, 20.0, 10.0), (3, 25.0, 5.0), (0, 25.0, 5.0)):
        add(
            filled,
            "commitment_option",
            as_of=AS_OF - timedelta(days=back),
            owned_usd_hour=owned,
            to_buy_usd_hour=to_buy,
            expected_saving_usd_month=1000.0,
            **option,
        )
    frame = run(filled, load_sql("decide/decision_log"), {"as_of": AS_OF}).df().sort_values("advised_on")
    assert list(frame["state"]) == ["followed", "open"]
    assert frame["effect_usd_month"].iloc[0] == pytest.approx(500)
    assert frame["followed_on"].iloc[0].date() == AS_OF - timedelta(days=3)


def test_an_anomaly_that_ended_saves_what_it_cost_and_a_new_level_nothing(filled):
    anomaly(filled, "shop", from_utc="2026-11-01", to_utc="2026-11-11", impact=500.0)
    anomaly(filled, "search", from_utc="2026-10-01", to_utc="2026-10-28", impact=900.0)
    found = log(filled)
    assert found["anomaly", "shop"]["state"] == "followed"
    assert found["anomaly", "shop"]["effect_usd_month"] == pytest.approx(50 * 30.4)
    words = "explain or undo the step of 1 Nov 2026: 50.00 USD a day more than expected"
    assert found["anomaly", "shop"]["advice"] == words
    assert found["anomaly", "search"]["state"] == "lapsed"


def test_a_budget_that_held_after_a_warning(filled):
    budget = {"scope": "service", "name": "shop", "period": "m", "period_start": date(2026, 10, 1), "currency": "USD",
              "budget": 1000}  # fmt: skip
    add(filled, "budget_status", as_of=date(2026, 10, 10), spent=400.0, forecast=1300.0, probability_over=0.9, **budget)
    add(
        filled, "budget_status", as_of=AS_OF, spent=950.0, forecast=950.0, probability_over=0.0, is_final=True, **budget
    )
    row = log(filled)["budget", "shop"]
    assert row["state"] == "followed"
    assert row["effect_usd_month"] == pytest.approx(350)


def test_an_empty_warehouse_has_no_risks_and_no_decisions(con):
    assert register(con) == {}
    assert log(con) == {}
