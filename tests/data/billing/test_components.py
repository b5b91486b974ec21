"""Components are told by columns that say so, never by a word in a name; discounts meet what they discount."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.billing.azure.azure import Azure
from data.billing.cur.cur import Cur
from data.billing.focus import Focus
from data.billing.gcp import Gcp
from data.catalog import store_catalog
from tests.data.billing.charged import AS_OF, charges, components, service
from tests.data.billing.charged import build as build_charged
from tests.data.billing.export import line, write_lines
from tests.data.billing.loading import build, load

CUR = "bill/BillingPeriodStartDate,lineItem/UsageAccountId,lineItem/UsageStartDate,lineItem/CurrencyCode"
CUR_LINE = "2026-10-01T00:00:00Z,1,2026-10-05T00:00:00Z,USD"


def report(con, file: Path, header: str, *rows: str) -> None:
    file.write_text("\n".join([f"{CUR},{header}", *(f"{CUR_LINE},{row}" for row in rows)]) + "\n")
    load(con, Cur(kind="cur", name="bill", uri=str(file)))
    build(con)


def effective(con) -> Decimal:
    ((cost,),) = con.execute("select sum(effective_cost) from cost_day").fetchall()
    return cost


def kinds(con) -> dict[str, Decimal]:
    found = con.execute("select component, sum(effective_cost) from cost_service_day group by all").fetchall()
    return dict(found)


PRODUCT = "lineItem/LineItemType,lineItem/ProductCode,lineItem/UnblendedCost,bill/BillingEntity,product/ProductName"


@pytest.mark.parametrize(
    ("row", "component"),
    [
        ("Usage,abc123,40,AWS Marketplace,Debian 12 with support by Example", "direct"),
        ("Usage,AmazonEC2,40,AWS,Customer Support Console", "direct"),
        ("Fee,AWSSupportBusiness,40,AWS,AWS Support (Business)", "support"),
        ("Usage,AWSSupportEnterprise,40,AWS,Anything", "support"),
        ("Fee,OCBPremiumSupport,40,AWS,Premium", "support"),
        ("Tax,AWSSupportBusiness,40,AWS,AWS Support (Business)", "tax"),
        ("Credit,AmazonEC2,40,AWS,Amazon EC2", "credit"),
    ],
)
def test_a_report_says_by_code_and_type_what_a_charge_is(con, tmp_path, row, component) -> None:
    report(con, tmp_path / "bill.csv", PRODUCT, row)
    assert kinds(con) == {component: 40}


@pytest.mark.parametrize(
    ("others", "component"),
    [
        ({"ServiceName": "Support Bot Hosting"}, "direct"),
        ({"ServiceName": "Zendesk Support Suite", "ProviderName": "Zendesk"}, "direct"),
        ({"ServiceName": "AWS Support (Business)", "ProviderName": "Some Reseller"}, "direct"),
        ({"ServiceName": "AWS Support (Business)"}, "support"),
        ({"ServiceName": "Anything", "ServiceSubcategory": "Support"}, "support"),
        ({"ServiceName": "Anything", "x_ServiceCode": "AWSSupportEnterprise"}, "support"),
        ({"ServiceName": "Anything", "x_ServiceCode": "AmazonEC2", "ServiceSubcategory": "Support"}, "support"),
        ({"ServiceName": "Support", "x_PublisherCategory": "Vendor"}, "direct"),
        ({"CommitmentDiscountStatus": "Unused"}, "commitment_unused"),
    ],
)
def test_focus_says_it_by_category_code_and_the_whole_name(con, tmp_path, others, component) -> None:
    write_lines(tmp_path / "bill.csv", [line(40, **others)])
    load(con, Focus(kind="focus", name="bill", uri=str(tmp_path / "bill.csv")))
    build(con)
    assert kinds(con) == {component: 40}


PLAN = (
    "lineItem/LineItemType,lineItem/ProductCode,lineItem/UnblendedCost,savingsPlan/SavingsPlanEffectiveCost,"
    "savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment"
)
UPFRONT = [
    "SavingsPlanUpfrontFee,ComputeSavingsPlans,1200,,,",
    "EdpDiscount,ComputeSavingsPlans,-120,,,",
    "SavingsPlanCoveredUsage,AmazonEC2,5,3.00,,",
    "SavingsPlanNegation,AmazonEC2,-5,,,",
]


def test_a_discount_on_an_upfront_fee_amortises_with_it_by_net_columns(con, tmp_path) -> None:
    net = ["1080,", "0,", "5,2.70", "-5,"]
    header = f"{PLAN},lineItem/NetUnblendedCost,savingsPlan/NetSavingsPlanEffectiveCost"
    report(con, tmp_path / "bill.csv", header, *(",".join(pair) for pair in zip(UPFRONT, net, strict=True)))
    assert effective(con) == Decimal("2.70")
    assert con.execute("select sum(billed_cost) from cost_day").fetchall() == [(1080,)]


def test_and_without_net_columns_too(con, tmp_path) -> None:
    report(con, tmp_path / "bill.csv", PLAN, *UPFRONT)
    assert effective(con) == Decimal("2.70")


def test_a_discount_on_a_recurring_fee_lowers_what_was_used_and_what_was_not(con, tmp_path) -> None:
    rows = [
        "SavingsPlanRecurringFee,ComputeSavingsPlans,10,,10,6",
        "PrivateRateDiscount,ComputeSavingsPlans,-1,,,",
        "SavingsPlanCoveredUsage,AmazonEC2,8,6,,",
        "SavingsPlanNegation,AmazonEC2,-8,,,",
    ]
    report(con, tmp_path / "bill.csv", PLAN, *rows)
    assert kinds(con) == {"commitment_unused": Decimal("3.6"), "direct": Decimal("5.4")}


def test_reservations_and_use_have_net_columns_of_their_own(con, tmp_path) -> None:
    header = (
        "lineItem/LineItemType,lineItem/ProductCode,lineItem/UnblendedCost,lineItem/NetUnblendedCost,"
        "reservation/ReservationARN,reservation/EffectiveCost,reservation/NetEffectiveCost,"
        "reservation/UnusedRecurringFee,reservation/NetUnusedRecurringFee"
    )
    rows = [
        "Usage,AmazonEC2,10,9,,,,,",
        "EdpDiscount,AmazonEC2,-1,0,,,,,",
        "DiscountedUsage,AmazonRDS,0,0,arn,4,3.6,,",
        "RIFee,AmazonRDS,6,5.4,arn,,,2,1.8",
    ]
    report(con, tmp_path / "bill.csv", header, *rows)
    assert effective(con) == Decimal("14.4")
    assert con.execute("select sum(billed_cost) from cost_day").fetchall() == [(15,)]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("COMMITTED_USAGE_DISCOUNT", {"direct": 7}),
        ("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", {"direct": 7}),
        ("SUSTAINED_USAGE_DISCOUNT", {"direct": 7}),
        ("FREE_TIER", {"direct": 7}),
        ("RESELLER_MARGIN", {"direct": 7}),
        ("SUBSCRIPTION_BENEFIT", {"direct": 7}),
        ("PROMOTION", {"direct": 10, "credit": -3}),
        ("SOMETHING_NEW", {"direct": 10, "credit": -3}),
    ],
)
def test_google_clouds_credits_are_prices_or_gifts_by_its_own_list(con, tmp_path, kind, found) -> None:
    one = {
        "service": {"description": "Compute Engine"},
        "project": {"id": "p"},
        "usage_start_time": "2026-10-05 10:00:00 UTC",
        "cost": 10,
        "currency": "USD",
        "credits": [{"name": "x", "amount": -1, "type": kind}, {"name": "y", "amount": -2, "type": kind}],
        "invoice": {"month": "202610"},
    }
    (tmp_path / "bill-000000000000.json").write_text(json.dumps(one) + "\n")
    load(con, Gcp(kind="gcp", name="bill", uri=str(tmp_path)))
    build(con)
    assert kinds(con) == found
    reasons = [reason for (reason,) in con.execute("select reason from input_issue").fetchall()]
    assert reasons == (
        ["credits of type SOMETHING_NEW are not in Google's list: kept as credit, apart from use"]
        if kind == "SOMETHING_NEW"
        else []
    )


@pytest.mark.parametrize(
    ("columns", "row", "at_list", "contracted"),
    [
        ("PayGPrice,exchangeRatePricingToBilling,paygCostInBillingCurrency", "2,0.9,18", 18, None),
        ("PayGPrice,exchangeRatePricingToBilling", "2,0.9", 18, None),
        ("PayGPrice,UnitPrice,ExchangeRate", "2,1.6,0.9", 18, Decimal("14.4")),
        ("PayGPrice", "2", 20, None),
        ("PayGPrice,UnitPrice,exchangeRatePricingToBilling", "0,1.6,0.9", Decimal("14.4"), Decimal("14.4")),
        ("PayGPrice,UnitPrice,exchangeRatePricingToBilling", ",,0.9", Decimal("13.5"), Decimal("13.5")),
        ("ResourceId", "x", None, None),
    ],
)
def test_azure_prices_count_in_the_billing_currency(  # noqa: PLR0917 - facts of a line
    con, tmp_path, columns, row, at_list, contracted
) -> None:
    header = f"date,costInBillingCurrency,billingCurrency,chargeType,quantity,{columns}"
    (tmp_path / "bill.csv").write_text(f"{header}\n10/05/2026,13.5,EUR,Usage,10,{row}\n")
    load(con, Azure(kind="azure", name="bill", uri=str(tmp_path / "bill.csv")))
    assert con.execute("select list_cost, contracted_cost from charge_day").fetchall() == [(at_list, contracted)]


def test_lines_without_a_list_price_are_counted(con, tmp_path) -> None:
    header = "date,costInBillingCurrency,billingCurrency,chargeType,quantity,PayGPrice"
    (tmp_path / "bill.csv").write_text(f"{header}\n10/05/2026,1,EUR,Usage,1,0\n10/05/2026,1,EUR,Usage,1,2\n")
    load(con, Azure(kind="azure", name="bill", uri=str(tmp_path / "bill.csv")))
    reasons = {reason for (reason,) in con.execute("select reason from input_issue").fetchall()}
    assert "use without a list price: counted at its contracted price, or its cost" in reasons


SHARED = {"a": service(accounts=["1"]), "b": service(accounts=["2"])}
COSTS = {"direct": 10, "support": 100, "commitment_unused": 50, "tax": 7, "credit": -3}


def platform_costs(con, **shared: object) -> None:
    store_catalog(con, SHARED | {"hub": service(accounts=["9"], shared="proportional", **shared)}, {}, AS_OF)
    charges(
        con,
        {"account": "1", "cost": Decimal(10)},
        {"account": "2", "cost": Decimal(10)},
        {"account": "9", "cost": Decimal(10)},
        {"account": "9", "charge_kind": "support", "cost": Decimal(100)},
        {"account": "9", "commitment_status": "Unused", "cost": Decimal(50)},
        {"account": "9", "charge_category": "Tax", "cost": Decimal(7)},
        {"account": "9", "charge_category": "Credit", "cost": Decimal(-3)},
    )
    build_charged(con)


@pytest.mark.parametrize(
    ("rules", "moved"),
    [
        ({}, 160),
        ({"tax": "proportional"}, 167),
        ({"tax": "even", "credit": "proportional"}, 164),
        ({"support": "none"}, 60),
        ({"direct": "none", "commitment_unused": "even"}, 150),
    ],
)
def test_all_of_a_shared_service_is_shared_but_what_the_catalog_keeps(con, rules, moved) -> None:
    platform_costs(con, shared_components=rules)
    half = Decimal(moved) / 2
    assert components(con, "shared") == {"a": half, "b": half, "hub": -moved}
    for component, cost in COSTS.items():
        assert components(con, component)["hub"] == cost


amounts = st.decimals(min_value=-1000, max_value=1000, places=18)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(costs=st.lists(amounts, min_size=4, max_size=4), weights=st.lists(st.integers(1, 999), min_size=3, max_size=3))
def test_sharing_keeps_the_total_to_the_last_digit(con, costs, weights) -> None:
    names = "abc"
    catalog = {name: service(accounts=[name]) for name in names}
    store_catalog(con, catalog | {"hub": service(accounts=["9"], shared="proportional")}, {}, AS_OF)
    charges(
        con,
        *({"account": name, "cost": Decimal(weight)} for name, weight in zip(names, weights, strict=True)),
        {"account": "9", "cost": costs[0]},
        {"account": "9", "charge_kind": "support", "cost": costs[1]},
        {"account": "9", "commitment_status": "Unused", "cost": costs[2]},
        {"account": "9", "charge_kind": "split_unused", "cost": costs[3]},
    )
    build_charged(con)
    shared = components(con, "shared")
    assert sum(shared.values()) == 0
    assert shared["hub"] == -sum(costs)
