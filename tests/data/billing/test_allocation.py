"""Who pays: rules in their order, shared services to the last digit, invoices, finality, currencies."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data.billing.allocation import Allocation, Currency, Invoice, Rule, build_cost
from data.catalog import Service, store_catalog
from data.checks import read_checks, run_checks
from data.errors import ConfigError
from data.warehouse import migrate, open_warehouse

AS_OF = date(2026, 11, 20)
DAY = date(2026, 11, 12)
TINY = Decimal("0.000000000001")


def charges(con: duckdb.DuckDBPyConnection, *rows: dict[str, object]) -> None:
    """Store charges, and the ledger's row of each bill, as a load would."""
    usual = {
        "source": "aws",
        "billing_period": date(2026, 11, 1),
        "charge_date": DAY,
        "owner_tag_key": None,
        "owner_tag": None,
        "provider": "AWS",
        "account": None,
        "service_category": "Compute",
        "product": "EC2",
        "region": "us-east-1",
        "charge_category": "Usage",
        "commitment_status": None,
        "currency": "USD",
        "cost": Decimal(1),
    }
    frame = pd.DataFrame([usual | row for row in rows]).astype({"cost": "string"})
    con.register("frame", frame)
    con.execute(
        "create or replace temp table rows as select source, billing_period::date as billing_period, "
        "charge_date::date as charge_date, owner_tag_key::varchar as owner_tag_key, owner_tag::varchar as owner_tag, "
        "provider, account::varchar as account, service_category, product, region, charge_category, "
        "commitment_status::varchar as commitment_status, currency, cost::decimal(38, 12) as billed_cost, "
        "cost::decimal(38, 12) as effective_cost, 1 as lines from frame"
    )
    con.unregister("frame")
    con.execute("delete from charge_day")
    con.execute("delete from billing_load")
    con.execute("insert into charge_day by name select * from rows")
    con.execute(
        "insert into billing_load by name select source, billing_period, 'x' as execution_id, currency, "
        "'x' as fingerprint, 1 as files, sum(lines) as lines, sum(billed_cost) as billed_cost, "
        "sum(effective_cost) as effective_cost, max(charge_date) as last_charge_date, "
        "timestamp '2026-11-19 08:00:00' as delivered_at, timestamp '2026-11-20' as loaded_at, true as is_current, "
        "sum(lines) as lines_without_invoice from charge_day group by all"
    )


def requests(con: duckdb.DuckDBPyConnection, day: date = DAY, **of_service: float) -> None:
    con.executemany(
        "insert into utilization_hour values (?, 'requests', ?, 1, 1, 1, ?, 1, 'test')",
        [(service, datetime.combine(day, datetime.min.time()), value) for service, value in of_service.items()],
    )


def service(**keys: object) -> Service:
    return Service.model_validate({"tier": 1, "request_metric": "requests"} | keys)


def components(con: duckdb.DuckDBPyConnection, component: str) -> dict[str, Decimal]:
    found = con.execute(
        "select service, sum(effective_cost) from cost_service_day where component = $component group by all",
        {"component": component},
    )
    return dict(found.fetchall())


def build(con: duckdb.DuckDBPyConnection, *rules: Rule, currency: Currency | None = None) -> None:
    build_cost(con, Allocation(rule=rules), (), currency, AS_OF)
    run_checks(con, AS_OF, read_checks())


def test_tag_then_alias_then_account_then_rule_then_nobody(con) -> None:
    catalog = {
        "checkout": service(accounts=["100"], aliases=["Kasse"]),
        "search": service(accounts=["200"]),
        "network": service(),
    }
    store_catalog(con, catalog, {}, AS_OF)
    charges(
        con,
        {"owner_tag_key": "service", "owner_tag": "SEARCH", "account": "100"},
        {"owner_tag_key": "service", "owner_tag": "kasse", "account": "200"},
        {"owner_tag_key": "team", "owner_tag": "Unheard-of", "account": "100"},
        {"account": "100", "product": "NAT Gateway"},
        {"account": "300", "product": "NAT Gateway", "region": "eu-west-1"},
        {"account": "300", "product": "NAT gateway", "region": "us-east-1"},
        {"account": "300", "product": "S3"},
        {"account": None, "product": "S3"},
    )
    build(
        con,
        Rule(service="search", product="nat gateway", region="/eu-.*/"),
        Rule(service="network", product="/nat .*/"),
    )
    found = con.execute(
        "select service, allocation_reason, sum(lines) from cost_day group by all order by all"
    ).fetchall()
    assert found == [
        ("(unallocated)", "none", 2),
        ("Unheard-of", "tag team", 1),
        ("checkout", "account", 1),
        ("checkout", "alias in tag service", 1),
        ("network", "rule 2", 1),
        ("search", "rule 1", 1),
        ("search", "tag service", 1),
    ]
    causes = con.execute("select account, cause, lines from unallocated_cause order by account nulls last").fetchall()
    assert [row[0] for row in causes] == ["300", None]
    assert "the catalog has no service with the account" in causes[0][1]


