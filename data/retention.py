"""What the warehouse keeps of nights that are over: every night for some weeks, then one a week, then one a month.

A night that is thinned away leaves its scores (`forecast_score`), its misses and its row in `night`; what it forecast
and decided goes. Which nights stay does not depend on when it is asked: the first of each week, then of each month.
"""

from datetime import date, timedelta

import duckdb

# What grows with every night and is thinned, by the column that says the night.
THINNED = {
    "anomaly": "as_of",
    "anomaly_part": "as_of",
    "check_result": "as_of",
    "commitment_purchase": "as_of",
    "commitment_regret": "as_of",
    "forecast": "made_on",
    "forecast_fit": "made_on",
    "forecast_sum": "made_on",
    "headroom": "made_on",
    "probability_reliability": "as_of",
    "scenario_result": "as_of",
    "source_state": "as_of",
    "unit_cost_forecast": "as_of",
    "unit_cost_status": "as_of",
    "use_per_request": "as_of",
}
# What is kept of every night: scores, and what the register of risks and the log of decisions are told from.
KEPT = frozenset({"advice", "budget_status", "commitment_option", "forecast_miss", "forecast_score", "night", "risk"})
# What holds the newest nights alone, by the step that writes it.
NEWEST = frozenset({"capacity_trade", "forecast_path", "forecast_unsettled", "scale_schedule"})


def thin(con: duckdb.DuckDBPyConnection, as_of: date, nightly_days: int, weekly_days: int) -> int:
    """Remove nights older than `nightly_days` but one a week, and older than `weekly_days` but one a month.

    Return how many rows went. Backtests stay: they are of no night.
    """
    removed = 0
    for table, column in THINNED.items():
        live = " and origin = 'live'" if table == "forecast" else ""
        nights = con.execute(f"select distinct {column} from {table} where true{live}").fetchall()  # noqa: S608 - constants
        gone = thinned({night for (night,) in nights}, as_of, nightly_days, weekly_days)
        if gone:
            query = f"delete from {table} where {column} in (select unnest($gone)){live}"  # noqa: S608 - the same
            ((rows,),) = con.execute(query, {"gone": sorted(gone)}).fetchall()
            removed += int(rows)
    return removed


def thinned(nights: set[date], as_of: date, nightly_days: int, weekly_days: int) -> set[date]:
    """Return those of `nights` that go: whether they are thinned night by night or once in a year, the same stay."""
    old = sorted(night for night in nights if night < as_of - timedelta(days=nightly_days))
    weekly: dict[tuple[int, int], date] = {}
    monthly: dict[tuple[int, int], date] = {}
    for night in old:
        weekly.setdefault(night.isocalendar()[:2], night)
    for night in weekly.values():
        if night < as_of - timedelta(days=weekly_days):
            monthly.setdefault((night.year, night.month), night)
    kept = {night for night in weekly.values() if night >= as_of - timedelta(days=weekly_days)}
    return set(old) - kept - set(monthly.values())
