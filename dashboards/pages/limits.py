"""The columns of a limit, the same wherever limits stand."""

from dashboards.page import Column

LIMIT = (
    Column("metric", "Metric"),
    Column("limit_value", "Limit", "value"),
    Column("peak_now", "Newest peak", "value"),
    Column("headroom_ratio", "Headroom", "percent"),
    Column("p10_date", "10 % by", "day"),
    Column("p50_date", "50 % by", "day"),
    Column("p90_date", "90 % by", "day"),
    Column("probability_90d", "In 90 days", "percent"),
    Column("lead_time_days", "Lead time", "days", is_rare=True),
    Column("act_by", "Act by", "day"),
    Column("planned_date", "Plan fails on", "day", is_rare=True),
    Column("add_by", "Order by", "day", is_rare=True),
    Column("units_to_add", "Add", "units", is_rare=True),
    Column("usd_month", "USD a month", "cost", is_rare=True),
)
