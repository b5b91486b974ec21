"""Should I believe it? Months against the target, misses with their causes, error and coverage by days ahead."""

from dashboards.charts import accuracy as charts
from dashboards.page import Column, Night, Page, Panel, Table
from dashboards.pages.columns import JUDGED, MISS
from dashboards.pages.estate import accuracy_summary, service_rows

_SERIES = (
    Column("service", "Service", "service"),
    Column("metric", "Metric", "metric"),
    Column("series_class", "Class"),
    Column("origin", "Evidence", "origin"),
    Column("wape", "Error (WAPE)", "score"),
    Column("wape_naive", "Seasonal naive", "percent1"),
    Column("bias", "Bias", "change1"),
    Column("points", "Forecasts met", "count"),
    Column("model", "Model", "model"),
    Column("fallback_reason", "Fallback", "long", is_rare=True),
)


def _context(night: Night) -> dict[str, object]:
    return {"accuracy": accuracy_summary(service_rows(night))}


PAGE = Page(
    file="accuracy.html",
    title="Accuracy",
    question="Should I believe it?",
    context=_context,
    tables=(
        Table(
            "accuracy/bill",
            "The whole bill",
            (
                Column("month", "Month", "month"),
                Column("currency", "Currency"),
                Column("compared", "Compared"),
                Column("forecast", "Forecast", "money"),
                Column("actual", "Actual", "money"),
                Column("error_ratio", "Error", "change1"),
                Column("status", "Target ±10 / ±20 %", "status"),
                Column("maturity", "Maturity", is_rare=True),
                Column("origin", "Evidence", "origin"),
                Column("made_on", "Made on", "day"),
            ),
        ),
        Table(
            "accuracy/month",
            "Stable series of services, month by month",
            (
                Column("month", "Month", "month"),
                Column("subject", "Of"),
                Column("compared", "Compared"),
                Column("series", "Series", "count"),
                Column("good", "Good", "count"),
                Column("acceptable", "Acceptable", "count"),
                Column("missed", "Missed", "count"),
                Column("within_10", "Within ±10 %", "share:series"),
                Column("within_20", "Within ±20 %", "share:series"),
                Column("origin", "Evidence", "origin"),
            ),
            empty="No stable series of a service has a month to be judged by yet.",
        ),
        Table("accuracy/month_miss", "Months that were more than 20 % off", JUDGED),
        Table(
            "accuracy/miss_cause",
            "Misses by their first cause",
            (
                Column("cause", "First cause"),
                Column("origin", "Evidence", "origin"),
                Column("misses", "Misses", "count"),
                Column("series", "Series", "count"),
                Column("wape", "Median error (WAPE)", "percent1"),
                Column("bias", "Median bias", "change1"),
            ),
        ),
        Table("accuracy/miss", "Misses: error over 20 % of a stable series, forecasts of the last 120 nights", MISS),
        Table(
            "accuracy/class",
            "Daily series by how forecastable they are, up to 28 days ahead",
            (
                Column("subject", "Of"),
                Column("series_class", "Class"),
                Column("origin", "Evidence", "origin"),
                Column("series", "Series", "count"),
                Column("within_10", "Within ±10 %", "share:series"),
                Column("within_20", "Within ±20 %", "share:series"),
                Column("wape", "Median error (WAPE)", "score"),
                Column("wape_naive", "Seasonal naive", "percent1"),
                Column("beats_naive", "Better than naive", "share:compared"),
            ),
        ),
        Table(
            "accuracy/horizon",
            "The same as numbers; each series counts once in a median",
            (
                Column("subject", "Of"),
                Column("grain", "Grain", "grain"),
                Column("origin", "Evidence", "origin"),
                Column("horizon_days", "Days ahead", "horizon"),
                Column("series", "Series", "count"),
                Column("points", "Forecasts met", "count"),
                Column("wape", "Median error (WAPE)", "score"),
                Column("wape_p90", "90th percentile", "percent1"),
                Column("wape_naive", "Seasonal naive", "percent1"),
                Column("bias", "Bias", "change1"),
                Column("coverage80", "Inside 80 %", "share:interval_points"),
                Column("coverage95", "Inside 95 %", "share:interval_points"),
            ),
        ),
        Table("accuracy/series", "Daily series", _SERIES),
        Table(
            "accuracy/grain",
            "Each series is forecast by the middle of the models that did best on it; errors are on origins that they "
            "were not chosen on",
            (
                Column("grain", "Grain", "grain"),
                Column("series", "Series", "count"),
                Column("wape", "Median error (WAPE)", "score"),
                Column("wape_naive", "Seasonal naive", "percent1"),
                Column("beats_naive", "Better than naive", "share:compared"),
                Column("mase", "Median MASE", "rate"),
                Column("coverage80", "Inside 80 %", "percent"),
                Column("coverage95", "Inside 95 %", "percent"),
                Column("fallbacks", "Fallbacks", "count"),
                Column("seconds", "Time", "seconds"),
            ),
        ),
        Table(
            "accuracy/model",
            "Models kept by the newest night",
            (
                Column("model", "Model", "family"),
                Column("settings", "Settings", "code"),
                Column("grain", "Grain", "grain"),
                Column("leads", "Came first", "count"),
                Column("series_ratio", "Kept by", "share:all_series"),
                Column("wape", "Error where first", "score"),
                Column("wape_naive", "Seasonal naive", "percent1"),
            ),
        ),
        Table(
            "accuracy/fallback",
            "Where seasonal naive stands in, and why",
            (
                Column("fallback_reason", "Reason", "long"),
                Column("grain", "Grain", "grain"),
                Column("series", "Series", "count"),
                Column("example_service", "For example", "service"),
                Column("example_metric", "Metric", "metric"),
            ),
        ),
        Table(
            "accuracy/tier",
            "Months of stable series by tier, whole ones",
            (
                Column("tier", "Tier"),
                Column("subject", "Of"),
                Column("series_class", "Class"),
                Column("months", "Months judged", "count"),
                Column("within_10", "Within ±10 %", "share:months"),
                Column("within_20", "Within ±20 %", "share:months"),
                Column("origin", "Evidence", "origin"),
            ),
        ),
        Table(
            "accuracy/interval",
            "Month-end intervals against the month as it was",
            (
                Column("month", "Month", "month"),
                Column("currency", "Currency"),
                Column("made_on", "Made on", "day"),
                Column("forecast", "Forecast", "money"),
                Column("lo80", "80 % of futures", "range:hi80"),
                Column("actual", "Actual", "money"),
                Column("inside", "80 % interval held it"),
                Column("origin", "Evidence", "origin"),
            ),
        ),
    ),
    panels=(
        Panel("error", "accuracy/horizon", charts.error_by_horizon, ("subject", "grain", "origin")),
        Panel("coverage", "accuracy/horizon", charts.coverage, ("subject", "grain", "origin")),
        Panel("reliability", "accuracy/reliability", charts.reliability, ("subject", "origin")),
    ),
)
