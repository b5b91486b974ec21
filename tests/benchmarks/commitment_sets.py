"""Commitments bought by rolling dates on hourly demand, against hindsight and against nothing."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from forecasting.decisions.commitments.futures import foresee
from forecasting.decisions.commitments.level import levels

YEAR, STEP, FIRST = 365 * 24, 30 * 24, 90 * 24  # hours: a term, between purchases, before the first
RETIRES_A_YEAR = 1 / 3  # of the types of machines
Rule = Callable[[np.ndarray, float], float]


def shavedice(folder: Path) -> pd.DataFrame:
    """Hourly demand for machines by region and type, three years; an hour without a row used none."""
    query = (
        "select usage_hour as hour, region_num::integer as region, instance_type as type, sum(norm_usage) as used "
        f"from '{folder}/*.parquet' group by all order by all"
    )
    wide = duckdb.sql(query).df().pivot_table(index="hour", columns=["region", "type"], values="used")
    return wide.reindex(pd.date_range(wide.index[0], wide.index[-1], freq="h")).fillna(0.0)


def ours(history: np.ndarray, discount: float) -> float:
    """What we commit to for what may be spent on any machine."""
    demand = foresee(history, 1)
    return levels(demand, discount)["neutral"] if demand else 0.0


def ours_of_a_type(history: np.ndarray, discount: float) -> float:
    """What we commit to for one type of machine."""
    demand = foresee(history, 1, RETIRES_A_YEAR)
    return levels(demand, discount, is_safe=True)["neutral"] if demand else 0.0


def look_back(history: np.ndarray, discount: float) -> float:
    """What would have been best in the last 30 days: the rule of today's tools."""
    return float(np.quantile(history[-30 * 24 :], discount))


def spent(series: np.ndarray, rule: Rule, discount: float) -> tuple[float, float, float]:
    """Return what a rule spends over all one-year terms by rolling dates, what hindsight would, and nothing would."""
    totals = np.zeros(3)
    for origin in range(FIRST, len(series) - YEAR + 1, STEP):
        demand = series[origin : origin + YEAR]
        bought = (rule(series[:origin], discount), float(np.quantile(demand, discount)), 0.0)
        totals += [level * (1 - discount) * YEAR + np.maximum(demand - level, 0).sum() for level in bought]
    return float(totals[0]), float(totals[1]), float(totals[2])
