"""Forecasts as a night stores them, for tests of what is decided from them."""

from datetime import date

import duckdb

AS_OF = date(2026, 11, 20)


def forecast_rows(
    con: duckdb.DuckDBPyConnection,
    service: str,
    metric: str,
    level: float,
    *,
    first: date = AS_OF,
    growth: float = 0.01,
) -> None:
    """Store a forecast that rises by a part of its level a day, as a night would: 90 days, and those before it."""
    facts = {"as_of": AS_OF, "service": service, "metric": metric, "level": level, "first": first, "growth": growth}
    con.execute(
        "create or replace temp table made as select $as_of::date as made_on, $service as service, $metric as metric, "
        "$first::date::timestamp + to_days(number::integer) as target_time, $level * (1 + $growth * number) as mean, "
        "mean * 0.95 as lo80, mean * 1.05 as hi80, mean * 0.9 as lo95, mean * 1.1 as hi95 "
        "from range(0, $as_of::date - $first::date + 90) as day(number)",
        facts,
    )
    con.execute("insert into forecast_unsettled by name select * from made where target_time < made_on")
    con.execute("insert into forecast by name select *, 'd' as grain, 'profile' as model, 'live' as origin from made "
                "where target_time >= made_on")  # fmt: skip
    con.execute("insert into forecast_path values (?, ?, ?, 'd', 0, 0.5, 0.25, [], [], [])", [AS_OF, service, metric])
    con.execute(
        "insert into forecast_fit (made_on, service, metric, grain, series_class, model, models_kept, history_points, "
        "seconds) values (?, ?, ?, 'd', 'stable', 'profile', [], 90, 0)",
        [AS_OF, service, metric],
    )
