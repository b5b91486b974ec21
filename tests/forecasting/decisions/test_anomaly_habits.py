"""What a company does again and again is no anomaly; what goes against its habits is."""

from datetime import timedelta

import numpy as np
import pandas as pd

from forecasting.decisions.anomalies.load import judge
from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.night import Night
from tests.forecasting.company import AS_OF, DAYS, SETTLE_DAYS, Company, make_company

FIRST = AS_OF - timedelta(days=DAYS)
SETTLED = DAYS - SETTLE_DAYS


def shown(company: Company, service: str, metric: str = "cost_usd") -> pd.DataFrame:
    rows = Anomaly().decide(company.inputs, Night(AS_OF))[0].frame
    mine = rows[(rows["service"] == service) & (rows["metric"] == metric)]
    return mine[~mine["is_muted"].astype(bool)]


def whole_of(company: Company, service: str) -> float:
    cells = company.inputs["cell"]
    return sum(float(np.mean(cost)) for cost in cells.loc[cells["service"] == service, "cost"])


def add_product(company: Company, service: str, cost: np.ndarray) -> None:
    """Bill a service for a further product: what it costs by day, nothing on days without."""
    cells = company.inputs["cell"]
    row = cells[cells["service"] == service].iloc[0].copy()
    days = np.flatnonzero(cost > 0)
    row["product"], row["day"] = "Batch Jobs", days
    for name in ("cost", "list_cost", "quantity"):
        row[name] = cost[days]
    every = pd.concat([cells, pd.DataFrame([row])]).sort_values(["service", "product", "region"], ignore_index=True)
    company.inputs["cell"] = every


def replace_load(company: Company, service: str, change) -> None:
    load = company.inputs["load"]
    (row,) = load.index[load["service"] == service]
    values = list(load["value"])
    values[row] = change(np.asarray(values[row], dtype=float).copy())
    load["value"] = values


def hours_of_week(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Weekday and hour of each of the last `count` hours before AS_OF."""
    start = pd.Timestamp(AS_OF) - pd.Timedelta(hours=count)
    times = pd.date_range(start, periods=count, freq="h")
    return times.day_of_week.to_numpy(), times.hour.to_numpy()


def test_a_job_that_runs_once_a_week_is_no_news():
    company = make_company(200, services=8, episodes=False)
    rng = np.random.default_rng(1)
    cost = np.zeros(SETTLED)
    cost[3::7] = 0.5 * whole_of(company, "s001") * np.exp(rng.normal(0, 0.1, len(cost[3::7])))
    add_product(company, "s001", cost)
    assert len(shown(company, "s001")) <= 2


def test_a_week_without_its_job_and_one_with_four_times_of_it_are_news():
    company = make_company(200, services=8, episodes=False)
    cost = np.zeros(SETTLED)
    cost[3::7] = 0.5 * whole_of(company, "s001")
    dear = 3 + 7 * 22
    cost[dear] *= 4
    add_product(company, "s001", cost)
    starts = set(shown(company, "s001")["from_utc"])
    assert pd.Timestamp(FIRST + timedelta(days=dear)) in starts


def test_a_product_that_is_used_now_and_then_alerts_a_few_times_and_is_a_habit_then():
    company = make_company(201, services=8, episodes=False)
    rng = np.random.default_rng(2)
    cost = np.where(rng.random(SETTLED) < 0.25, 0.3 * whole_of(company, "s002"), 0.0)
    add_product(company, "s002", cost)
    late = shown(company, "s002")["from_utc"] >= pd.Timestamp(FIRST + timedelta(days=100))
    assert int((cost[100:] > 0).sum()) > 20
    assert late.sum() <= 2


def test_dearer_and_cheaper_days_side_by_side_are_two_things():
    company = make_company(202, services=8, episodes=False)
    cells, whole = company.inputs["cell"], whole_of(company, "s003")
    (first, *_) = cells.index[cells["service"] == "s003"]
    for row in cells.index[cells["service"] == "s003"]:
        for name in ("cost", "list_cost", "quantity"):
            cells.loc[row, name][150:] *= 0.7
    for name in ("cost", "list_cost"):
        cells.loc[first, name][149] += whole
    found = shown(company, "s003").set_index("from_utc")
    assert found.loc[pd.Timestamp(FIRST + timedelta(days=149)), "direction"] == "up"
    assert found.loc[pd.Timestamp(FIRST + timedelta(days=150)), "direction"] == "down"


def test_offices_that_sleep_at_night_and_err_by_a_few_per_cent_are_quiet():
    company = make_company(203, services=8, episodes=False)
    rng = np.random.default_rng(3)

    def office(value: np.ndarray) -> np.ndarray:
        weekday, hour = hours_of_week(len(value))
        is_open = (weekday < 5) & (hour >= 8) & (hour < 18)
        return np.round(np.where(is_open, 30000, 500) * np.exp(rng.normal(0, 0.04, len(value))))

    for service in company.inputs["service"]["service"]:
        replace_load(company, service, office)
    assert sum(len(shown(company, name, "requests")) for name in company.inputs["service"]["service"]) == 0


def test_weekends_that_are_three_times_as_busy_and_noisy_are_the_week_s_own():
    hour = np.arange(120 * 24)
    level = np.where((hour // 24 + 2) % 7 >= 5, 2000, 700) * (1 + 0.5 * np.sin(2 * np.pi * hour / 24))
    y = np.stack([level * np.exp(np.random.default_rng(seed).normal(0, 0.04, len(hour))) for seed in range(6)])
    alerts = (judge(y).score.reshape(6, 120, 24)[:, 35:] > 1).any(axis=2).sum(axis=1)
    assert alerts.max() <= 6


def test_a_shop_that_is_down_in_its_sale_is_an_alert_and_the_sale_is_none():
    company = make_company(204, services=8, episodes=False)
    sale = AS_OF - timedelta(days=20)
    company.inputs["muted"] = pd.DataFrame(
        [(None, None, sale, sale + timedelta(days=1), "event sale", True)],
        columns=["service", "metric", "first_day", "last_day", "muted_by", "is_event"],
    )

    def sold(value: np.ndarray) -> np.ndarray:
        start = len(value) - 20 * 24
        value[start : start + 48] *= 1.8
        return value

    def down(value: np.ndarray) -> np.ndarray:
        value = sold(value)
        start = len(value) - 20 * 24 + 14
        value[start : start + 4] *= 0.1
        return value

    replace_load(company, "s001", sold)
    replace_load(company, "s002", down)
    assert len(shown(company, "s001", "requests")) == 0
    (alert,) = shown(company, "s002", "requests").to_dict("records")
    assert (alert["kind"], alert["direction"]) == ("drop", "down")
    assert alert["from_utc"] == pd.Timestamp(sale) + pd.Timedelta(hours=14)


def test_cost_that_wanders_is_seldom_an_alert():
    company = make_company(205, services=12, episodes=False)
    cells = company.inputs["cell"]
    rng = np.random.default_rng(5)
    for service in sorted(set(cells["service"])):
        level = np.zeros(DAYS)
        for day in range(1, DAYS):
            level[day] = 0.9 * level[day - 1] + rng.normal(0, 0.06)
        for place in cells.index[cells["service"] == service]:
            for name in ("cost", "list_cost", "quantity"):
                cells.loc[place, name][:] *= np.exp(level)[cells.loc[place, "day"]]
    rows = Anomaly().decide(company.inputs, Night(AS_OF))[0].frame
    alerts = rows[(rows["metric"] == "cost_usd") & ~rows["is_muted"].astype(bool)]
    assert len(alerts) <= 25  # of 12 services in four months, whose level wanders by a seventh
