"""Budgets of every scope, period and currency, from the configuration to their status."""

from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from pydantic import ValidationError

from data.budgets import Budget, store_budgets
from data.checks import read_checks, run_checks
from data.warehouse import load_sql, run
from flows.decide import DECISIONS, decide_one
from forecasting.decisions.night import Night
from tests.flows.deciding import AS_OF, forecast_rows

NIGHT = Night(AS_OF, paths=400, fiscal_year_starts=10)
FIRST = date(2026, 9, 1)
SETTLED = date(2026, 11, 17)


def charge(
    con: duckdb.DuckDBPyConnection, service: str, cost: float, currency: str = "USD", account: str = "1"
) -> None:
    """Store the same cost for every day since FIRST, three days of it not settled."""
    facts = {"service": service, "cost": cost, "currency": currency, "account": account, "first": FIRST, "end": AS_OF,
             "settled": SETTLED}  # fmt: skip
    days = "from range($first::timestamp, $end::timestamp, interval 1 day) as day(moment)"
    run(con, "insert into cost_service_day select $service, moment::date, 'direct', $currency, $cost, $cost, "
             f"moment <= $settled {days}", facts)  # fmt: skip
    same = (
        "'b' as source, date_trunc('month', moment) as billing_period, moment as charge_date, "
        "'Usage' as charge_category, $currency as currency, $cost as billed_cost, $cost as effective_cost, 1 as lines"
    )
    run(con, f"insert into cost_day by name select {same}, $service as service, 'tag' as allocation_reason, 'AWS' as "
             f"provider, $account as account {days}", facts)  # fmt: skip
    run(con, f"insert into charge_day by name select {same}, 'service' as owner_tag_key, upper($service) as owner_tag "
             f"{days}", facts)  # fmt: skip


