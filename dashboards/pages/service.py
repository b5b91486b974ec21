"""One service: when it is full, what it costs, what to do, and how good earlier forecasts of it were."""

from collections.abc import Mapping, Sequence

from dashboards.charts import cost, load
from dashboards.each import Each
from dashboards.page import Column, Night, Panel, Table
from dashboards.pages.columns import COST_MONTH, GAP, JUDGED, LIMIT, MISS
from dashboards.pages.estate import ServiceRow


def _rank(row: ServiceRow) -> Sequence[str]:
    """Return what its reader wants first: what may be full, requests, the dearest currency."""
    limited = [limit.metric for limit in row.limits]
    return [*limited, row.facts.request_metric or "", *(month.currency for month in row.months)]


def _context(row: ServiceRow, night: Night) -> Mapping[str, object]:
    return {"row": row, "settled": night.settled, "newest_day": night.newest_day}


EACH = Each(
    kind="service",
    rank=_rank,
    context=_context,
    tables=(
        Table("service/limit_now", "Limits", LIMIT),
        Table("service/gap", "Missing load", GAP[1:]),
        Table(
            "service/break",
            "Where it left what it was",
            (
                Column("metric", "Metric", "metric"),
                Column("kind", "Kind"),
                Column("grain", "Seen by", "grain"),
                Column("from_utc", "From, UTC", "moment"),
                Column("to_utc", "To, UTC", "moment"),
                Column("state", "State", "state"),
                Column("change_ratio", "Level", "change"),
                Column("origin", "Known by"),
            ),
        ),
        Table(
            "service/product",
            "What it uses itself by product, 30 settled days against the 30 before",
            (
                Column("product", "Product", "long"),
                Column("provider", "Provider"),
                Column("recent_cost", "Last 30 settled days", "money"),
                Column("share_ratio", "Share", "percent"),
                Column("before_cost", "30 days before", "cost"),
                Column("change_ratio", "Change", "change1"),
            ),
        ),
        Table(
            "service/hour_week",
            "Hours of the week",
            (Column("weekday", "Weekday"), Column("hour", "Hour"), Column("value", "Value", "amount")),
        ),
        Table(
            "service/unallocated_cause",
            "Why it has no owner: the dearest causes of the last 30 days",
            (
                Column("account", "Account"),
                Column("product", "Product", "long"),
                Column("charge_category", "Category"),
                Column("source", "Source"),
                Column("effective_cost", "Effective cost", "money"),
                Column("lines", "Lines", "count"),
                Column("last_charge_date", "Last charge", "day"),
                Column("cause", "Cause", "long"),
            ),
        ),
        Table(
            "service/month",
            "Months, effective cost by month of use",
            (
                *COST_MONTH,
                Column("forecast_lo80", "80 % of futures", "range:forecast_hi80"),
                Column("note", "State"),
            ),
        ),
        Table("service/status", "Months against the target, by the last forecast made before each began", JUDGED[1:]),
        Table("service/miss", "Misses: error over 20 % of a stable series, forecasts of the last 120 nights", MISS[1:]),
        Table(
            "service/score",
            "Error by days ahead, forecasts of the last 120 nights",
            (
                Column("metric", "Metric", "metric"),
                Column("grain", "Grain", "grain"),
                Column("origin", "Evidence", "origin"),
                Column("horizon_days", "Days ahead", "horizon"),
                Column("points", "Forecasts met", "count"),
                Column("wape", "Error (WAPE)", "score"),
                Column("wape_naive", "Seasonal naive", "percent1"),
                Column("bias", "Bias", "change1"),
                Column("coverage80", "Inside 80 %", "share:interval_points"),
                Column("coverage95", "Inside 95 %", "share:interval_points"),
            ),
        ),
        Table(
            "service/fit",
            "How the newest forecasts were made",
            (
                Column("metric", "Metric", "metric"),
                Column("grain", "Grain", "grain"),
                Column("series_class", "Class"),
                Column("model", "Model", "model"),
                Column("history_points", "Values it knew", "count"),
                Column("timezone", "Clock it follows", is_rare=True),
                Column("wape", "Error (WAPE)", "score"),
                Column("wape_naive", "Seasonal naive", "percent1"),
                Column("fallback_reason", "Fallback", "long", is_rare=True),
            ),
        ),
        Table("service/load_newest", "Newest load", (Column("newest_utc", "Newest", "moment"),)),
    ),
    panels=(
        Panel("day", "service/load_day", load.load_day, ("service", "metric")),
        Panel("hour", "service/load_hour", load.load_hour, ("service", "metric")),
        Panel("cost", "service/cost_day", cost.cost_day, ("service", "currency")),
        Panel("unit", "service/unit_cost", cost.unit_cost, ("service", "currency", "unit")),
        Panel("vintage", "service/vintage", load.vintage, ("service", "metric")),
    ),
)
