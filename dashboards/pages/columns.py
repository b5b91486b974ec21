"""Columns that several pages show, the same wherever they stand."""

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
    Column("act_by", "Act by", "day"),
    Column("planned_date", "Plan fails on", "day", is_rare=True),
    Column("add_by", "Order by", "day", is_rare=True),
    Column("units_to_add", "Add", "units", is_rare=True),
    Column("usd_month", "USD a month", "cost", is_rare=True),
)

MISS = (
    Column("service", "Service", "service"),
    Column("metric", "Metric", "metric"),
    Column("made_on", "Made on", "day"),
    Column("horizon_days", "Days ahead", "horizon"),
    Column("grain", "Grain", "grain"),
    Column("wape", "Error (WAPE)", "score"),
    Column("bias", "Bias", "change1"),
    Column("causes", "Cause", "why"),
    Column("origin", "Evidence", "origin"),
)

JUDGED = (
    Column("service", "Service", "service"),
    Column("metric", "Metric", "metric"),
    Column("month", "Month", "month"),
    Column("compared", "Compared"),
    Column("forecast", "Forecast", "value"),
    Column("actual", "Actual", "value"),
    Column("error_ratio", "Error", "change1"),
    Column("status", "Target ±10 / ±20 %", "status"),
    Column("series_class", "Class"),
    Column("origin", "Evidence", "origin"),
    Column("made_on", "Made on", "day"),
)

GAP = (
    Column("service", "Service", "service"),
    Column("metric", "Metric"),
    Column("from_utc", "From, UTC", "moment"),
    Column("to_utc", "To, UTC", "moment"),
    Column("state", "State", "state", is_rare=True),
    Column("hours", "Hours", "count"),
    Column("cause", "Cause", "long"),
    Column("source", "Source"),
)

STEPS = (
    Column("price", "Price", "cost_change"),
    Column("efficiency", "Efficiency", "cost_change"),
    Column("mix", "Mix", "cost_change"),
    Column("volume", "Volume", "cost_change"),
    Column("restatement", "Restated", "cost_change"),
    Column("discount", "Discount", "cost_change"),
)

# Of a change from month to month, after what it is of.
MOVED = (
    Column("change", "Change", "money_change"),
    Column("cost_before", "Before", "cost"),
    Column("cost_after", "After", "cost"),
    *STEPS,
    Column("sentence", "Why", "sentence"),
)

COST_MONTH = (
    Column("month", "Month", "month"),
    Column("currency", "Currency"),
    Column("usage_cost", "Usage", "cost"),
    Column("tax_cost", "Tax", "cost", is_rare=True),
    Column("credit_cost", "Credit", "cost", is_rare=True),
    Column("support_cost", "Support", "cost", is_rare=True),
    Column("total_cost", "Total", "cost"),
    Column("forecast_cost", "Forecast of usage", "cost"),
)