@pytest.fixture
def estate(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    con.execute("insert into service (service, is_catalogued, tier, team, accounts, aliases, is_telemetry, "
                "budget_usd_month) values ('web', true, 0, 'front', [], [], false, 3100), ('api', true, 0, 'front', "
                "[], [], false, null), ('db', true, 0, 'data', [], [], false, null)")  # fmt: skip
    con.execute("insert into source values ('b', 'focus', true)")
    con.execute("insert into exchange_rate values ('2026-01-01', 'EUR', 'USD', 1.2), ('2026-01-01', 'USD', 'EUR', 0.8)")
    for service, cost, currency, account in (("web", 100, "USD", "1"), ("api", 50, "USD", "1"), ("db", 10, "EUR", "2")):
        charge(con, service, cost, currency, account)
        forecast_rows(con, service, f"cost_{currency.lower()}", cost, first=SETTLED + timedelta(days=1), growth=0.0)
    forecast_rows(con, "(total)", "cost_usd", 150, first=SETTLED + timedelta(days=1), growth=0.0)
    forecast_rows(con, "(total)", "cost_eur", 10, first=SETTLED + timedelta(days=1), growth=0.0)
    return con


def status(con: duckdb.DuckDBPyConnection, *budgets: Budget) -> dict[tuple[str, str, str, str], tuple]:
    store_budgets(con, budgets)
    for decision in DECISIONS:
        if decision.kind in {"cost_period", "budget"}:
            decide_one(con, decision, NIGHT)
    rows = con.execute("select scope, name, period, period_start::varchar, spent, forecast, probability_over, "
                       "passed_on, is_final, budget from current_budget_status").fetchall()  # fmt: skip
    return {(scope, name, period, start): rest for scope, name, period, start, *rest in rows}


def test_a_budget_of_the_catalog_is_a_month_of_the_service(estate):
    spent, forecast, over, passed_on, is_final, budget = status(estate)["service", "web", "m", "2026-11-01"]
    assert (spent, budget, is_final) == (1700, Decimal(3100), False)
    assert forecast == pytest.approx(3000, rel=0.01)
    assert over < 0.2
    assert passed_on is None


@pytest.mark.parametrize(
    ("budget", "key", "spent", "forecast"),
    [
        (Budget(amount=4000, team="front"), ("team", "front"), 2550, 4500),
        (Budget(amount=4000, account="1"), ("account", "1"), 2550, 4500),
        (Budget(amount=4000, tag="service=web"), ("tag", "service=web"), 1700, 3000),
        (Budget(amount=4000), ("total", "(total)"), 2550 + 170 * 1.2, 4500 + 300 * 1.2),
        (Budget(amount=100, currency="EUR", service="db"), ("service", "db"), 170, 300),
        (Budget(amount=100, currency="EUR", team="front"), ("team", "front"), 2550 * 0.8, 4500 * 0.8),
    ],
)
def test_every_scope_has_its_spend_and_its_forecast_in_the_budgets_currency(estate, budget, key, spent, forecast):
    found = status(estate, budget)[(*key, "m", "2026-11-01")]
    assert found[0] == pytest.approx(spent)
    assert found[1] == pytest.approx(forecast, rel=0.02)


def test_what_no_rate_converts_does_not_count(estate):
    estate.execute("delete from exchange_rate")
    found = status(estate, Budget(amount=100, currency="EUR"))["total", "(total)", "m", "2026-11-01"]
    assert found[0] == pytest.approx(170)


def test_a_quarter_and_a_fiscal_year_have_their_months_in_them(estate):
    found = status(estate, Budget(amount=1, team="front", period="quarter"), Budget(amount=1, period="year"))
    assert found["team", "front", "q", "2026-10-01"][0] == pytest.approx(150 * 48)
    assert found["team", "front", "q", "2026-10-01"][1] == pytest.approx(150 * 92, rel=0.02)
    assert found["total", "(total)", "y", "2026-10-01"][0] == pytest.approx(162 * 48)  # from October on


def test_a_month_that_is_settled_is_final_and_says_when_it_was_passed(estate):
    found = status(estate, Budget(amount=1000, service="web"))["service", "web", "m", "2026-10-01"]
    spent, forecast, over, passed_on, is_final, _ = found
    assert (spent, forecast, over, is_final) == (3100, 3100, 1, True)
    assert passed_on == date(2026, 10, 11)


def test_the_day_that_a_budget_will_be_passed_is_in_the_forecast(estate):
    found = status(estate, Budget(amount=2650, service="web"))["service", "web", "m", "2026-11-01"]
    assert found[3] == date(2026, 11, 27)
    assert found[2] > 0.9


def test_a_budget_counts_from_its_first_period_to_its_last(estate):
    old = Budget(amount=10, service="web", valid_until=date(2026, 11, 1))
    new = Budget(amount=20, service="web", valid_from=date(2026, 11, 1))
    found = status(estate, old, new)
    amounts = {start: budget for (*_, start), (*_, budget) in found.items()}
    assert amounts == {"2026-10-01": 10, "2026-11-01": 20, "2026-12-01": 20}


def test_a_period_that_was_over_but_had_begun_before_the_bills_do_is_not_told(estate):
    everything = Budget(amount=1, period="quarter")
    assert min(start for *_, start in status(estate, everything)) == "2026-10-01"
    estate.execute("update cost_service_day set date = date - 70")
    assert min(start for *_, start in status(estate, everything)) == "2026-07-01"


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(amount=1, service="ghost"), "no cost is of it"),
        (Budget(amount=1, tag="team=front"), "no cost is of it"),
        (Budget(amount=1, team="front", currency="GBP"), "USD is not converted to GBP"),
        (Budget(amount=1, period="year"), "bills begin on 2026-09-01"),
        (Budget(amount=1, service="ghost", valid_until=date(2026, 11, 1)), None),
        (Budget(amount=1, team="front"), None),
        (Budget(amount=1, period="quarter"), None),
    ],
)
def test_a_budget_that_is_not_held_against_all_that_it_is_for_is_noted(estate, budget, reason):
    estate.execute("update service set budget_usd_month = null")
    store_budgets(estate, [budget])
    run_checks(estate, AS_OF, [one for one in read_checks() if "budget" in one.name], fiscal_year_starts=4)
    (found,) = estate.execute("select rows, example from check_result where name = 'budget_without_cost'").fetchall()
    assert found[0] == (reason is not None)
    assert found[1] is None if reason is None else found[1].endswith(reason)


