"""Teams by month to the end of the year: actual and forecast on one basis, intervals of services that err together."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from flows.decide import decide_one
from forecasting.decisions.cost_period import CostPeriod
from forecasting.decisions.night import Night
from forecasting.decisions.team_month import TeamMonth
from forecasting.paths.calendar_sums import SCORES
from tests.flows.deciding import AS_OF, forecast_rows

NIGHT = Night(AS_OF, paths=200)


@pytest.fixture
def estate(con):
    for name, team in (("web", "shop"), ("api", "shop"), ("batch", None)):
        con.execute(
            "insert into service (service, is_catalogued, team, accounts, aliases, is_telemetry) "
            "values ($name, true, $team, [], [], false)",
            {"name": name, "team": team},
        )
        for day in range((AS_OF - date(2026, 10, 1)).days - 2):
            con.execute(
                "insert into cost_service_day values ($name, $day, 'direct', 'USD', 100, 100, true)",
                {"name": name, "day": date(2026, 10, 1) + timedelta(days=day)},
            )
        forecast_rows(con, name, "cost_usd", 100, first=AS_OF - timedelta(days=2))
    con.execute("insert into budget by name select 'team' as scope, 'shop' as name, 'm' as period, 'USD' as currency, "
                "7000 as amount, date '2026-11-01' as valid_from")  # fmt: skip
    return con


def found(con):
    decide_one(con, CostPeriod(), NIGHT)
    decide_one(con, TeamMonth(), NIGHT)
    rows = con.execute("from team_month where actual is not null or forecast is not null").df()
    return rows.set_index(["team", rows["month"].dt.month])


def test_a_past_month_is_what_it_cost_and_a_running_one_what_is_known_and_what_is_ahead(estate):
    rows = found(estate)
    ((cost,),) = estate.execute("select actual from team_month where team = 'shop' and month = '2026-10-01'").fetchall()
    assert cost == 2 * 31 * 100
    assert rows.loc[("shop", 10), "is_final"]
    assert np.isnan(rows.loc[("shop", 10), "forecast"])
    running = rows.loc[("shop", 11)]
    assert running["forecast"] == pytest.approx(2 * 3000, rel=0.05)
    assert running["lo80"] <= running["forecast"] <= running["hi80"]
    assert float(running["budget"]) == 7000
    assert float(rows.loc[("(no team)", 11), "actual"]) == 1700


def test_twice_is_the_same_as_once(estate):
    once = found(estate)
    pd.testing.assert_frame_equal(found(estate), once)


@pytest.mark.parametrize(("errors", "widens"), [([1.0, -1.0, 1.0, -1.0], True), ([1.0, 1.0, -1.0, -1.0], False)])
def test_services_that_err_together_widen_their_teams_interval(errors, widens):
    quantiles = (100 + 10 * SCORES).tolist()
    member = pd.DataFrame({"team": "a", "service": ["x", "y"], "metric": "cost_usd", "currency": "USD"})
    start = pd.Timestamp("2026-12-01")
    sums = pd.DataFrame(
        {
            "service": ["x", "y"],
            "metric": "cost_usd",
            "period": "m",
            "period_start": start,
            "known": 0.0,
            "mean": 100.0,
            "quantiles": [quantiles, quantiles],
            "origins": [[1, 2, 3, 4], [1, 2, 3, 4]],
            "errors": [[1.0, -1.0, 1.0, -1.0], errors],
        }
    )
    month = pd.DataFrame(
        {"team": ["a"], "currency": "USD", "period_start": start, "actual": 0, "budget": None, "is_final": False}
    )
    (rows,) = TeamMonth().decide({"month": month, "member": member, "sum": sums}, NIGHT)
    width = float((rows.frame["hi80"] - rows.frame["lo80"]).iloc[0])
    alone = 2 * 1.2816 * 10
    assert (width > 1.75 * alone) == widens
    assert 1.3 * alone < width < 2.01 * alone


def test_without_any_cost_there_is_no_row(con):
    decide_one(con, TeamMonth(), NIGHT)
    assert con.execute("select count(*) from team_month").fetchall() == [(0,)]