def test_cost_day_is_built_again_where_charges_catalog_rules_or_itself_changed(con) -> None:
    def found() -> list[tuple[object, ...]]:
        return con.execute("select service, sum(billed_cost) from cost_day group by all order by all").fetchall()

    store_catalog(con, {"a": service(), "b": service()}, {}, AS_OF)
    charges(con, {"account": "1"}, {"account": "2", "cost": Decimal(2)})
    build(con)
    assert found() == [("(unallocated)", 3)]
    store_catalog(con, {"a": service(accounts=["1"]), "b": service()}, {}, AS_OF)
    build(con)
    assert found() == [("(unallocated)", 2), ("a", 1)]
    build(con, Rule(service="b", product="EC2"))
    assert found() == [("a", 1), ("b", 2)]
    con.execute("delete from cost_day where service = 'b'")
    build(con, Rule(service="b", product="EC2"))
    assert found() == [("a", 1), ("b", 2)]
    charges(con, {"account": "1", "cost": Decimal(2)}, {"account": "2"})
    build(con, Rule(service="b", product="EC2"))
    assert found() == [("a", 2), ("b", 1)]


@pytest.mark.timeout(20)
def test_a_hostile_expression_takes_no_longer_than_its_text(con) -> None:
    store_catalog(con, {"checkout": service()}, {}, AS_OF)
    charges(con, *({"product": "a" * 5000 + "!" + str(number)} for number in range(50)))
    build(con, Rule(service="checkout", product="/(a+)+$/"), Rule(service="checkout", product="/(a|aa)+b/"))
    assert components(con, "direct") == {"(unallocated)": Decimal(50)}


def test_an_expression_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValidationError, match="not a regular expression that RE2 knows"):
        Rule(service="x", product=r"/(a)\1/")


def test_tax_credit_support_and_unused_commitment_are_apart(con) -> None:
    store_catalog(con, {"checkout": service(accounts=["100"])}, {}, AS_OF)
    charges(
        con,
        {"account": "100", "cost": Decimal(8)},
        {"account": "100", "charge_category": "Tax", "cost": Decimal(4)},
        {"account": "100", "charge_category": "Credit", "cost": Decimal(-2)},
        {"account": "100", "commitment_status": "Unused", "cost": Decimal(16)},
        {"account": "100", "product": "AWS Support (Business)", "cost": Decimal(32)},
    )
    requests(con, checkout=1e6)
    build(con)
    found = con.execute("select component, effective_cost from cost_service_day order by all").fetchall()
    assert found == [("commitment_unused", 16), ("credit", -2), ("direct", 8), ("support", 32), ("tax", 4)]
    assert con.execute("select direct_cost_usd, cost_usd, cost_per_million_usd from unit_cost_day").fetchall() == [
        (8, 8, 8)
    ]


@pytest.mark.parametrize(
    ("shared", "wanted"),
    [
        ({"shared": "proportional"}, {"a": Decimal(9), "b": Decimal(3)}),
        ({"shared": "requests"}, {"a": Decimal(2), "b": Decimal(10)}),
        ({"shared": "even"}, {"a": Decimal(4), "b": Decimal(4), "c": Decimal(4)}),
        ({"shared": "fixed", "shares": {"b": "0.25", "c": "0.75"}}, {"b": Decimal(3), "c": Decimal(9)}),
    ],
)
def test_a_shared_service_is_split_by_its_rule(con, shared, wanted) -> None:
    store_catalog(con, {"a": service(), "b": service(), "c": service(), "hub": service(**shared)}, {}, AS_OF)
    tags = {"a": 30, "b": 10, "hub": 12}
    charges(con, *({"owner_tag_key": "s", "owner_tag": name, "cost": Decimal(cost)} for name, cost in tags.items()))
    requests(con, a=100, b=500)
    build(con)
    assert components(con, "shared") == wanted | {"hub": Decimal(-12)}
    assert components(con, "direct")["hub"] == 12


