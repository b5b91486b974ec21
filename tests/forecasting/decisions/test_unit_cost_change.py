"""A month's change splits into parts that add up to the last digit, and each part means what it says."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from forecasting.decisions.night import Night
from forecasting.decisions.unit_cost_change import UnitCostChange
from forecasting.decisions.unit_costs.split import split_change
from forecasting.decisions.unit_costs.words import STEPS, Told, in_words

MONTH = pd.Timestamp("2026-10-01")
money = st.decimals(min_value=0, max_value=10**7, places=12, allow_nan=False)
amount = st.one_of(st.none(), st.just(0.0), st.floats(1e-6, 1e9))


def cell(service="shop", product="Databases", region="eu-1", **given_):
    row = {
        "month": MONTH, "currency": "USD", "is_running": False, "days_before": 30, "days_after": 31, "service": service,
        "product": product, "region": region, "usage_unit": "Hrs", "list_before": "0", "list_after": "0",
        "corrected_before": "0", "corrected_after": "0", "cost_before": "0", "cost_after": "0",
        "quantity_before": None, "quantity_after": None,
    }  # fmt: skip
    return row | given_


def used(before, after, price=(2, 2), **given_):
    """A cell that used so much before and after, at list price."""
    lists = [str(Decimal(str(use)) * Decimal(str(at))) for use, at in zip((before, after), price, strict=True)]
    costs = {"list_before": lists[0], "list_after": lists[1], "cost_before": lists[0], "cost_after": lists[1]}
    return cell(quantity_before=before, quantity_after=after, **(costs | given_))


def decide(cells, requests=None, teams=(), since=(), metrics=None):
    months = {"before": MONTH - pd.DateOffset(months=1), "after": MONTH}
    rows = [
        (service, None, (metrics or {}).get(service, "requests"), months[side], day, count)
        for service, counts in (requests or {}).items()
        for side, count in zip(("before", "after"), counts, strict=True)
        for day in range(1, 32 if side == "after" else 31)
    ]
    inputs = {
        "cell": pd.DataFrame(cells),
        "request": pd.DataFrame(rows, columns=["service", "team", "request_metric", "month", "day", "requests"]),
        "price": pd.DataFrame(since, columns=["currency", "product", "region", "usage_unit", "month", "since"]),
        "team": pd.DataFrame(teams, columns=["service", "team"]),
    }
    changes, parts = UnitCostChange().decide(inputs, Night(date(2026, 11, 20)))
    assert changes.keys == {"month": "2026-10-01", "currency": "USD"}
    return changes.frame.set_index(["scope", "service"]), parts.frame


@settings(max_examples=50, deadline=None, phases=[Phase.generate])
@given(st.lists(st.tuples(money, money, money, money, amount, amount, st.sampled_from("ab")), min_size=1, max_size=6))
def test_parts_add_up_to_the_last_digit_whatever_the_bill(rows):
    cells = [
        cell(
            product=product, region=str(place), list_before=str(l0), list_after=str(l1), corrected_after=str(c1),
            cost_after=str(e1), quantity_before=q0, quantity_after=q1,
        )
        for place, (l0, l1, c1, e1, q0, q1, product) in enumerate(rows)
    ]  # fmt: skip
    changes, parts = decide(cells, {"shop": (1000, 1300)}, [("shop", "retail")])
    for key, row in changes.iterrows():
        split = row["price"] + row["efficiency"] + row["mix"] + row["volume"] + row["restatement"]
        assert split == row["list_change"]
        assert row["list_change"] + row["discount"] == row["cost_after"] - row["cost_before"]
        mine = parts[(parts["scope"] == key[0]) & (parts["service"] == key[1])]
        for name in ("list_change", "price", "efficiency", "mix", "volume", "restatement", "discount"):
            assert sum(mine[name], Decimal(0)) == row[name]
    assert list(changes.index) == [("service", "shop"), ("total", "(total)"), ("team", "retail")]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_split_itself_leaves_nothing_over(seed, has_requests):
    rng = np.random.default_rng(seed)
    cells = int(rng.integers(1, 12))
    costs = rng.uniform(0, 1000, (2, cells)) * (rng.random((2, cells)) > 0.2)
    use = rng.uniform(1, 500, (2, cells)) * (rng.random((2, cells)) > 0.2)
    use[costs == 0] = 0
    requests = rng.uniform(1, 1e6, 2) if has_requests else [np.nan, np.nan]
    split = split_change(
        costs[0], costs[1], use[0], use[1], rng.integers(0, 3, cells),
        (np.full(cells, requests[0]), np.full(cells, requests[1])),
    )  # fmt: skip
    total = split.price + split.efficiency + split.mix + split.volume
    np.testing.assert_allclose(total.sum(), (costs[1] - costs[0]).sum(), atol=1e-6)
    if not has_requests:
        assert not split.efficiency.any()


def test_a_dearer_price_at_the_same_use_is_all_price():
    changes, parts = decide([used(100, 100, price=(2, 2.3))], {"shop": (50, 50)})
    row = changes.loc["service", "shop"]
    assert (row["price"], row["mix"]) == (Decimal(30), Decimal(0))
    assert row["volume"] + row["efficiency"] == 0
    assert parts["price_ratio"].iloc[0] == pytest.approx(0.15)


def test_more_requests_at_the_same_use_each_is_volume_and_a_longer_month_too():
    row = decide([used(300, 310)], {"shop": (10, 10)})[0].loc["service", "shop"]
    assert row["volume"] == Decimal(20)
    assert abs(row["efficiency"]) < Decimal("1e-5")
    assert row["change_a_day"] == 0


def test_less_use_for_the_same_requests_is_efficiency():
    row = decide([used(310 * 3, 310 * 2)], {"shop": (31, 30)})[0].loc["service", "shop"]  # 930 requests in both
    assert float(row["efficiency"]) == pytest.approx(-620)
    assert float(row["volume"]) == pytest.approx(0, abs=1e-5)


def test_use_that_moves_to_a_dearer_region_is_mix():
    cells = [used(100, 0, region="us", price=(1, 1)), used(0, 100, region="eu", price=(3, 3))]
    row = decide(cells, {"shop": (31, 30)})[0].loc["service", "shop"]
    assert float(row["mix"]) == pytest.approx(200)
    assert float(row["price"]) == 0


def test_a_correction_is_restatement_and_a_better_rate_is_discount():
    cells = [
        used(10, 10, corrected_after="-7.5", cost_after="10", cost_before="20"),
    ]
    row = decide(cells)[0].loc["service", "shop"]
    assert row["restatement"] == Decimal("-7.5")
    assert row["discount"] == Decimal("-2.5")


def test_use_is_volume_where_requests_are_not_known_or_measured_too_rarely():
    row = decide([used(100, 150)])[0].loc["service", "shop"]
    assert row["volume"] == Decimal(100)
    assert row["efficiency"] == 0
    assert row["requests_after"] is None
    assert row["unit_cost_after"] is None


def test_teams_have_a_unit_cost_only_where_all_count():
    cells = [used(1, 2), used(1, 1, service="search")]
    changes, _ = decide(cells, {"shop": (10, 10), "search": (20, 20)}, [("shop", "web"), ("search", "web")])
    assert changes.loc[("team", "web"), "requests_after"] == 930
    assert changes.loc[("total", "(total)"), "unit_cost_after"] == pytest.approx(6 / 930)


def test_the_sentence_says_what_moved_most_first_and_since_when():
    cells = [used(1000, 1000, price=(2, 2.3)), used(100, 130, product="Queues")]
    since = [("USD", "Databases", "eu-1", "Hrs", MONTH, pd.Timestamp("2026-10-05"))]
    changes, _ = decide(cells, {"shop": (31, 30 * 1.1)}, since=since)
    sentence = changes.loc[("service", "shop"), "sentence"]
    assert sentence.startswith("+360 USD: Databases in eu-1 is 15 % dearer since 5 Oct (+300 USD); ")
    assert "requests +10 % cost" in sentence
    assert "use per request \u2212" in sentence
    assert sentence.endswith("31 days after 30")


def said(cost_after: str, **steps: str) -> str:
    """The sentence of a bill of 1,000 USD before, without cells."""
    ends = {"cost_before": "1000", "cost_after": cost_after, "list_before": "1000", "list_after": cost_after}
    amounts = {name: Decimal(value) for name, value in (dict.fromkeys(STEPS, "0") | steps | ends).items()}
    return in_words(Told(("total", "(total)"), "USD", amounts, None, (17, 17)), [], {})


def test_what_is_too_small_for_a_clause_of_its_own_is_said_together_so_that_the_sentence_adds_up():
    assert said("907", volume="-100", mix="3", discount="4") == (
        "\u221293.00 USD: use \u221210 % saved 100 USD; the rest cost 7.00 USD"
    )
    assert "the rest" not in said("900.50", volume="-100", mix="0.50")


def test_nothing_moved_is_said():
    assert "nothing moved by much" in decide([used(10, 10)])[0].loc[("service", "shop"), "sentence"]


def test_the_sentence_of_services_that_count_different_things_says_what_each_request_used():
    cells = [used(1000, 1500), used(300, 310, service="search")]
    changes, _ = decide(cells, {"shop": (10, 10), "search": (20, 20)}, metrics={"search": "orders"})
    row = changes.loc[("total", "(total)")]
    assert pd.isna(row["requests_after"])
    assert "use per request +35 % cost 918 USD; volume +3 % cost 102 USD" in row["sentence"]


def test_use_that_is_new_or_ended_is_said_so():
    cells = [used(0, 50), used(50, 0, service="search")]
    changes, _ = decide(cells, {"shop": (10, 10)})
    assert "+100 USD: use that is new cost 100 USD" in changes.loc[("service", "shop"), "sentence"]
    assert "use that ended saved 100 USD" in changes.loc[("service", "search"), "sentence"]


def test_a_small_change_is_not_said_to_be_none():
    sentence = decide([used(1000, 1004)])[0].loc[("service", "shop"), "sentence"]
    assert "use +0.4 % cost 8.00 USD" in sentence


@pytest.mark.parametrize(("days", "words"), [(4, "2 weekend days in 4 after 0"), (7, None)])
def test_a_running_month_says_where_its_days_are_other_days_of_the_week(days, words):
    running = {"is_running": True, "days_before": days, "days_after": days}  # October 2026 begins on a Thursday
    sentence = decide([used(10, 12, **running)])[0].loc[("service", "shop"), "sentence"]
    assert sentence.endswith(words) if words else "weekend" not in sentence


def test_more_requests_are_not_said_to_save_where_the_dear_service_has_fewer():
    cells = [used(1000, 800), used(10, 20, service="search")]
    changes, _ = decide(cells, {"shop": (31 * 10, 30 * 8), "search": (31 * 100, 30 * 200)})
    row = changes.loc[("total", "(total)")]
    assert row["requests_after"] > row["requests_before"]
    assert "requests +" not in row["sentence"]
    assert "volume \u2212" in row["sentence"] or "use \u2212" in row["sentence"]


def test_requests_of_services_that_are_not_billed_in_a_currency_are_not_of_its_cost():
    changes, _ = decide([used(1, 2)], {"shop": (10, 10), "elsewhere": (500, 500)})
    assert changes.loc[("total", "(total)"), "requests_after"] == 310
