"""Cost per unit ahead: as wide as cost and units together leave it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasting.decisions.night import Night
from forecasting.decisions.unit_cost_forecast import UnitCostForecast, paired_ratio

AS_OF = date(2026, 11, 20)
NIGHT = Night(AS_OF, paths=500)


def futures(service, metric, level, width, *, days=90, correlation=None):
    bands = {"lo95": -2, "lo80": -1.28, "mean": 0, "hi80": 1.28, "hi95": 2}
    lists = {name: np.full(days, level * (1 + width * z)) for name, z in bands.items()}
    is_cost = metric.startswith("cost_")
    return {
        "service": service, "metric": metric, "first_time": pd.Timestamp(AS_OF), **lists, "seed": 0,
        "short_correlation": 0.5, "long_correlation": 0.4, "request_metric": "orders", "is_cost": is_cost,
        "correlation": correlation,
    }  # fmt: skip


def forecast(*rows):
    (found,) = UnitCostForecast().decide({"path": pd.DataFrame(rows)}, NIGHT)
    return found.frame


def test_next_month_and_quarter_cost_per_order():
    found = forecast(futures("shop", "cost_eur", 300, 0.1, correlation=0.9), futures("shop", "orders", 1000, 0.1))
    assert list(found["period"]) == ["m", "q"]
    assert list(found["period_start"]) == [date(2026, 12, 1), date(2027, 1, 1)]
    assert set(found["currency"]) == {"EUR"}
    assert set(found["unit"]) == {"orders"}
    assert found["mean"].to_numpy() == pytest.approx(0.3, rel=0.03)
    assert (found["lo95"] <= found["lo80"]).all()
    assert (found["lo80"] <= found["mean"]).all()
    assert (found["hi80"] <= found["hi95"]).all()


def test_cost_that_moves_with_orders_leaves_less_open_than_cost_that_does_not():
    widths = []
    for correlation in (0.95, 0.0, -0.5):
        found = forecast(futures("a", "cost_usd", 300, 0.2, correlation=correlation), futures("a", "orders", 1000, 0.2))
        widths.append((found["hi80"] - found["lo80"]).iloc[0])
    assert widths[0] < widths[1] < widths[2]


def test_nothing_is_said_where_orders_are_not_forecast_or_too_few_days_are():
    assert forecast(futures("a", "cost_usd", 300, 0.1, correlation=0.5)).empty
    short = forecast(
        futures("a", "cost_usd", 300, 0.1, days=30, correlation=0.5), futures("a", "orders", 1000, 0.1, days=30)
    )
    assert list(short["period"]) == ["m"]


def test_no_orders_have_no_unit_cost():
    assert forecast(futures("a", "cost_usd", 300, 0.1, correlation=0.5), futures("a", "orders", 0, 0.1)).empty


def test_pairing_keeps_both_distributions():
    rng = np.random.default_rng(1)
    top, z = rng.uniform(1, 2, 400), rng.standard_normal((2, 400))
    assert sorted(paired_ratio(top, np.ones(400), 0.7, z)) == pytest.approx(sorted(top))
