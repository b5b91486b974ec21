"""One service: when it is full, what it costs, what to do, and how good earlier forecasts of it were."""

from collections.abc import Mapping, Sequence

from dashboards.charts import cost, load
from dashboards.each import Each
from dashboards.page import Column as C
from dashboards.page import Night, Panel, Table
from dashboards.pages.accuracy import MISS, MONTH
from dashboards.pages.data import GAP
from dashboards.pages.estate import ServiceRow
from dashboards.pages.limits import LIMIT


def _rank(row: ServiceRow) -> Sequence[str]:
    """Return what its reader wants first: what may be full, requests, the dearest currency."""
    limited = [limit.metric for limit in row.limits]
    return [*limited, row.facts.request_metric or "", *(month.currency for month in row.months)]


def _context(row: ServiceRow, night: Night) -> Mapping[str, object]:
    del night
    return {"row": row}


EACH = Each(
    kind="service",
    rank=_rank,
    context=_context,
    tables=(
        Table("service/limit_now", "Limits", LIMIT),
        Table("service/gap", "Missing load", GAP[1:]),
        Table(
            "service/product",
            "What it uses itself by product, 30 settled days against the 30 before",
            (
                C("product", "Product", "long"),
                C("provider", "Provider"),
                C("recent_cost", "Last 30 settled days", "money"),
                C("share_ratio", "Share", "percent"),
                C("before_cost", "30 days before", "money"),
                C("change_ratio", "Change", "change1"),
            ),
        ),
        Table("service/hour_week", "Hours of the week", (C("weekday", "Weekday"), C("hour", "Hour"), C("value", "Value", "amount"))),
        Table(
            "service/unallocated_cause",
            "Why it has no owner: the dearest causes of the last 30 days",
            (
                C("account", "Account"),
                C("product", "Product", "long"),
                C("charge_category", "Category"),
                C("source", "Source"),
                C("effective_cost", "Effective cost", "money"),
                C("lines", "Lines", "count"),
                C("last_charge_date", "Last charge", "day"),
                C("cause", "Cause", "long"),
            ),
        ),
        Table(
            "service/month",
            "Months, effective cost by month of use",
            (
                C("month", "Month", "month"),
                C("currency", "Currency"),
                C("usage_cost", "Usage", "money"),
                C("tax_cost", "Tax", "money"),
                C("credit_cost", "Credit", "money"),
                C("support_cost", "Support", "money"),
                C("total_cost", "Total", "money"),
                C("forecast_cost", "Forecast of usage", "money"),
                C("forecast_lo80", "80 % of futures", "range:forecast_hi80"),
                C("note", "State"),
            ),
        ),
        Table("service/status", "Months against the target, each by the last forecast made before it began", MONTH[1:]),
        Table("service/miss", "Misses: error over 20 % of a stable series, forecasts of the last 120 nights", MISS[1:]),
        Table(
            "service/score",
            "Error by days ahead, forecasts of the last 120 nights",
            (
                C("metric", "Metric", "metric"),
                C("grain", "Grain", "grain"),
                C("origin", "Evidence", "origin"),
                C("horizon_days", "Days ahead", "horizon"),
                C("points", "Forecasts met", "count"),
                C("wape", "Error (WAPE)", "score"),
                C("wape_naive", "Seasonal naive", "percent1"),
                C("bias", "Bias", "change1"),
                C("coverage80", "Inside 80 %", "share:interval_points"),
                C("coverage95", "Inside 95 %", "share:interval_points"),
            ),
        ),
        Table(
            "service/fit",
            "How the newest forecasts were made",
            (
                C("metric", "Metric", "metric"),
                C("grain", "Grain", "grain"),
                C("series_class", "Class"),
                C("model", "Model", "model"),
                C("history_points", "Values it knew", "count"),
                C("wape", "Error (WAPE)", "score"),
                C("wape_naive", "Seasonal naive", "percent1"),
                C("fallback_reason", "Fallback", "long"),
            ),
        ),
        Table("service/load_newest", "Newest load", (C("newest_utc", "Newest", "moment"),)),
    ),
    panels=(
        Panel("day", "service/load_day", load.load_day, ("service", "metric")),
        Panel("hour", "service/load_hour", load.load_hour, ("service", "metric")),
        Panel("cost", "service/cost_day", cost.cost_day, ("service", "currency")),
        Panel("unit", "service/unit_cost", cost.unit_cost, ("service",)),
        Panel("vintage", "service/vintage", load.vintage, ("service", "metric")),
    ),
)
