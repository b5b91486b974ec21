"""The columns of a limit, the same wherever limits stand."""

from dashboards.page import Column as C

LIMIT = (
    C("metric", "Metric"),
    C("limit_value", "Limit", "value"),
    C("peak_now", "Peak of 7 days", "value"),
    C("peak_forecast", "Forecast peak", "value"),
    C("headroom_ratio", "Headroom", "percent"),
    C("p10_date", "10 % by", "day"),
    C("p50_date", "50 % by", "day"),
    C("p90_date", "90 % by", "day"),
    C("probability_30d", "in 30 days", "percent"),
    C("probability_60d", "in 60", "percent"),
    C("probability_90d", "in 90", "percent"),
    C("lead_time_days", "Lead time", "days"),
    C("act_by", "Act by", "day"),
)
