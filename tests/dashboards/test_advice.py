"""What to do by when."""

from datetime import date, datetime, timedelta

import pytest

from dashboards.words.advice import Limit, advise

AS_OF = date(2026, 11, 20)


def limit(**changes: object) -> Limit:
    known: dict[str, object] = {
        "service": "checkout",
        "metric": "cpu",
        "level": "fine",
        "limit_value": 0.8,
        "peak_now": 0.6,
        "quantile": 0.99,
        "peak_forecast": 0.72,
        "fullness_ratio": 0.75,
        "peak_forecast_ratio": 0.9,
        "headroom_ratio": 0.1,
        "p10_date": None,
        "p50_date": None,
        "p90_date": None,
        "probability_30d": 0.0,
        "probability_60d": 0.01,
        "probability_90d": 0.02,
        "act_by": None,
        "made_on": AS_OF,
        "lead_time_days": 14,
        "peak_since": date(2026, 11, 1),
        "planned_date": None,
        "add_by": None,
        "units_to_add": None,
        "units": None,
        "usd_month": None,
        "at_limit_since": None,
        "tier": 0,
        "team": "payments",
    }
    return Limit(**(known | changes))


def reached_in(days: int, level: str) -> dict[str, object]:
    p10 = AS_OF + timedelta(days=days)
    return {
        "level": level,
        "p10_date": p10,
        "p50_date": p10 + timedelta(days=7),
        "act_by": p10 - timedelta(days=14),
    }


PLAN = {"level": "act", "headroom_ratio": -0.05, "planned_date": date(2026, 12, 18), "add_by": date(2026, 12, 4)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"level": "over", "fullness_ratio": 1.02, "peak_now": 0.816},
            "Add cpu now: its peak since 1 Nov 2026, 82\u202f%, passed its limit of 80\u202f%.",
        ),
        (reached_in(10, "late"), "Order more cpu now: the last safe day was 16 Nov 2026."),
        (reached_in(14, "act"), "Order more cpu by 20 Nov 2026."),
        (reached_in(80, "watch"), "Order more cpu by 25 Jan 2027."),
        ({}, "Nothing to do"),
        (PLAN, "Order more cpu by 4 Dec 2026 to keep what tier 0 plans for: from 18 Dec 2026 on more than 1\u202f% of"),
        (PLAN | {"tier": None}, "to keep what its tier plans for"),
        (
            PLAN | {"units_to_add": 3.0, "limit_value": 20.0, "usd_month": 900.0},
            "3 more for 900.00 USD a month would keep",
        ),
        (
            PLAN | {"units_to_add": 4.0, "units": 8.0, "usd_month": 16.0},
            " 4 units more for 16.00 USD a month would keep",
        ),
        (PLAN | {"units_to_add": 0.04}, " 5\u202f% more would keep"),
        ({"level": "over", "at_limit_since": datetime(2026, 11, 2, 9)}, "it stands at a ceiling since 2 Nov 2026"),
        ({"level": "unknown", "headroom_ratio": None, "fullness_ratio": None}, "no forecast"),
    ],
)
def test_advice_says_what_to_do_by_when(changes: dict[str, object], words: str):
    advice = advise([limit(**changes)])
    assert advice.level == changes.get("level", "fine")
    assert words in advice.sentence


def test_a_limit_that_only_one_future_in_ten_reaches_is_not_said_to_be_likely():
    advice = advise([limit(**reached_in(60, "watch") | {"p50_date": None})])
    assert "10 % chance" in advice.sentence
    assert "probably" not in advice.sentence


def test_the_most_urgent_limit_speaks():
    memory, disk = limit(metric="memory", **reached_in(20, "act")), limit(metric="disk", **reached_in(80, "watch"))
    advice = advise([limit(), memory, disk])
    assert (advice.level, advice.metric) == ("act", "memory")


def test_without_a_limit_nothing_is_promised():
    assert advise([]).level == "unknown"


def test_a_limit_that_the_planned_quantile_passes_is_never_said_to_be_fine():
    advice = advise([limit(**PLAN | {"level": "watch"})])
    assert "Nothing to do" not in advice.sentence


def test_a_limit_in_units_is_said_in_units_and_a_share_in_percent():
    assert "limit of 80\u202f%" in advise([limit()]).sentence
    assert "limit of 500" in advise([limit(limit_value=500.0, peak_now=20.0)]).sentence
