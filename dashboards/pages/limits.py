"""The columns of a limit, the same wherever limits stand."""

from dashboards.page import Column

LIMIT = (
    Column("metric", "Metric"),
    Column("limit_value", "Limit", "value"),
    Column("peak_now", "Newest peak", "value"),
    Column("peak_forecast", "Forecast peak", "value"),
    Column("headroom_ratio", "Headroom", "percent"),
    Column("p10_date", "10 % by", "day"),
    Column("p50_date", "50 % by", "day"),
    Column("p90_date", "90 % by", "day"),
    Column("probability_30d", "in 30 days", "percent"),
    Column("probability_60d", "in 60", "percent"),
    Column("probability_90d", "in 90", "percent"),
    Column("lead_time_days", "Lead time", "days"),
    Column("act_by", "Act by", "day"),
    Column("planned_date", "Plan fails on", "day"),
    Column("add_by", "Order by", "day"),
    Column("units_to_add", "Add", "value"),
    Column("usd_month", "USD a month", "money"),
)
