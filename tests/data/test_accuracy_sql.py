"""Scores and what is made of them, against the measures of forecasting/accuracy.py and a plain loop."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isnan, nan

import numpy as np
import pandas as pd
import pytest

from data.events import store_events
from data.warehouse import load_sql, replace_window, run
from forecasting import accuracy
from tests.warehouses import new_warehouse

MADE = date(2026, 3, 2)  # a Monday
AS_OF = date(2026, 6, 10)
BUCKETS = (0, 1, 7, 14, 28, 60, 90)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUANTILES = {"lo95": 0.025, "lo80": 0.1, "mean": 0.5, "hi80": 0.9, "hi95": 0.975}
VIEWS = ("forecast_class_score", "forecast_status", "forecast_drift", "model_score")
TABLES = (
    *("utilization_hour", "cost_service_day", "billing_load", "billing_load_day", "event"),
    *("forecast", "forecast_fit", "forecast_score", "forecast_miss", "series_break"),
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """One warehouse for all: making the schema is slower than any of these tests."""
    with new_warehouse(tmp_path_factory.mktemp("accuracy") / "warehouse.duckdb") as connection:
        yield connection


@pytest.fixture
def con(warehouse):
    for table in TABLES:
        warehouse.execute(f"delete from {table}")
    return warehouse


def at(day, hour=0):
    return datetime(day.year, day.month, day.day, hour)


def insert(con, table, rows):
    con.register("made_up", pd.DataFrame(rows))
    con.execute(f"insert into {table} by name select * from made_up")
    con.unregister("made_up")


def measure(con, values, service="a", metric="load"):
    """Store {hour: value}."""
    rows = [
        {"service": service, "metric": metric, "hour_utc": hour, "samples": 1, "source": "s"}
        | {f"value_{name}": value for name in ("avg", "max", "p95", "sum")}
        for hour, value in values.items()
    ]
    insert(con, "utilization_hour", rows)


def charge(con, values, service="a", currency="USD", unsettled=()):
    """Store {day: cost}."""
    rows = [
        {"service": service, "date": day, "component": "direct", "currency": currency, "effective_cost": value}
        | {"billed_cost": value, "is_settled": day not in unsettled}
        for day, value in values.items()
    ]
    insert(con, "cost_service_day", rows)


def forecast(con, means, service="a", *, metric="load", grain="h", made_on=MADE, origin="live", width=1.0):
    """Store {target: mean} with half-widths of `width` (80 %) and twice that (95 %)."""
    rows = [
        {"made_on": made_on, "service": service, "metric": metric, "grain": grain, "target_time": target}
        | {"mean": mean, "lo80": mean - width, "hi80": mean + width, "lo95": mean - 2 * width}
        | {"hi95": mean + 2 * width, "model": "m", "origin": origin}
        for target, mean in means.items()
    ]
    insert(con, "forecast", rows)


def fit(con, service="a", *, metric="load", grain="h", made_on=MADE, series_class="stable", **columns):
    row = {"made_on": made_on, "service": service, "metric": metric, "grain": grain, "series_class": series_class}
    row |= {"model": "m", "models_kept": ["m"], "history_points": 9, "seconds": 0.0} | columns
    insert(con, "forecast_fit", [row])


def score(con, as_of=AS_OF, made_from=date(2026, 1, 1)):
    """Fill forecast_score and forecast_miss as the night does."""
    for grain in ("h", "d"):
        every = {"first_service": "", "last_service": "~"}
        parameters = {"as_of": as_of, "made_from": made_from, "grain": grain} | every
        for table in ("forecast_score", "forecast_miss"):
            replace_window(con, table, load_sql(f"build/{table}"), parameters, keys={"grain": grain})


def look(con, query):
    return con.execute(query).df().to_dict("records")


def hours(first, days, value):
    start = at(first)
    return {start + n * HOUR: value for n in range(24 * days)}


@pytest.fixture
def scored(con):
    """Two series with gaps and noise, forecast by hour and day, live and as a backtest; returns con, scores, cells."""
    rng = np.random.default_rng(1)
    start = at(MADE - 70 * DAY)
    for service in ("a", "b"):
        kept = [start + n * HOUR for n in range(24 * 168) if rng.random() > 0.01]
        level = {hour: float(100 + 30 * np.sin(hour.hour / 4) + rng.normal(0, 9)) for hour in kept}
        measure(con, level, service)
        for made_on, origin in ((MADE, "live"), (MADE - 3 * DAY, "backtest"), (MADE, "backtest")):
            for grain, step, steps in (("h", HOUR, 24 * 14), ("d", DAY, 90)):
                targets = [at(made_on) + n * step for n in range(steps)]
                means = {target: float(rng.normal(100 if grain == "h" else 150, 12)) for target in targets}
                forecast(con, means, service, grain=grain, made_on=made_on, origin=origin, width=15)
    score(con)
    known = {(r["service"], r["grain"], r["time_utc"].to_pydatetime()): r["value"] for r in look(con, "from actual")}
    return look(con, "from forecast_score order by all"), known, look(con, "from forecast")


def of_bucket(scored, row):
    """Return the forecasts of a row of forecast_score and their actuals and naive forecasts, found one by one."""
    _, known, forecasts = scored
    low = BUCKETS[BUCKETS.index(row["horizon_days"]) - 1]
    cells = []
    for f in forecasts:
        if any(f[name] != row[name] for name in ("made_on", "service", "grain", "origin")):
            continue
        ahead = (f["target_time"].date() - f["made_on"].date()).days
        if not low <= ahead < row["horizon_days"] or f["target_time"].date() >= AS_OF:
            continue
        back = f["target_time"].to_pydatetime()
        while back.date() >= f["made_on"].date():
            back -= 7 * DAY
        key = (f["service"], f["grain"])
        actual = known.get((*key, f["target_time"].to_pydatetime()), nan)
        cells.append(f | {"actual": actual, "naive": known.get((*key, back), nan)})
    return pd.DataFrame(cells)


def scale_of(scored, row):
    """Mean absolute change over a week, in the 8 weeks before made_on, found one by one."""
    known = scored[1]
    made_on = row["made_on"].to_pydatetime()
    changes = []
    for (service, grain, time), value in known.items():
        if (service, grain) != (row["service"], row["grain"]) or not made_on - 56 * DAY <= time < made_on:
            continue
        before = known.get((service, grain, time - 7 * DAY))
        if before is not None:
            changes.append(abs(value - before))
    return sum(changes) / len(changes)


def test_every_bucket_of_every_series_is_scored(scored):
    found = {(row["service"], row["grain"], row["origin"], row["made_on"], row["horizon_days"]) for row in scored[0]}
    assert len(found) == len(scored[0]) == 2 * 3 * (3 + 6)


def test_scores_are_those_of_the_measures_with_gaps_left_out(scored):
    for row in scored[0]:
        cells = of_bucket(scored, row)
        y, f = cells["actual"], cells["mean"]
        met = y.notna()
        assert row["points"] == met.sum()
        assert row["wape"] == pytest.approx(accuracy.wape(y, f))
        assert row["wape_naive"] == pytest.approx(accuracy.wape(y, cells["naive"]), nan_ok=True)
        assert row["bias"] == pytest.approx(accuracy.bias(y, f))
        assert row["mase"] == pytest.approx(accuracy.mase(y, f, scale_of(scored, row)))
        assert row["coverage80"] == pytest.approx(accuracy.coverage(y, cells["lo80"], cells["hi80"]))
        assert row["coverage95"] == pytest.approx(accuracy.coverage(y, cells["lo95"], cells["hi95"]))
        losses = [accuracy.pinball(y, cells[name], probability) for name, probability in QUANTILES.items()]
        assert row["pinball"] == pytest.approx(np.mean(losses))
        assert row["actual_total"] == pytest.approx(y.abs().sum())


def test_scores_are_those_of_a_plain_loop(scored):
    for row in scored[0][:12]:
        error = signed = size = inside = loss = points = 0.0
        for cell in of_bucket(scored, row).to_dict("records"):
            y = cell["actual"]
            if isnan(y):
                continue
            points += 1
            error += abs(y - cell["mean"])
            signed += cell["mean"] - y
            size += abs(y)
            inside += cell["lo80"] <= y <= cell["hi80"]
            for name, p in QUANTILES.items():
                loss += p * (y - cell[name]) if y > cell[name] else (1 - p) * (cell[name] - y)
        assert row["wape"] == pytest.approx(error / size)
        assert row["bias"] == pytest.approx(signed / size)
        assert row["mase"] == pytest.approx(error / points / scale_of(scored, row))
        assert row["coverage80"] == pytest.approx(inside / points)
        assert row["pinball"] == pytest.approx(loss / points / 5)


def test_the_scale_of_mase_is_the_in_sample_error_where_nothing_is_missing(con):
    rng = np.random.default_rng(2)
    history = rng.normal(50, 5, 24 * 63)
    start = at(MADE - 63 * DAY)
    measure(con, {start + n * HOUR: float(v) for n, v in enumerate(history)} | hours(MADE, 1, 50.0))
    forecast(con, hours(MADE, 1, 53.0))
    score(con)
    (row,) = look(con, "from forecast_score")
    assert row["mase"] == pytest.approx(3 / accuracy.seasonal_scale(history, 168))


@pytest.mark.parametrize(
    ("ahead", "bucket"),
    [(0, 1), (1, 7), (6, 7), (7, 14), (13, 14), (14, 28), (27, 28), (28, 60), (59, 60), (60, 90), (89, 90), (90, None)],
)
def test_a_bucket_begins_where_the_one_before_ends(con, ahead, bucket):
    target = at(MADE + ahead * DAY)
    measure(con, {target: 10.0})
    forecast(con, {target: 11.0}, grain="d")
    score(con)
    assert [row["horizon_days"] for row in look(con, "from forecast_score")] == ([bucket] if bucket else [])


def test_actuals_of_zero_have_no_wape_and_no_bias_but_coverage(con):
    measure(con, hours(MADE, 1, 0.0))
    forecast(con, hours(MADE, 1, 0.5))
    score(con)
    (row,) = con.execute(
        "select wape, wape_naive, bias, mase, coverage80, pinball, points from forecast_score"
    ).fetchall()
    assert row[:4] == (None, None, None, None)
    assert row[4] == 1
    assert row[5] > 0
    assert row[6] == 24


def test_targets_that_are_not_met_are_not_scored(con):
    measure(con, hours(MADE, 3, 10.0))
    forecast(con, hours(MADE, 14, 10.0))
    score(con, as_of=MADE + 2 * DAY)
    found = look(con, "select horizon_days, points from forecast_score order by all")
    assert found == [{"horizon_days": 1, "points": 24}, {"horizon_days": 7, "points": 24}]


def test_a_night_does_not_score_itself_nor_what_never_matches(con):
    measure(con, hours(MADE, 3, 10.0), service="other")
    forecast(con, hours(MADE, 3, 10.0))
    score(con)
    assert look(con, "from forecast_score") == []
    score(con, as_of=MADE)
    assert look(con, "from forecast_score") == []


def broke(con, begins, ends, *, kind="outage", grain="h"):
    row = {"service": "a", "metric": "load", "grain": grain, "kind": kind, "from_utc": begins, "to_utc": ends}
    insert(con, "series_break", [row | {"is_open": ends is None}])


def test_hours_of_an_outage_do_not_count_and_are_counted_apart(con):
    measure(con, hours(MADE - 7 * DAY, 7, 10.0) | hours(MADE, 1, 10.0) | {at(MADE, n): 0.0 for n in range(6, 16)})
    forecast(con, hours(MADE, 1, 11.0))
    broke(con, at(MADE, 6), at(MADE, 16))
    score(con)
    (row,) = look(con, "from forecast_score")
    assert (row["points"], row["left_out"], row["actual_total"]) == (14, 10, 140)
    assert (row["wape"], row["wape_naive"]) == (pytest.approx(0.1), 0)


def test_what_is_open_is_left_out_to_the_end_and_a_step_is_not(con):
    measure(con, hours(MADE, 2, 10.0))
    forecast(con, hours(MADE, 2, 11.0))
    broke(con, at(MADE, 12), None, kind="step")
    broke(con, at(MADE, 20), None)
    score(con)
    assert [row["points"] for row in look(con, "from forecast_score")] == [20]


@pytest.mark.parametrize(("ends", "points"), [(None, 48), (at(MADE + 2 * DAY), 12)])
def test_an_excursion_is_a_miss_until_it_came_back(con, ends, points):
    measure(con, hours(MADE, 2, 10.0))
    forecast(con, hours(MADE, 2, 11.0))
    broke(con, at(MADE, 12), ends, kind="excursion")
    score(con)
    assert sum(row["points"] for row in look(con, "from forecast_score")) == points


@pytest.mark.parametrize(("begins", "points"), [(18, 1), (19, 2)])
def test_a_day_is_left_out_where_six_hours_of_it_broke(con, begins, points):
    measure(con, hours(MADE, 2, 10.0))
    forecast(con, {at(MADE + n * DAY): 10.0 for n in range(2)}, grain="d")
    broke(con, at(MADE, begins), at(MADE + DAY))
    score(con)
    assert sum(row["points"] for row in look(con, "from forecast_score")) == points


@pytest.mark.usefixtures("scored")
def test_the_same_night_twice_gives_the_same_bits(con):
    before = con.execute("from forecast_score order by all").fetchall()
    score(con)
    assert con.execute("from forecast_score order by all").fetchall() == before


@pytest.mark.parametrize("view", VIEWS)
def test_views_of_accuracy_are_empty_where_nothing_is_known(con, view):
    score(con)
    assert con.execute(f"from {view}").fetchall() == []


@pytest.mark.parametrize("view", ["forecast_class_score", "forecast_status"])
def test_views_of_accuracy_are_empty_where_nothing_matches(con, view):
    measure(con, hours(MADE, 31, 10.0), service="other")
    charge(con, {MADE + n * DAY: 5 for n in range(31)}, service="other")
    forecast(con, {at(MADE + n * DAY): 10.0 for n in range(31)}, grain="d")
    forecast(con, {at(date(2026, 4, 1)): 10.0}, metric="cost_usd", grain="m")
    fit(con, service="third")
    score(con)
    assert con.execute(f"from {view}").fetchall() == []


# Classes


def scores(con, service, wape, total, **columns):
    row = {"made_on": MADE, "service": service, "metric": "load", "grain": "d", "horizon_days": 7, "origin": "live"}
    row |= {"points": 6, "wape": wape, "bias": wape, "coverage80": 0.5, "coverage95": 1.0, "actual_total": total}
    insert(con, "forecast_score", [row | columns])


def test_a_class_has_weighted_and_median_errors_and_the_share_of_series_within_10_and_20_percent(con):
    for service, wape, total in (("a", 0.05, 1000.0), ("b", 0.15, 100.0), ("c", 0.9, 10.0)):
        scores(con, service, wape, total)
        fit(con, service, grain="d")
    scores(con, "d", 0.4, 10.0)
    (stable, unknown) = look(con, "from forecast_class_score order by series_class")
    assert (stable["series_class"], stable["series"], stable["points"]) == ("stable", 3, 18)
    assert stable["wape"] == pytest.approx((50 + 15 + 9) / 1110)
    assert stable["bias"] == pytest.approx((50 + 15 + 9) / 1110)
    assert stable["wape_median"] == pytest.approx(0.15)
    assert (stable["within_10"], stable["within_20"]) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (stable["coverage80"], stable["coverage95"]) == (0.5, 1)
    assert unknown["series_class"] == "unknown"


def test_a_class_is_that_of_the_newest_fit_and_several_nights_of_a_series_count_once(con):
    fit(con, grain="d", series_class="new")
    fit(con, grain="d", series_class="spiky", made_on=MADE + DAY)
    scores(con, "a", 0.1, 100.0)
    scores(con, "a", 0.3, 300.0, made_on=MADE + DAY, coverage80=1.0)
    (row,) = look(con, "from forecast_class_score")
    assert (row["series_class"], row["series"], row["points"]) == ("spiky", 1, 12)
    assert row["wape"] == row["wape_median"] == pytest.approx((10 + 90) / 400)
    assert row["coverage80"] == pytest.approx(0.75)


def test_a_series_without_a_wape_counts_in_coverage_but_not_in_shares(con):
    scores(con, "a", 0.05, 100.0)
    scores(con, "b", None, 0.0, bias=None)
    (row,) = look(con, "from forecast_class_score")
    assert (row["series"], row["within_10"], row["coverage80"]) == (2, 1, 0.5)


# Months

MARCH = date(2026, 3, 1)


def month(con, actual, mean, made_on=MARCH, days=31, **columns):
    measure(con, {at(MARCH + n * DAY): actual for n in range(days)})
    forecast(con, {at(MARCH + n * DAY): mean for n in range(31)}, grain="d", made_on=made_on, **columns)


@pytest.mark.parametrize(
    ("mean", "status"),
    [(110.0, "good"), (90.0, "good"), (111.0, "acceptable"), (80.0, "acceptable"), (121.0, "miss"), (79.0, "miss")],
)
def test_a_month_is_good_within_10_percent_acceptable_within_20(con, mean, status):
    month(con, 100.0, mean)
    fit(con, grain="d")
    (row,) = look(con, "from forecast_status")
    assert (row["month"].date(), row["status"], row["is_stable"], row["is_whole"]) == (MARCH, status, True, True)
    assert row["error_ratio"] == pytest.approx(mean / 100 - 1)
    assert row["wape"] == pytest.approx(abs(mean / 100 - 1))


def test_a_month_is_judged_by_the_last_forecast_made_before_it_began(con):
    month(con, 100.0, 100.0, made_on=MARCH - DAY)
    forecast(con, {at(MARCH + n * DAY): 500.0 for n in range(31)}, grain="d", made_on=MARCH - 2 * DAY)
    forecast(con, {at(MARCH + n * DAY): 700.0 for n in range(1, 31)}, grain="d", made_on=MARCH + DAY)
    (row,) = look(con, "from forecast_status")
    assert (row["made_on"].date(), row["error_ratio"], row["is_stable"]) == (MARCH - DAY, 0, False)


def test_a_month_that_runs_is_not_whole_and_one_of_zeros_has_no_status(con):
    month(con, 0.0, 10.0, days=10)
    (row,) = con.execute("select is_whole, days, error_ratio, status, maturity from forecast_status").fetchall()
    assert row == (False, 10, None, None, None)


@pytest.mark.parametrize(
    ("cost", "maturity"),
    [(90, "run"), (87, "walk"), (83, "crawl"), (70, "below crawl"), (112, "run"), (121, "below crawl")],
)
def test_a_month_of_cost_has_the_finops_accuracy_rate_and_maturity(con, cost, maturity):
    charge(con, {MARCH + n * DAY: cost for n in range(31)})
    forecast(con, {at(MARCH): 3100.0}, metric="cost_usd", grain="m", made_on=MARCH)
    (row,) = look(con, "from forecast_status")
    assert (row["grain"], row["is_whole"], row["days"], row["actual"]) == ("m", True, 31, 31 * cost)
    assert row["accuracy_rate"] == pytest.approx((100 - cost) / 100)
    assert row["maturity"] == maturity


def test_a_month_of_cost_waits_until_every_day_is_settled(con):
    days = {MARCH + n * DAY: 100 for n in range(31)}
    charge(con, days, unsettled=(date(2026, 3, 31),))
    charge(con, {date(2026, 3, 4): 7, date(2026, 3, 9): 7}, service="rare")
    for service in ("a", "rare", "(total)"):
        forecast(con, {at(MARCH): 14.0}, service, metric="cost_usd", grain="m", made_on=MARCH)
    assert look(con, "select service, actual from forecast_status") == []
    charge(con, {date(2026, 4, 1): 1}, service="b")
    assert look(con, "select service, actual from forecast_status") == [{"service": "rare", "actual": 14}]


# Drift


def test_drift_is_how_far_the_same_targets_moved_since_the_night_before(con):
    targets = [at(MADE + n * DAY) for n in range(4)]
    forecast(con, dict.fromkeys(targets, 100.0), grain="d")
    forecast(con, {targets[1]: 110.0, targets[2]: 90.0, targets[3]: 130.0}, grain="d", made_on=MADE + DAY)
    forecast(con, dict.fromkeys(targets, 500.0), grain="d", made_on=MADE + DAY, origin="backtest")
    (row,) = look(con, "from forecast_drift")
    assert (row["made_on"].date(), row["previous_made_on"].date(), row["targets"]) == (MADE + DAY, MADE, 3)
    assert row["drift"] == pytest.approx(50 / 300)
    assert row["shift"] == pytest.approx(30 / 300)


def test_drift_from_zero_is_null_and_without_common_targets_there_is_none(con):
    forecast(con, {at(MADE): 0.0, at(MADE + DAY): 0.0}, grain="d")
    forecast(con, {at(MADE + DAY): 3.0}, grain="d", made_on=MADE + DAY)
    forecast(con, {at(MADE + 9 * DAY): 3.0}, grain="d", made_on=MADE + 2 * DAY)
    assert con.execute("select made_on, drift, shift from forecast_drift").fetchall() == [(MADE + DAY, None, None)]


# Models


def test_the_leaderboard_is_of_the_newest_night_by_grain_and_model(con):
    fit(con, "a", models_kept=["x"], wape=9.0, wape_naive=1.0)
    tonight = {"made_on": MADE + DAY}
    fit(con, "a", models_kept=["x", "y"], wape=0.1, wape_naive=0.2, **tonight)
    fit(con, "b", models_kept=["x"], wape=0.3, wape_naive=0.3, **tonight)
    fit(con, "c", models_kept=["x"], wape=0.5, wape_naive=0.0, **tonight)
    fit(con, "d", models_kept=[], **tonight)
    found = con.execute(
        "select model, series, wape_median, relative_wape_median from model_score order by all"
    ).fetchall()
    assert found == [("x", 3, 0.3, 0.75), ("y", 1, 0.1, 0.5)]


# Misses


@dataclass(frozen=True)
class Event:
    name: str
    first_day: date
    last_day: date
    services: tuple[str, ...] = ()


def missed(con, values, mean=100.0, days=1, **columns):
    """Four weeks at 100, then `values`, forecast as `mean`; returns the misses."""
    measure(con, hours(MADE - 28 * DAY, 28, 100.0) | values)
    forecast(con, hours(MADE, days, mean), **columns)
    fit(con)
    score(con)
    return look(con, "from forecast_miss order by horizon_days")


def test_a_score_within_the_target_is_no_miss(con):
    assert missed(con, hours(MADE, 1, 100.0), mean=119.0) == []


def test_a_miss_that_nothing_explains_is_unknown(con):
    (row,) = missed(con, hours(MADE, 1, 100.0), mean=130.0)
    assert (row["cause"], list(row["causes"]), row["outage_hours"]) == ("unknown", [], 0)
    assert row["level_ratio"] == 1
    assert row["wape"] == row["bias"] == pytest.approx(0.3)


@pytest.mark.parametrize("series_class", ["spiky", "new", None])
def test_only_stable_series_have_a_target_to_miss(con, series_class):
    measure(con, hours(MADE, 1, 100.0))
    forecast(con, hours(MADE, 1, 200.0))
    if series_class:
        fit(con, series_class=series_class)
    score(con)
    assert look(con, "from forecast_miss") == []


def test_a_backtest_is_of_the_class_that_its_next_fit_found(con):
    measure(con, hours(MADE, 1, 100.0))
    forecast(con, hours(MADE, 1, 200.0), origin="backtest")
    fit(con, made_on=MADE + 9 * DAY)
    fit(con, made_on=MADE + 10 * DAY, series_class="spiky")
    score(con)
    assert [row["origin"] for row in look(con, "from forecast_miss")] == ["backtest"]


@pytest.mark.parametrize(
    ("first", "last", "services", "cause"),
    [
        (0, 0, (), "event"),
        (-3, 0, ("a", "b"), "event"),
        (0, 0, ("b",), "unknown"),
        (1, 2, (), "unknown"),
        (-3, -1, (), "unknown"),
    ],
)
def test_an_event_explains_the_days_and_services_it_was_declared_for(con, first, last, services, cause):
    store_events(con, [Event("sale", MADE + first * DAY, MADE + last * DAY, services)])
    (row,) = missed(con, hours(MADE, 1, 100.0), mean=130.0)
    assert row["cause"] == cause


def test_events_are_replaced(con):
    store_events(con, [Event("sale", MADE, MADE, ("a", "b")), Event("launch", MADE, MADE)])
    assert con.execute("select name, service from event order by all").fetchall() == [
        ("launch", None),
        ("sale", "a"),
        ("sale", "b"),
    ]
    store_events(con, [])
    assert con.execute("from event").fetchall() == []


@pytest.mark.parametrize("value", [0.0, 4.0, None])
def test_hours_near_zero_or_missing_are_an_outage(con, value):
    values = hours(MADE, 1, 100.0)
    for hour in range(6, 14):
        values[at(MADE, hour)] = value
    values = {hour: v for hour, v in values.items() if v is not None}
    (row,) = missed(con, values, mean=130.0)
    assert (row["cause"], row["outage_hours"]) == ("outage", 8)


def test_what_has_not_been_measured_yet_is_no_outage(con):
    values = {at(MADE, hour): 100.0 for hour in range(12)}
    (row,) = missed(con, values, mean=130.0)
    assert (row["cause"], row["outage_hours"]) == ("unknown", 0)


@pytest.mark.parametrize(("value", "cause"), [(126.0, "level shift"), (74.0, "level shift"), (124.0, "unknown")])
def test_a_level_more_than_25_percent_off_the_weeks_before_is_a_shift(con, value, cause):
    (row,) = missed(con, hours(MADE, 1, value), mean=300.0)
    assert row["cause"] == cause
    assert row["level_ratio"] == pytest.approx(value / 100)


def test_a_weekend_as_low_as_the_weekends_before_is_no_shift(con):
    week = {start: 100.0 if start.weekday() < 5 else 20.0 for start in hours(MADE - 28 * DAY, 35, 0.0)}
    measure(con, week)
    forecast(con, hours(MADE + 5 * DAY, 2, 100.0), made_on=MADE)
    fit(con)
    score(con)
    (row,) = look(con, "from forecast_miss")
    assert (row["cause"], row["level_ratio"]) == ("unknown", 1)


def test_causes_are_stated_in_their_order(con):
    store_events(con, [Event("sale", MADE, MADE)])
    values = hours(MADE, 1, 150.0) | {at(MADE, 3): 0.0}
    (row,) = missed(con, values, mean=400.0)
    assert (row["cause"], list(row["causes"])) == ("event", ["event", "outage", "level shift"])


def delivery(con, number, delivered, costs, currency="USD"):
    total = sum(costs.values())
    key = {"source": "bill", "billing_period": MARCH, "execution_id": str(number), "currency": currency}
    facts = {"fingerprint": "", "files": 1, "lines": 1, "billed_cost": total, "last_charge_date": max(costs)}
    times = {"delivered_at": at(delivered), "loaded_at": at(delivered), "is_current": False}
    insert(con, "billing_load", [key | facts | times])
    insert(con, "billing_load_day", [key | {"charge_date": day, "usage_cost": cost} for day, cost in costs.items()])


@pytest.mark.parametrize(
    ("again", "delivered", "cause"),
    [
        (103, date(2026, 4, 8), "restatement"),
        (97, date(2026, 4, 8), "restatement"),
        (101, date(2026, 4, 8), "unknown"),
        (103, date(2026, 3, 9), "unknown"),
    ],
)
def test_a_bill_rewritten_since_the_forecast_by_more_than_2_percent_is_a_restatement(con, again, delivered, cause):
    days = [MARCH + n * DAY for n in range(31)]
    charge(con, dict.fromkeys(days, 100))
    made_on = date(2026, 3, 20)
    forecast(con, {at(made_on): 130.0}, metric="cost_usd", grain="d", made_on=made_on)
    fit(con, metric="cost_usd", grain="d", made_on=made_on)
    delivery(con, 1, date(2026, 3, 8), dict.fromkeys(days[:7], 100))
    delivery(con, 2, delivered, dict.fromkeys(days[:20], again))  # days that were not known before do not count
    score(con)
    (row,) = look(con, "from forecast_miss")
    assert row["cause"] == cause


def test_a_bill_of_another_currency_restates_nothing(con):
    charge(con, {MADE: 100})
    forecast(con, {at(MADE): 130.0}, metric="cost_usd", grain="d")
    fit(con, metric="cost_usd", grain="d")
    delivery(con, 1, date(2026, 3, 8), {MARCH: 100}, "EUR")
    delivery(con, 2, date(2026, 4, 8), {MARCH: 200}, "EUR")
    score(con)
    assert [row["cause"] for row in look(con, "from forecast_miss")] == ["unknown"]


def test_misses_twice_are_the_same_as_once(con):
    before = missed(con, hours(MADE, 14, 150.0), days=14)
    assert [row["horizon_days"] for row in before] == [1, 7, 14]
    score(con)
    assert str(look(con, "from forecast_miss order by horizon_days")) == str(before)


# Live coverage


def live(con, values, panel="load_h", metric="load", as_of=MADE + 10 * DAY):
    con.execute(
        "create or replace temp table series_value "
        "(panel varchar, chunk integer, service varchar, metric varchar, timestamp timestamp, value double)"
    )
    rows = [
        {"panel": panel, "chunk": 3, "service": "a", "metric": metric, "timestamp": time, "value": value}
        for time, value in values.items()
    ]
    if rows:
        insert(con, "series_value", rows)
    return run(con, load_sql("build/live_score"), {"as_of": as_of}).df().to_dict("records")


def test_live_scores_are_of_the_first_day_of_hours_with_the_width_as_fitted(con):
    forecast(con, hours(MADE, 3, 100.0), width=6.0)
    forecast(con, hours(MADE, 3, 100.0), origin="backtest")
    fit(con, width80=2.0, width95=3.0)
    found = live(con, hours(MADE, 3, 90.0))
    assert [row["step"] for row in found] == list(range(24))
    first = found[0]
    assert (first["panel"], first["chunk"], first["made_on"].date(), first["actual"]) == ("load_h", 3, MADE, 90)
    assert [first[name] for name in ("lo95", "lo80", "mean", "hi80", "hi95")] == [96, 97, 100, 103, 104]


@pytest.mark.parametrize(("panel", "metric"), [("load_d", "load"), ("cost_d", "cost_usd")])
def test_live_scores_are_of_the_first_seven_days_as_they_were_where_no_width_is_stored(con, panel, metric):
    days = {at(MADE + n * DAY): 100.0 for n in range(9)}
    forecast(con, days, metric=metric, grain="d")
    found = live(con, days, panel, metric)
    assert [(row["step"], row["lo80"], row["hi95"]) for row in found] == [(n, 99, 102) for n in range(7)]


def test_live_scores_leave_out_gaps_old_nights_and_this_night(con):
    as_of = MADE + 10 * DAY
    for made_on in (as_of - 29 * DAY, as_of - 28 * DAY, as_of):
        forecast(con, {at(made_on): 1.0, at(made_on, 1): 1.0}, made_on=made_on)
    known = {at(as_of - n * DAY): 1.0 for n in range(40)}
    found = live(con, known, as_of=as_of)
    assert [(row["made_on"].date(), row["step"]) for row in found] == [(as_of - 28 * DAY, 0)]


def test_live_scores_are_empty_where_nothing_is_known_or_nothing_matches(con):
    assert live(con, {}) == []
    forecast(con, hours(MADE, 1, 1.0), service="other")
    assert live(con, hours(MADE, 1, 1.0)) == []


def test_scores_of_nights_whose_forecasts_are_gone_stay(con):
    measure(con, hours(MADE, 3, 100.0))
    for made_on in (MADE, MADE + DAY):
        forecast(con, dict.fromkeys(hours(made_on, 1, 0.0), 110.0), made_on=made_on)
    forecast(con, dict.fromkeys(hours(MADE, 1, 0.0), 120.0), origin="backtest")
    score(con)
    con.execute("delete from forecast where made_on = $made_on", {"made_on": MADE})
    parameters = {"as_of": AS_OF, "made_from": MADE, "grain": "h"}
    ((made_on, origin, wape),) = run(
        con, f"select made_on, origin, wape from ({load_sql('build/score_kept')})", parameters
    ).fetchall()
    assert (made_on, origin) == (MADE, "live")
    assert wape == pytest.approx(0.1)