def test_telemetry_is_a_component_of_its_own_and_in_the_unit_cost(con) -> None:
    store_catalog(con, {"a": service(), "eyes": service(shared="even", telemetry=True)}, {}, AS_OF)
    charges(
        con, {"owner_tag_key": "s", "owner_tag": "a"}, {"owner_tag_key": "s", "owner_tag": "eyes", "cost": Decimal(3)}
    )
    requests(con, a=1e6)
    build(con)
    assert components(con, "telemetry") == {"a": Decimal(3), "eyes": Decimal(-3)}
    found = con.execute("select direct_cost_usd, cost_usd, cost_per_million_usd from unit_cost_day where service = 'a'")
    assert found.fetchall() == [(1, 4, 4)]


def test_a_shared_cost_that_nobody_can_pay_stays_where_it_is(con) -> None:
    store_catalog(con, {"a": service(), "hub": service(shared="requests")}, {}, AS_OF)
    charges(con, {"owner_tag_key": "s", "owner_tag": "hub", "cost": Decimal(3)})
    build(con)
    assert con.execute("select service, component, effective_cost from cost_service_day").fetchall() == [
        ("hub", "direct", 3)
    ]


money = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=12).filter(lambda cost: cost != 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hub=money,
    own=st.lists(money, min_size=1, max_size=7),
    rule=st.sampled_from(["proportional", "requests", "even"]),
    load=st.floats(0.1, 1e12),
)
def test_allocation_keeps_the_total_to_the_last_digit(warehouse, hub, own, rule, load) -> None:
    con = warehouse
    names = [f"s{number}" for number in range(len(own))]
    store_catalog(con, {name: service() for name in names} | {"hub": service(shared=rule)}, {}, AS_OF)
    charges(
        con,
        {"owner_tag_key": "s", "owner_tag": "hub", "cost": hub},
        *({"owner_tag_key": "s", "owner_tag": name, "cost": cost} for name, cost in zip(names, own, strict=True)),
    )
    con.execute("delete from utilization_hour")
    requests(con, **{name: load * (number + 1) for number, name in enumerate(names)})
    build_cost(con, Allocation(), (), None, AS_OF)
    ((total, shared),) = con.execute(
        "select sum(effective_cost), sum(effective_cost) filter (where component = 'shared') from cost_service_day"
    ).fetchall()
    assert total == hub + sum(own)
    assert shared in {None, Decimal(0)}
    parts = [cost for name, cost in components(con, "shared").items() if name != "hub"]
    if rule == "even":
        assert max(parts) - min(parts) <= TINY
    assert all(part * hub >= 0 for part in parts)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    with open_warehouse(tmp_path_factory.mktemp("warehouse") / "w.duckdb") as con:
        migrate(con)
        yield con


def test_an_account_that_two_sources_bill_is_shown(con) -> None:
    charges(con, {"account": "A1"}, {"account": "a1", "source": "cur"}, {"account": "b"}, {"source": "cur"})
    build(con)
    found = con.execute("select rows, example from check_result where name = 'account_billed_twice'").fetchall()
    assert found == [(1, "a1, 2026-11-01, USD, aws and cur")]


def test_an_account_is_one_whatever_its_case(con) -> None:
    store_catalog(con, {"checkout": service(accounts=["1F4A-be"])}, {}, AS_OF)
    charges(con, {"account": "1f4a-BE"}, {"account": "1F4A-BE"})
    build(con)
    assert components(con, "direct") == {"checkout": Decimal(2)}


def test_several_invoices_of_a_period_are_added_and_one_of_nothing_is_shown(con) -> None:
    charges(con, {"cost": Decimal(10), "billing_period": date(2026, 9, 1)})
    invoices = [
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal(7)),
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal(3)),
        Invoice(source="aws", billing_period=date(2026, 9, 1), currency="EUR", total=Decimal(5)),
    ]
    build_cost(con, Allocation(), invoices, None, AS_OF)
    found = con.execute("select currency, lines, billed_cost, invoice_difference from bill order by all").fetchall()
    assert found == [("EUR", 0, 0, -5), ("USD", 1, 10, 0)]
    run_checks(con, AS_OF, read_checks())
    ((rows,),) = con.execute("select rows from check_result where name = 'bill_differs_from_invoice'").fetchall()
    assert rows == 1


