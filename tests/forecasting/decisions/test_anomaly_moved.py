"""Use that changes its place or its owner costs what it did: nobody has to look at it, and nothing was saved."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from forecasting.decisions.anomaly import Anomaly
from forecasting.decisions.night import Night
from tests.forecasting.company import AS_OF, DAYS, SETTLE_DAYS, Company, make_company

SETTLED = DAYS - SETTLE_DAYS
MOVED = SETTLED - 30  # day
AMOUNTS = ("cost", "list_cost", "quantity")


def costs(company: Company, *services: str) -> pd.DataFrame:
    rows = Anomaly().decide(company.inputs, Night(AS_OF))[0].frame
    return rows[rows["service"].isin(services) & (rows["metric"] == "cost_usd")].sort_values("service")


def move(company: Company, owner: str, ratio: float = 1.0, **there: str) -> None:
    """From MOVED on the cells of a service are charged elsewhere, `ratio` times as much."""
    cells = company.inputs["cell"]
    mine = cells["service"] == owner
    after = cells[mine].copy()
    for name, times in (("day", 1), *((name, ratio) for name in AMOUNTS)):
        after[name] = [values[MOVED:] * times for values in after[name]]
        cells.loc[mine, name] = cells.loc[mine, name].map(lambda values: values[:MOVED])
    every = pd.concat([cells, after.assign(**there)])
    company.inputs["cell"] = every.sort_values(["service", "account", "product", "region"], ignore_index=True)


def test_a_service_that_changes_its_account_is_no_news():
    company = make_company(400, services=8, episodes=False)
    move(company, "s001", account="another")
    rows = costs(company, "s001")
    assert list(rows["muted_by"]) == ["moved within the service"]


def test_what_moves_and_gets_dearer_is_an_alert():
    company = make_company(400, services=8, episodes=False)
    move(company, "s001", ratio=1.3, account="another")
    assert not costs(company, "s001")["is_muted"].all()


def test_a_service_under_a_new_name_is_neither_new_nor_a_saving():
    company = make_company(401, services=8, episodes=False)
    move(company, "s001", service="renamed")
    rows = costs(company, "s001", "renamed")
    assert list(rows["muted_by"]) == ["moved from s001", "moved to renamed"]
    assert abs(rows["impact"].sum()) < 0.1 * rows["impact"].max()
    assert rows["score"].max() <= 1000  # nothing was expected: as far outside as anything


def test_a_service_that_is_split_with_its_load_is_not_two_new_ones():
    company = make_company(403, services=8, episodes=False)
    move(company, "s001", ratio=0.6, service="part-a")
    cells = company.inputs["cell"]
    other = cells[cells["service"] == "part-a"].assign(service="part-b")
    for name in AMOUNTS:
        other[name] = other[name] * 0.4 / 0.6
    every = pd.concat([cells, other])
    company.inputs["cell"] = every.sort_values(["service", "account", "product", "region"], ignore_index=True)
    first = pd.Timestamp(AS_OF) - timedelta(days=DAYS - MOVED)
    load, request = company.inputs["load"], company.inputs["request"]
    (row,) = load.index[load["service"] == "s001"]
    values = list(load["value"])
    values[row] = np.where(np.arange(len(values[row])) >= len(values[row]) - 24 * (DAYS - MOVED), 0.0, values[row])
    load["value"] = values
    (row,) = request.index[request["service"] == "s001"]
    days = pd.to_datetime(pd.Series(request.loc[row, "date"])).to_numpy()
    counts = list(request["requests"])
    counts[row] = np.where(days >= first.to_datetime64(), 0.0, np.asarray(counts[row], dtype=float))
    request["requests"] = counts
    rows = costs(company, "s001", "part-a", "part-b").set_index("service")["muted_by"]
    assert rows["s001"] in {"follows load", "moved to part-a, part-b"}  # as much as its cost followed its load
    assert rows["part-a"] == rows["part-b"] == "moved from s001"


def test_what_lost_its_owner_is_an_alert_of_both():
    company = make_company(401, services=8, episodes=False)
    move(company, "s001", service="(unallocated)")
    rows = costs(company, "s001", "(unallocated)")
    assert len(rows) == 2
    assert not rows["is_muted"].any()


def test_a_new_service_beside_one_that_ended_is_an_alert_where_it_costs_otherwise():
    company = make_company(401, services=8, episodes=False)
    move(company, "s001", ratio=1.4, service="another")
    assert not costs(company, "s001", "another")["is_muted"].any()


@pytest.mark.parametrize("days", [35, 50])
def test_growth_of_one_per_cent_a_day_is_one_episode_that_goes_on(days):
    company = make_company(402, services=8, episodes=False)
    cells = company.inputs["cell"]
    grown = np.maximum(np.arange(SETTLED) - (SETTLED - days), 0)
    for place in cells.index[cells["service"] == "s001"]:
        for name in AMOUNTS:
            cells.loc[place, name][:] *= 1.01**grown
    rows = costs(company, "s001")
    assert rows["kind"].item() in {"creep", "step"}  # it may stand out before it is known to be slow
    assert rows["to_utc"].isna().all()
    assert rows["from_utc"].item() <= pd.Timestamp(AS_OF) - timedelta(days=SETTLE_DAYS + 3)
    assert rows["impact"].item() / (rows["actual"].item() - rows["impact"].item()) > 0.2  # of what was before it
