"""Who pays: rules in their order, shared services to the last digit."""

from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data.billing.allocation import Allocation, Rule, build_cost
from data.catalog import store_catalog
from tests.data.billing.charged import AS_OF, build, charges, components, requests, service
from tests.warehouses import new_warehouse

TINY = Decimal("0.000000000001")


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
        {"account": "100", "charge_kind": "support", "cost": Decimal(32)},
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


@pytest.mark.parametrize("own", ["0", "-5"])
def test_a_shared_cost_stays_where_it_is_while_no_payer_costs_anything(con, own) -> None:
    store_catalog(con, {"a": service(), "b": service(), "hub": service(shared="proportional")}, {}, AS_OF)
    costs = {"a": own, "b": "0", "hub": "10.01"}
    charges(con, *({"owner_tag_key": "s", "owner_tag": name, "cost": Decimal(cost)} for name, cost in costs.items()))
    build(con)
    assert components(con, "shared") == {}
    assert components(con, "direct")["hub"] == Decimal("10.01")


def test_a_shared_refund_is_split_to_the_last_digit_too(con) -> None:
    store_catalog(con, {name: service() for name in "abc"} | {"hub": service(shared="proportional")}, {}, AS_OF)
    costs = {"a": "1", "b": "1", "c": "1", "hub": "-10.000000000001"}
    charges(con, *({"owner_tag_key": "s", "owner_tag": name, "cost": Decimal(cost)} for name, cost in costs.items()))
    build(con)
    assert components(con, "shared") == {
        "a": Decimal("-3.333333333334"),
        "b": Decimal("-3.333333333334"),
        "c": Decimal("-3.333333333333"),
        "hub": Decimal("10.000000000001"),
    }


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
    with new_warehouse(tmp_path_factory.mktemp("warehouse") / "w.duckdb") as con:
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