def test_a_difference_from_the_invoice_is_shown(con) -> None:
    charges(
        con, {"cost": Decimal("100.004"), "billing_period": date(2026, 9, 1)}, {"billing_period": date(2026, 10, 1)}
    )
    invoices = [
        Invoice(source="aws", billing_period=date(2026, 9, 1), total=Decimal("100.00")),
        Invoice(source="aws", billing_period=date(2026, 10, 1), total=Decimal("1.50")),
    ]
    build_cost(con, Allocation(), invoices, None, AS_OF)
    assert con.execute("select finality, invoice_difference from bill order by billing_period").fetchall() == [
        ("final", Decimal("0.004")),
        ("final", Decimal("-0.5")),
    ]
    run_checks(con, AS_OF, read_checks())
    found = con.execute("select severity, rows from check_result where name = 'bill_differs_from_invoice'").fetchall()
    assert found == [("warn", 1)]


@pytest.mark.parametrize(
    ("as_of", "without_invoice", "wanted"),
    [
        (date(2026, 11, 30), 1, "open"),
        (date(2026, 12, 1), 1, "closed"),
        (date(2026, 12, 15), 1, "closed"),
        (date(2026, 12, 16), 1, "final"),
        (date(2026, 12, 2), 0, "final"),
    ],
)
def test_a_period_is_open_then_closed_then_final(con, as_of, without_invoice, wanted) -> None:
    charges(con, {})
    con.execute("update billing_load set lines_without_invoice = $lines", {"lines": without_invoice})
    build_cost(con, Allocation(), (), None, as_of)
    assert con.execute("select finality from bill").fetchall() == [(wanted,)]


def test_nothing_is_converted_without_rates(con, tmp_path: Path) -> None:
    store_catalog(con, {"a": service(accounts=["1"])}, {}, AS_OF)
    charges(con, {"account": "1"}, {"account": "1", "currency": "EUR", "cost": Decimal(10)})
    requests(con, a=1e6)
    build(con)
    assert con.execute("select cost_usd from unit_cost_day").fetchall() == [(1,)]
    rates = tmp_path / "rates.csv"
    rates.write_text("date,from,to,rate\n2026-11-01,EUR,USD,1.1\n2026-11-13,EUR,USD,9\n2026-11-01,GBP,USD,7\n")
    build(con, currency=Currency(rates=rates))
    assert con.execute("select cost_usd from unit_cost_day").fetchall() == [(12,)]
    assert con.execute(
        "select currency, sum(effective_cost) from cost_service_day group by all order by all"
    ).fetchall() == [
        ("EUR", 10),
        ("USD", 1),
    ]


@pytest.mark.parametrize(
    "row", ["2026-11-01,EUR,USD,0", "yesterday,EUR,USD,1", "2026-11-01,EUR,USD", "2026-11-01,EUR,USD,nan"]
)
def test_a_rate_that_cannot_be_read_names_its_line(con, tmp_path, row) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(f"date,from,to,rate\n2026-10-01,EUR,USD,1.1\n{row}\n")
    with pytest.raises(ConfigError, match=r"rates.csv: line 3: "):
        build_cost(con, Allocation(), (), Currency(rates=rates), AS_OF)


def test_a_day_is_settled_at_the_age_that_the_ledger_has_learnt(con) -> None:
    store_catalog(con, {"a": service(accounts=["1"])}, {}, AS_OF)
    charges(con, *({"account": "1", "charge_date": date(2026, 11, day)} for day in range(1, 20)))
    # Every night since September delivered the month so far; use is whole on the bill only after 4 days.
    first, nights = date(2026, 9, 1), 70
    for number in range(1, nights):
        delivered = first + timedelta(days=number)
        con.execute(
            "insert into billing_load by name select 'aws' as source, date '2026-09-01' as billing_period, "
            "$execution as execution_id, 'USD' as currency, 'f' as fingerprint, 1 as files, 1 as lines, "
            "1 as billed_cost, $delivered::date as last_charge_date, $delivered as delivered_at, "
            "$delivered as loaded_at, false as is_current",
            {"execution": str(number), "delivered": datetime.combine(delivered, datetime.min.time())},
        )
        con.executemany(
            "insert into billing_load_day values ('aws', '2026-09-01', ?, 'AWS', 'USD', ?, ?)",
            [
                (str(number), first + timedelta(days=day), min(10, 2.5 * (number - day)))
                for day in range(min(number, 30))
            ],
        )
    build(con)
    ((settled,),) = con.execute("select max(date) from cost_service_day where is_settled").fetchall()
    assert settled == date(2026, 11, 15)  # delivered on the 19th
    low = con.execute("select age_days, ratio from completeness where age_days in (1, 3, 4) order by all").fetchall()
    assert low == [(1, 0.25), (3, 0.75), (4, 1.0)]