def test_budgets_of_two_currencies_are_two_risks_and_two_decisions(estate):
    usd, eur = Budget(amount=100, service="db"), Budget(amount=100, service="db", currency="EUR")
    status(estate, usd, eur)
    for decision in DECISIONS:
        if decision.kind in {"decision_log", "risk"}:
            decide_one(estate, decision, NIGHT)
    subjects = [(f"service m 2026-11-01 {currency}",) for currency in ("EUR", "USD")]
    assert (
        estate.execute("select subject from risk where kind = 'overrun' and service = 'db' order by 1").fetchall()
        == subjects
    )
    logged = (
        "select subject from decision_log where kind = 'budget' and service = 'db' and subject like '%-11-%' order by 1"
    )
    assert estate.execute(logged).fetchall() == subjects


def test_without_budgets_there_is_no_status(con):
    store_budgets(con, [])
    assert status(con) == {}


def test_a_budget_of_two_scopes_is_refused():
    with pytest.raises(ValidationError, match="service and team"):
        Budget(amount=1, service="web", team="front")


def test_probabilities_are_held_against_what_happened(con):
    for night, probability, final in ((10, 0.95, False), (11, 0.85, False), (12, 0.15, False), (30, 1.0, True)):
        con.execute(
            "insert into budget_status (as_of, scope, name, period, period_start, currency, budget, spent, is_final, "
            "probability_over) values (date '2026-10-01' + ?::integer, 'total', '(total)', 'm', '2026-10-01', 'USD', "
            "100, ?, ?, ?)",
            [night, 120 if final else 50, final, probability],
        )
    counted = f"({load_sql('decide/probability_reliability')})"
    rows = run(con, f"select probability_from, forecasts, happened_ratio, round(brier, 4) from {counted} order by all",
               {"as_of": AS_OF}).fetchall()  # fmt: skip
    assert rows == [(0.1, 1, 1.0, 0.7225), (0.8, 1, 1.0, 0.0225), (0.9, 1, 1.0, 0.0025)]


def test_a_month_is_scored_once_it_is_settled_by_how_long_before_its_end_it_was_forecast(estate):
    for made_on, mean in ((date(2026, 10, 1), 3000.0), (date(2026, 10, 29), 3200.0)):
        estate.execute("insert into forecast values (?, 'web', 'cost_usd', 'm', '2026-10-01', ?, 2900, 3050, 2800, "
                       "3150, 'profile', 'live')", [made_on, mean])  # fmt: skip
    rows = run(estate, f"select horizon_days, round(wape, 4), round(bias, 4), coverage80, coverage95, wape_naive from "
                       f"({load_sql('build/forecast_score_period')}) order by all",
               {"as_of": AS_OF, "made_from": date(2026, 9, 1)}).fetchall()  # fmt: skip
    assert rows == [
        (7, 0.0323, 0.0323, 0.0, 1.0, pytest.approx(1 / 31)),
        (60, 0.0323, -0.0323, 0.0, 1.0, pytest.approx(1 / 31)),
    ]


def test_a_month_that_is_not_settled_has_no_score(estate):
    estate.execute("update cost_service_day set is_settled = false where date = '2026-10-31'")
    assert estate.execute("select count(*) from cost_period_actual where grain = 'm' and service = 'web' "
                          "and period_start = '2026-10-01'").fetchall() == [(0,)]  # fmt: skip
