"""What sentences and titles say of one row or one frame, and what tables leave out."""

import re
from datetime import date, datetime

import numpy as np
import pytest

from dashboards.charts.spend import REST, largest_words
from dashboards.charts.why import waterfall
from dashboards.page import Column, Table
from dashboards.pages.columns import MOVED
from dashboards.sheet import Sheet
from dashboards.words.risks import Risk, risk_words
from dashboards.words.wording import MINUS, tied

NOTHING = dict.fromkeys(Risk.__dataclass_fields__) | {"alike": 1}
OVERRUN = {
    "kind": "overrun",
    "evidence": "14010 of 22293 USD are spent; see budget_status",
    "period": "m",
    "period_start": date(2026, 11, 1),
    "budget": 22_293.0,
    "spent": 14_010.4,
    "forecast": 24_796.0,
    "currency": "USD",
    "passed_on": date(2026, 11, 27),
    "act_by": date(2026, 11, 27),
    "probability": 0.97,
}
ANOMALY = {
    "kind": "anomaly",
    "evidence": "step up since 2026-11-12, use (+120 USD); see anomaly",
    "metric": "cost_usd",
    "anomaly": "step",
    "direction": "up",
    "cause": "use",
    "impact": 120.5,
    "from_utc": datetime(2026, 11, 12),
}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            OVERRUN,
            "The budget of November 2026 will be passed on 27 Nov 2026: 24,796 USD are forecast against 22,293; 14,010",
        ),
        (
            OVERRUN | {"probability": 0.6, "passed_on": None},
            "The budget of November 2026 will likely be passed: 24,796",
        ),
        (OVERRUN | {"act_by": None}, "The budget of November 2026 was passed on 27 Nov 2026: 24,796 USD are forecast"),
        (OVERRUN | {"act_by": None, "probability": 0.6}, "The budget of November 2026 was likely passed on 27 Nov"),
        (OVERRUN | {"probability": 0.3, "period": "q"}, "The budget of the quarter from 1 Nov 2026 may be passed on"),
        (OVERRUN | {"spent": 23_000.0}, "The budget of November 2026 is passed: 23,000 of 22,293 USD are spent."),
        (OVERRUN | {"budget": None}, "14010 of 22293 USD are spent"),
        (ANOMALY, "Cost: a step up since 12 Nov 2026, 120.50 USD more than expected so far (use)."),
        (ANOMALY | {"metric": "requests", "impact": -2e6}, "requests: a step up since 12 Nov 2026, 2\u202fM less than"),
        (
            {"kind": "accuracy", "evidence": "cpu was +30 % off in 2026-10, seen on 2026-11-02; see forecast_status"},
            "cpu was +30 % off in October 2026, seen on 2 Nov 2026.",
        ),
        (
            {"kind": "stale source", "evidence": "nothing new for 60 hours; see source_state"},
            "Nothing new for 2.5\u202fdays.",
        ),
    ],
)
def test_a_risk_is_one_sentence_of_its_row(row: dict[str, object], words: str):
    said = risk_words(Risk(**(NOTHING | row)))
    assert said.startswith(words)
    assert "; see " not in said


@pytest.mark.parametrize(
    ("services", "words"),
    [
        (["a", "(total)"], "budgets are likely to be passed, or may be: a and whole bill."),
        (["a", "b", "a", "c"], "budgets are likely to be passed, or may be: a, b and c."),
        (["a", "b", "c", "d"], "budgets are likely to be passed, or may be: a, b, c and d."),
        (["a", "b", "c", "d", "e"], "budgets are likely to be passed, or may be: a, b, c and 2 others."),
        (["a", "a"], "budgets are likely to be passed, or may be: a."),
    ],
)
def test_several_of_a_kind_are_one_sentence_that_names_the_first(services: list[str], words: str):
    assert risk_words(Risk(**(NOTHING | {"kind": "overrun", "alike": len(services), "services": services}))) == words


@pytest.mark.parametrize(
    ("amounts", "finding"),
    [
        (
            [100, -30, 0, 0, 10, 0, 0, 80],
            "-20.00 (-20.0\u202f%) on the month before: price -30.00, volume +10.00",
        ),
        (
            [80, 0, 25, 0, -5, 0, 0, 100],
            "+20.00 (+25.0\u202f%) on the month before: efficiency +25.00, volume -5.00",
        ),
        ([100, 0, 7, 0, -7, 0, 0, 100], "As much as the month before: efficiency +7.00, volume -7.00"),
        ([100, 0, 0, 0, 0, 0, 0, 100], "As much as the month before"),
        ([0, 0, 0, 0, 50, 0, 0, 50], "+50.00 on the month before: volume +50.00"),
    ],
)
def test_a_waterfall_is_titled_by_its_change_and_its_largest_steps(amounts: list[float], finding: str):
    steps = ["before", "price", "efficiency", "mix", "volume", "restated", "discount", "after"]
    frame = {"step": np.array(steps, dtype=object), "amount": np.array(amounts, dtype=float)}
    assert waterfall(frame)["layout"]["meta"]["finding"].replace(MINUS, "-") == finding


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ({"ml": 100.0}, "All of it over 90 days is ml"),
        ({"ml": 60.0, "web": 30.0, REST: 10.0}, "ml is 60\u202f% of it over 90 days"),
        ({"ml": 6.0, "web": 5.0, REST: 89.0}, "ml is 6\u202f% of it over 90 days, the 2 largest teams are 11\u202f%"),
        ({}, ""),
    ],
)
def test_spend_names_its_largest_team_and_never_the_rest(totals: dict[str, float], words: str):
    assert largest_words(totals) == words


def test_a_rare_column_is_left_out_where_no_row_has_it():
    table = Table("data/source", "Sources", (Column("source", "Source"), Column("error", "Error", is_rare=True)))
    links = {"services": {}, "teams": {}}
    quiet = Sheet(table, [{"source": "aws", "error": None}, {"source": "oci", "error": ""}], links, "").__html__()
    loud = Sheet(table, [{"source": "aws", "error": None}, {"source": "oci", "error": "gone"}], links, "").__html__()
    assert "Error" not in quiet
    assert quiet.count("<td") == 0
    assert "Error" in loud
    assert loud.count("<td") == 2


def test_a_change_shows_a_gain_with_its_sign_and_is_downloaded_as_a_number():
    table = Table(
        "why/mover",
        "Movers",
        (
            Column("change", "Change", "money_change"),
            Column("mix", "Mix", "cost_change"),
            Column("lines", "Lines", "count_change"),
        ),
    )
    rows = [
        {"currency": "USD", "change": 1032.25, "mix": 0.001, "lines": 3},
        {"currency": "USD", "change": -44.6, "mix": 0.0, "lines": -3},
    ]
    html = str(Sheet(table, rows, {"services": {}, "teams": {}}, "").__html__())
    cells = re.findall(r'data-v="([^"]*)">([^<]*)<', html)
    assert cells == [
        ("1032.25", "+1,032 USD"), ("0.001", "+&lt;0.01"), ("3", "+3"),
        ("-44.6", f"{MINUS}44.60 USD"), ("0", "0.00"), ("-3", f"{MINUS}3"),
    ]  # fmt: skip
    assert {column.kind for column in MOVED if column.label in {"Change", "Price"}} == {"money_change", "cost_change"}


def test_a_per_cent_sign_stays_with_its_number():
    assert tied("requests \u22125 % saved 12 USD; 100%") == "requests \u22125\u202f% saved 12 USD; 100%"
