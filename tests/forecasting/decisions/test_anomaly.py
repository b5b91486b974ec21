"""Anomalies of another made-up company each seed: what is planted is found, and little else."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from forecasting.decisions.anomalies.load import judge
from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.night import Night
from tests.forecasting.company import AS_OF, DAYS, SETTLE_DAYS, make_company

SPEC = Anomaly()


def found(company, as_of=AS_OF):
    anomalies, parts, _ = (rows.frame for rows in SPEC.decide(company.inputs, Night(as_of)))
    return anomalies.assign(end=pd.to_datetime(anomalies["to_utc"]).fillna(pd.Timestamp(AS_OF))), parts


def of(rows, planted, slack=0):
    start, end = pd.Timestamp(planted.start), pd.Timestamp(planted.end) + pd.Timedelta(days=slack)
    return rows[(rows["service"] == planted.service) & (rows["from_utc"] < end) & (rows["end"] > start)]


def shown(rows):
    return rows[~rows["is_muted"].astype(bool)]


@pytest.fixture(scope="module", params=[100, 101, 102])
def company(request):
    made = make_company(request.param)
    return made, *found(made)


def test_planted_episodes_are_found_with_their_product_and_region(company):
    made, rows, parts = company
    costs = shown(rows[rows["metric"] == "cost_usd"])
    hits = [planted for planted in made.costs if len(of(costs, planted))]
    assert len(hits) >= 7
    for planted in hits:
        cells = of(costs, planted)[["service", "metric", "from_utc"]].merge(parts)
        named = (cells["product"] == planted.product) & (cells["region"] == planted.region)
        assert named.any() or planted.kind == "drop", planted
    loads = shown(rows[rows["metric"] == "requests"])
    assert [planted for planted in made.loads if not len(of(loads, planted))] == []


def test_little_else_is_shown(company):
    made, rows, _ = company
    explained = set()
    for planted in made.costs + made.loads + made.changes:
        explained |= set(of(shown(rows), planted, slack=1).index)
    assert len(shown(rows)) - len(explained) <= 2
    assert shown(rows)["service"].isin(made.quiet).sum() <= 1


def test_kinds_are_told_apart(company):
    made, rows, _ = company
    costs = shown(rows[rows["metric"] == "cost_usd"])
    for planted in made.costs:
        kinds = set(of(costs, planted)["kind"])
        wanted = {"leak": {"leak", "creep"}, "creep": {"leak", "creep"}}.get(planted.kind, {planted.kind})
        assert not kinds or kinds & wanted, (planted, kinds)


def test_a_step_is_found_on_its_first_settled_day():
    made = make_company(104)
    made.inputs["muted"] = made.inputs["muted"].iloc[:0]  # one begins on the day of an event
    for planted in (one for one in made.costs if one.kind in ("step", "new product", "spike")):
        day = (planted.start - (AS_OF - timedelta(days=DAYS))).days
        cells = made.inputs["cell"].copy()
        keep = [np.asarray(days) <= day for days in cells["day"]]
        for name in ("day", "cost", "list_cost", "quantity"):
            cells[name] = [np.asarray(values)[kept] for values, kept in zip(cells[name], keep, strict=True)]
        cells = cells[[bool(len(days)) for days in cells["day"]]].assign(last_day=pd.Timestamp(planted.start))
        night = planted.start + timedelta(days=SETTLE_DAYS)
        anomalies, *_ = (rows.frame for rows in SPEC.decide(made.inputs | {"cell": cells}, Night(night)))
        mine = anomalies[(anomalies["service"] == planted.service) & (anomalies["metric"] == "cost_usd")]
        newest = mine[mine["from_utc"] == pd.Timestamp(planted.start)]
        assert len(newest) == 1, planted
        assert not newest["is_muted"].item()
        assert pd.isna(newest["to_utc"].item())
        assert newest["first_seen"].item() == night


def test_what_is_shown_lies_outside_its_band_and_adds_up_to_its_expectation():
    made = make_company(101)
    rows, _, band = (rows.frame for rows in SPEC.decide(made.inputs, Night(AS_OF)))
    keys = ["service", "metric", "from_utc"]
    assert 6 <= len(band[keys].drop_duplicates()) <= 12
    kinds, odd_before = set(), []
    for names, points in band.groupby(keys):
        (row,) = shown(rows[(rows[keys] == pd.Series(names, keys)).all(axis=1)]).to_dict("records")
        end = pd.Timestamp(AS_OF) if pd.isna(row["to_utc"]) else row["to_utc"]
        inside = points[(points["time_utc"] >= row["from_utc"]) & (points["time_utc"] < end)]
        before = points[points["time_utc"] < row["from_utc"]]
        is_out = (inside["actual"] > inside["hi"]) | (inside["actual"] < inside["lo"])
        was_out = (before["actual"] > before["hi"]) | (before["actual"] < before["lo"])
        step = points["time_utc"].diff().dropna().unique()
        assert list(step) == [pd.Timedelta(days=1) if row["metric"] == "cost_usd" else pd.Timedelta(hours=1)]
        assert is_out.any() or row["service"] == "(total)" or row["kind"] in {"leak", "creep"}, row
        odd_before.append(was_out.mean())  # other anomalies of the series
        if row["metric"] == "requests":
            assert inside["expected"].sum() == pytest.approx(row["expected"], rel=1e-3)
        kinds.add((row["metric"], points["part"].iloc[0] is None))
    assert {metric for metric, _ in kinds} == {"cost_usd", "requests"}
    assert np.median(odd_before) < 0.03


def test_a_company_where_nothing_happens_is_quiet():
    rows, _ = found(make_company(105, services=40, episodes=False))
    assert len(shown(rows)) <= 1


def test_cost_that_follows_load_is_said_and_muted(company):
    made, rows, _ = company
    step = next(planted for planted in made.loads if planted.kind == "step")
    costs = of(rows[rows["metric"] == "cost_usd"], step)
    assert len(costs)
    if not any(of(costs, planted).size for planted in made.costs):
        assert set(costs["cause"]) == {"follows load"}
        assert costs["is_muted"].all()


def test_a_price_that_changed_for_several_services_is_one_finding(company):
    made, rows, parts = company
    (price,) = (change for change in made.changes if change.kind == "price")
    total = rows[(rows["service"] == "(total)") & (rows["cause"] == "price")]
    payers = made.inputs["cell"].query("product == @price.product and region == @price.region")
    if payers["service"].nunique() >= 2:
        assert list(total["from_utc"]) == [pd.Timestamp(price.start)]
        cell = parts[parts["service"] == "(total)"].iloc[0]
        assert (cell["product"], cell["region"]) == (price.product, price.region)


def test_of_a_changed_price_what_is_drawn_is_named_for_it_is_not_the_whole_bill():
    drawn = set()
    for seed in (100, 101, 102):
        made = make_company(seed)
        (price,) = (change for change in made.changes if change.kind == "price")
        _, _, band = (rows.frame for rows in SPEC.decide(made.inputs, Night(AS_OF)))
        parts = set(band.loc[band["service"] == "(total)", "part"])
        assert parts <= {f"{price.product} · {price.region}"}
        drawn |= parts
    assert drawn


def test_an_acknowledged_or_declared_anomaly_is_muted_and_says_by_what():
    made = make_company(100)
    planted = made.costs[0]
    reason = (planted.service, "cost_usd", planted.start, planted.end, "acknowledged: a load test", False)
    muted = pd.DataFrame([reason], columns=list(made.inputs["muted"].columns))
    made.inputs["muted"] = pd.concat([made.inputs["muted"], muted], ignore_index=True)
    rows, _ = found(made)
    mine = of(rows[rows["metric"] == "cost_usd"], planted)
    assert "acknowledged: a load test" in set(mine["muted_by"])
    assert not len(of(shown(rows[rows["metric"] == "cost_usd"]), planted))


def test_what_is_worth_less_than_the_services_minimum_is_small():
    made = make_company(100)
    made.inputs["service"]["minimum_impact"] = 1e9
    rows, _ = found(made)
    costs = rows[(rows["metric"] == "cost_usd") & (rows["service"] != "(total)")]
    assert len(costs)
    assert costs["is_muted"].all()


def test_at_most_a_handful_is_shown_of_one_day():
    made = make_company(106, services=40, episodes=False)
    for row in range(40):
        made.inputs["load"].loc[row, "value"][-30:-20] *= 6
    rows, _ = found(made)
    loads = shown(rows[rows["metric"] == "requests"])
    assert len(loads) == SPEC.most_a_day
    assert rows["muted_by"].str.startswith("one of many", na=False).sum() >= 30


def hourly(days, seed=1):
    rng = np.random.default_rng(seed)
    hours = np.arange(days * 24)
    return (100 + 40 * np.sin(2 * np.pi * hours / 24)) * np.exp(rng.normal(0, 0.03, len(hours)))


def test_an_hour_is_judged_by_what_was_known_before_it():
    y = np.stack([hourly(60, seed) for seed in range(3)])
    y[1, 900:910] *= 4
    whole, part = judge(y), judge(y[:, : 41 * 24])
    np.testing.assert_array_equal(whole.score[:, : 41 * 24], part.score)


@pytest.mark.parametrize("day", [5, 0])
def test_what_comes_every_week_alerts_once_and_is_its_week_from_then_on(day):
    y = hourly(70).reshape(70, 24)
    y[day::7, 2:5] += 400
    score = judge(y.reshape(1, -1)).score.reshape(70, 24)
    alerts = {alert for alert in np.flatnonzero((score > 1).any(axis=1)) if alert % 7 == day}
    assert len(alerts) <= 1


@pytest.mark.parametrize("gap", [5, 100])
def test_missing_hours_are_no_alert_and_what_follows_is_judged(gap):
    y = hourly(60)[None].copy()
    y[0, 1000 : 1000 + gap] = np.nan
    y[0, 1200:1203] *= 4
    score = judge(y).score[0]
    assert not (score[1000 : 1000 + gap] > 1).any()
    assert (score[1200:1203] > 1).all()
    assert (score[960:1200] > 1).sum() == 0


def test_a_level_that_stays_becomes_normal():
    y = hourly(90)[None].copy()
    y[0, 40 * 24 :] *= 2
    alerts = (judge(y).score.reshape(90, 24) > 1).any(axis=1)
    assert alerts[40:43].all()
    assert not alerts[70:].any()


def cost_of(company, service):
    mine = company.inputs["cell"].index[company.inputs["cell"]["service"] == service]
    return mine, sum(np.mean(company.inputs["cell"].loc[cell, "cost"]) for cell in mine)


def test_a_product_that_vanished_is_named():
    made = make_company(107, episodes=False)
    mine, _ = cost_of(made, "s003")
    cell = max(mine, key=lambda one: np.mean(made.inputs["cell"].loc[one, "cost"]))
    for name in ("day", "cost", "list_cost", "quantity"):
        values = list(made.inputs["cell"][name])
        values[cell] = values[cell][:-20]
        made.inputs["cell"][name] = values
    rows, parts = found(made)
    gone = rows[(rows["service"] == "s003") & (rows["kind"] == "vanished product")]
    assert list(gone["cause"]) == ["vanished product"]
    assert gone["direction"].item() == "down"
    assert made.inputs["cell"].loc[cell, "product"] in set(parts["product"])


def test_a_charge_that_comes_every_month_is_no_news_the_second_time():
    made = make_company(108, episodes=False)
    mine, whole = cost_of(made, "s002")
    first = AS_OF - timedelta(days=DAYS)
    paid = [day for day in range(DAYS - SETTLE_DAYS) if (first + timedelta(days=day)).day == 3]
    for name in ("cost", "list_cost"):
        made.inputs["cell"].loc[mine[0], name][paid] += 2 * whole
    rows, _ = found(made)
    alerts = shown(rows[(rows["service"] == "s002") & (rows["metric"] == "cost_usd")])
    late = alerts[alerts["from_utc"] >= pd.Timestamp(first + timedelta(days=paid[1]))]
    assert len(late) == 0


def test_slow_growth_is_found_though_no_day_stands_out():
    made = make_company(109, episodes=False)
    mine, whole = cost_of(made, "s001")
    growth = np.clip(np.arange(DAYS - SETTLE_DAYS) - 120, 0, 70) * 0.012 * whole
    for name in ("cost", "list_cost", "quantity"):
        values = made.inputs["cell"].loc[mine[0], name]
        values += growth if name != "quantity" else growth * values / made.inputs["cell"].loc[mine[0], "cost"]
    rows, _ = found(made)
    alerts = shown(rows[(rows["service"] == "s001") & (rows["metric"] == "cost_usd")])
    assert len(alerts)
    assert set(alerts["direction"]) == {"up"}


@pytest.mark.parametrize(("changed", "cause"), [(("cost",), "discount"), (("cost", "list_cost"), "price")])
def test_a_discount_that_changes_is_told_from_a_price_and_from_use(changed, cause):
    made = make_company(111, episodes=False)
    mine, _ = cost_of(made, "s004")
    made.inputs["cell"]["list_cost"] = made.inputs["cell"]["list_cost"].map(np.copy)
    for cell in mine:
        for name in changed:
            made.inputs["cell"].loc[cell, name][-20:] *= 0.75
    rows, _ = found(made)
    cheaper = rows[(rows["service"] == "s004") & (rows["metric"] == "cost_usd") & (rows["impact"] < 0)]
    assert list(cheaper["cause"]) == [cause]


def test_without_bills_or_load_there_is_nothing_to_say():
    made = make_company(110, services=2, episodes=False)
    nothing = {name: frame.iloc[:0] for name, frame in made.inputs.items()}
    assert [len(rows.frame) for rows in SPEC.decide(nothing, Night(AS_OF))] == [0, 0, 0]
