"""What if: the same futures, changed by what is said and by nothing else."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting.decisions.night import Night
from forecasting.decisions.scenario import Scenario
from forecasting.decisions.scenario_effect import Assumed, part_of_change, price_factor, scaled_use, with_commitments
from forecasting.paths.calendar_sums import SCORES

AS_OF = date(2026, 11, 20)
NIGHT = Night(AS_OF, paths=300)
DAYS = np.datetime64("2026-11-20", "us") + np.arange(90) * np.timedelta64(1, "D")
NOTHING = {"factor": np.nan, "amount": np.nan, "discount": np.nan, "share": np.nan, "from_region": None,
           "to_region": None, "subject": None, "last_day": None, "kind": "event", "scenario": "s", "service": "web",
           "first_day": date(2026, 12, 1)}  # fmt: skip


def change(**facts: object) -> dict[str, object]:
    return NOTHING | facts


def stored(metric: str, level: float, **facts: object) -> dict[str, object]:
    mean = level * (1 + 0.002 * np.arange(90))
    bands = {"lo95": 0.9, "lo80": 0.95, "mean": 1.0, "hi80": 1.05, "hi95": 1.1}
    lists = {name: list(mean * share) for name, share in bands.items()}
    return lists | {
        "service": "web", "metric": metric, "first_time": pd.Timestamp(AS_OF), "seed": 0, "short_correlation": 0.5,
        "long_correlation": 0.25, "request_metric": "requests", "is_cost": metric.startswith("cost_"),
    } | facts  # fmt: skip


def inputs(*changes: dict[str, object], **frames: pd.DataFrame) -> dict[str, pd.DataFrame]:
    known = {
        "change": pd.DataFrame([one | {"place": k} for k, one in enumerate(changes)]),
        "path": pd.DataFrame([stored("cost_usd", 100.0), stored("requests", 1e6)]),
        "limited": pd.DataFrame([stored(
            "cpu", 0.5, limit_value=0.7, lead_time_days=14, units=10.0, unit_cost_usd_month=50.0, tier=1, limit_from=[],
            limit_then=[], shape=None, peak_share=1.0, peak_errors=[],
        )]),
        "known": pd.DataFrame({"service": "web", "metric": ["cost_usd", "requests"],
                               "period_start": pd.Timestamp("2026-11-01"), "value": [1900.0, 19e6]}),
        "use": pd.DataFrame({"service": ["web"], "metric": ["cpu"], "base_use": [0.1], "use_per_request": [1e-5],
                             "knee_requests": [np.nan], "use_per_request_after": [np.nan]}),
        "response": pd.DataFrame({"service": ["web"], "elasticity": [0.5], "correlation": [0.8]}),
        "member": pd.DataFrame({"team": ["front", "front", "back"], "service": ["web", "api", "mail"],
                                "metric": "cost_usd"}),
        "sum": pd.DataFrame([december(service, mean) for service, mean in MONTHS_MEAN.items()]),
        "part": pd.DataFrame({"service": ["web", "web", None], "metric": "cost_usd", "product": ["db", "vm", "vm"],
                              "region": ["us", "us", "eu"], "share": [0.4, 0.6, 0.0], "unit_price": [1.0, 2.0, 1.5]}),
    }  # fmt: skip
    return known | frames


MONTHS_MEAN = {"web": 3174.4, "api": 1000.0, "mail": 500.0}


def december(service: str, mean: float) -> dict[str, object]:
    return {
        "service": service, "metric": "cost_usd", "period": "m", "period_start": pd.Timestamp("2026-12-01"),
        "known": 0.0, "mean": mean, "quantiles": list(mean * (1 + 0.05 * SCORES)), "origins": [], "errors": [],
    }  # fmt: skip


def results(*changes: dict[str, object], **frames: pd.DataFrame) -> pd.DataFrame:
    (rows,) = Scenario().decide(inputs(*changes, **frames), NIGHT)
    frame = rows.frame
    return frame[frame["scope"] == "service"].set_index(["measure", "period_start"])


def wholes(*changes: dict[str, object], **frames: pd.DataFrame) -> pd.DataFrame:
    (rows,) = Scenario().decide(inputs(*changes, **frames), NIGHT)
    return rows.frame[rows.frame["scope"] != "service"].set_index(["scope", "service"])


def month(found: pd.DataFrame, measure: str, start: date = date(2026, 12, 1)) -> pd.Series:
    return found.loc[(measure, start)]


@pytest.mark.parametrize(
    "nothing",
    [
        change(what="requests", factor=1.0),
        change(what="price", subject="db", factor=1.0),
        change(what="limit", subject="cpu", factor=1.0),
        change(what="move", subject="vm", share=0.0, from_region="us", to_region="eu"),
        change(what="requests", factor=1.0, kind="growth", last_day=date(2026, 12, 31)),
        change(what="requests", factor=5.0, first_day=date(2027, 6, 1)),
    ],
)
def test_a_scenario_that_changes_nothing_changes_nothing(nothing):
    found = pd.concat([results(nothing).reset_index(), wholes(nothing).reset_index()])
    figures = found[found["unit"] != "date"]
    assert (figures["result"] == figures["baseline"]).all()
    assert (figures["change"] == 0).all()
    dates = found[found["unit"] == "date"]
    assert dates["baseline_date"].equals(dates["result_date"])


def test_more_requests_cost_what_follows_them_and_no_more():
    found = results(change(what="requests", factor=1.3, last_day=date(2026, 12, 31)))
    cost, requests = month(found, "cost"), month(found, "requests")
    assert requests["result"] / requests["baseline"] == pytest.approx(1.3)
    assert cost["result"] / cost["baseline"] == pytest.approx(1.15)
    assert cost["change_lo80"] < cost["change"] < cost["change_hi80"]
    unit = month(found, "unit_cost")
    assert unit["result"] / unit["baseline"] == pytest.approx(1.15 / 1.3, rel=1e-3)
    assert month(found, "cost", date(2026, 11, 1))["change"] == 0
    assert month(found, "cost", date(2027, 1, 1))["change"] == 0


def test_a_team_and_everything_change_by_what_their_services_do():
    said = change(what="requests", factor=1.3, last_day=date(2026, 12, 31))
    web, of = month(results(said), "cost"), wholes(said)
    assert list(of.index) == [("team", "front"), ("total", "(total)")]
    assert of["baseline"].tolist() == pytest.approx([4174.4, 4674.4])
    assert of["change"].tolist() == pytest.approx([web["change"]] * 2, rel=1e-6)
    assert (of["result"] - of["baseline"]).tolist() == pytest.approx(of["change"].tolist())
    width, both = web["baseline_hi80"] - web["baseline_lo80"], of["baseline_hi80"] - of["baseline_lo80"]
    assert width < both["team", "front"] < both["total", "(total)"]
    assert both["total", "(total)"] < sum(0.05 * 2 * 1.2816 * mean for mean in (1000, 500)) + width * 1.05


def test_services_that_err_together_make_a_wider_whole():
    origins = [pd.Timestamp("2026-01-01") + pd.Timedelta(days=30 * k) for k in range(30)]
    errors = np.random.default_rng(1).standard_normal(30)

    def wide(of_service: dict[str, np.ndarray]) -> float:
        rows = [december(name, mean) | {"origins": origins, "errors": list(of_service[name])}
                for name, mean in MONTHS_MEAN.items()]  # fmt: skip
        of = wholes(change(what="requests", factor=1.3), sum=pd.DataFrame(rows)).loc[("total", "(total)")]
        return float(of["baseline_hi80"] - of["baseline_lo80"])

    together = wide(dict.fromkeys(MONTHS_MEAN, errors))
    apart = wide({"web": errors, "api": -errors, "mail": np.roll(errors, 7)})
    assert apart < 0.9 * together


def test_a_month_under_way_holds_what_is_known_of_it_in_both():
    found = month(results(change(what="requests", factor=1.0)), "cost", date(2026, 11, 1))
    assert found["baseline"] == pytest.approx(1900 + 11 * 100, rel=0.02)


def test_a_limit_is_nearer_with_more_requests_and_farther_with_more_capacity():
    more = (change(what="requests", factor=1.5), change(what="limit", subject="cpu", amount=1.4))
    busier, roomier = (results(one).loc["headroom_ratio"].iloc[0] for one in more)
    assert busier["result"] < busier["baseline"] < roomier["result"]
    dates = results(change(what="requests", factor=3.0)).loc["p50_date"].iloc[0]
    assert pd.isna(dates["baseline_date"])
    assert dates["result_date"] == pd.Timestamp("2026-12-01")


def test_a_price_changes_the_share_that_its_product_has():
    found = month(results(change(what="price", subject="db", factor=1.1)), "cost")
    assert found["result"] / found["baseline"] == pytest.approx(1.04)


def test_use_that_moves_pays_the_price_that_is_billed_there():
    found = month(results(change(what="move", subject="vm", share=0.5, from_region="us", to_region="eu")), "cost")
    assert found["result"] / found["baseline"] == pytest.approx(1 - 0.6 * 0.5 * 0.25)
    said = month(
        results(change(what="move", subject="vm", share=1.0, from_region="us", to_region="eu", factor=1.2)), "cost"
    )
    assert said["result"] / said["baseline"] == pytest.approx(1.12)


def test_what_nothing_tells_is_assumed_in_words():
    empty = {"response": inputs()["response"].iloc[:0], "use": inputs()["use"].iloc[:0]}
    found = results(change(what="requests", factor=2.0), **empty).reset_index()
    words = set(found["assumption"].dropna())
    assert any("cost follows requests in proportion" in one for one in words)
    assert any("cpu follows requests in proportion" in one for one in words)
    unknown = results(change(what="move", subject="vm", share=1.0, from_region="us", to_region="mars")).reset_index()
    assert any("nothing is billed there" in one for one in unknown["assumption"].dropna())


def test_a_commitment_saves_its_discount_where_it_is_used_and_costs_where_it_is_not():
    commitment = change(what="commitment", amount=1.0, discount=0.28, first_day=AS_OF)
    cost = np.array([[1000.0] * 90, [10.0] * 90])
    paid = with_commitments(cost, [commitment], DAYS, Assumed())
    assert paid[0, 0] == pytest.approx(1000 - 24 / 0.72 + 24)
    assert paid[1, 0] == pytest.approx(24)


def test_growth_comes_bit_by_bit_and_stays_where_an_event_is_over():
    growth = part_of_change(change(what="requests", kind="growth", last_day=date(2026, 12, 10)), DAYS)
    event = part_of_change(change(what="requests", last_day=date(2026, 12, 10)), DAYS)
    launch = part_of_change(change(what="requests", kind="launch"), DAYS)
    assert (growth[10], growth[11], growth[20], growth[89]) == (0, 0.1, 1, 1)
    assert (event[10], event[11], event[20], event[21]) == (0, 1, 1, 0)
    assert (launch[10], launch[11], launch[89]) == (0, 1, 1)


def test_use_beyond_the_knee_rises_faster():
    line = {"base_use": 0.1, "use_per_request": 0.001, "knee_requests": 400.0, "use_per_request_after": 0.003}
    use = np.array([[0.3, 0.05]])
    assert scaled_use(use, np.array([2.0, 2.0]), line)[0] == pytest.approx([0.1 + 0.4, 0.05])
    assert scaled_use(use, np.array([3.0, 1.0]), line)[0, 0] == pytest.approx(0.5 + 200 * 0.003)
    assert scaled_use(use, np.array([0.5, 1.0]), line)[0, 0] == pytest.approx(0.2)
    assert scaled_use(use, np.array([2.0, 2.0]), None)[0] == pytest.approx([0.6, 0.1])


def test_a_product_that_costs_nothing_here_changes_nothing_and_says_so():
    assumed = Assumed()
    factor = price_factor([change(what="price", subject="gpu", factor=9.0)], inputs()["part"], DAYS, assumed)
    assert (factor == 1).all()
    assert assumed.words == ["gpu costs this service nothing"]


@settings(max_examples=15, deadline=None)
@given(st.floats(1.0, 3.0), st.floats(0.0, 1.0))
def test_more_requests_never_cost_less_and_never_make_a_limit_farther(factor, more):
    less, much = (results(change(what="requests", factor=one)) for one in (factor, factor + more))
    assert month(less, "cost")["result"] <= month(much, "cost")["result"] * (1 + 1e-12)
    one, two = (found.loc["headroom_ratio"].iloc[0]["result"] for found in (less, much))
    assert two <= one + 1e-12
