"""Should I believe it? Months against the target, misses with their causes, error and coverage by days ahead."""


from dashboards.charts import accuracy as charts
from dashboards.page import Column as C
from dashboards.page import Page, Panel, Table

MISS = (
    C("service", "Service", "service"),
    C("metric", "Metric", "metric"),
    C("made_on", "Made on", "day"),
    C("horizon_days", "Days ahead", "horizon"),
    C("grain", "Grain", "grain"),
    C("wape", "Error (WAPE)", "score"),
    C("bias", "Bias", "change1"),
    C("causes", "Cause", "why"),
    C("origin", "Evidence", "origin"),
)
MONTH = (
    C("service", "Service", "service"),
    C("metric", "Metric", "metric"),
    C("month", "Month", "month"),
    C("compared", "Compared"),
    C("forecast", "Forecast", "value"),
    C("actual", "Actual", "value"),
    C("error_ratio", "Error", "change1"),
    C("status", "Target ±10 / ±20 %", "status"),
    C("series_class", "Class"),
    C("origin", "Evidence", "origin"),
    C("made_on", "Made on", "day"),
)
_SERIES = (
    C("service", "Service", "service"),
    C("metric", "Metric", "metric"),
    C("series_class", "Class"),
    C("origin", "Evidence", "origin"),
    C("wape", "Error (WAPE)", "score"),
    C("wape_naive", "Seasonal naive", "percent1"),
    C("bias", "Bias", "change1"),
    C("points", "Forecasts met", "count"),
    C("model", "Model", "model"),
    C("fallback_reason", "Fallback", "long"),
)




PAGE = Page(
    file="accuracy.html",
    title="Accuracy",
    question="Should I believe it?",
    tables=(
        Table(
            "accuracy/bill",
            "The whole bill",
            (
                C("month", "Month", "month"),
                C("currency", "Currency"),
                C("compared", "Compared"),
                C("forecast", "Forecast", "money"),
                C("actual", "Actual", "money"),
                C("error_ratio", "Error", "change1"),
                C("status", "Target ±10 / ±20 %", "status"),
                C("maturity", "Maturity"),
                C("origin", "Evidence", "origin"),
                C("made_on", "Made on", "day"),
            ),
        ),
        Table(
            "accuracy/month",
            "Stable series of services, month by month",
            (
                C("month", "Month", "month"),
                C("subject", "Of"),
                C("compared", "Compared"),
                C("series", "Series", "count"),
                C("good", "Good", "count"),
                C("acceptable", "Acceptable", "count"),
                C("missed", "Missed", "count"),
                C("within_10", "Within ±10 %", "share:series"),
                C("within_20", "Within ±20 %", "share:series"),
                C("origin", "Evidence", "origin"),
            ),
            empty="No stable series of a service has a month to be judged by yet.",
        ),
        Table("accuracy/month_miss", "Months that were more than 20 % off", MONTH),
        Table(
            "accuracy/miss_cause",
            "Misses by their first cause",
            (
                C("cause", "First cause"),
                C("origin", "Evidence", "origin"),
                C("misses", "Misses", "count"),
                C("series", "Series", "count"),
                C("wape", "Median error (WAPE)", "percent1"),
                C("bias", "Median bias", "change1"),
            ),
        ),
        Table("accuracy/miss", "Misses: error over 20 % of a stable series, forecasts of the last 120 nights", MISS),
        Table(
            "accuracy/class",
            "Daily series by how forecastable they are, up to 28 days ahead",
            (
                C("subject", "Of"),
                C("series_class", "Class"),
                C("origin", "Evidence", "origin"),
                C("series", "Series", "count"),
                C("within_10", "Within ±10 %", "share:series"),
                C("within_20", "Within ±20 %", "share:series"),
                C("wape", "Median error (WAPE)", "score"),
                C("wape_naive", "Seasonal naive", "percent1"),
                C("beats_naive", "Better than naive", "share:compared"),
            ),
        ),
        Table(
            "accuracy/horizon",
            "The same as numbers; each series counts once in a median",
            (
                C("subject", "Of"),
                C("grain", "Grain", "grain"),
                C("origin", "Evidence", "origin"),
                C("horizon_days", "Days ahead", "horizon"),
                C("series", "Series", "count"),
                C("points", "Forecasts met", "count"),
                C("wape", "Median error (WAPE)", "score"),
                C("wape_p90", "90th percentile", "percent1"),
                C("wape_naive", "Seasonal naive", "percent1"),
                C("bias", "Bias", "change1"),
                C("coverage80", "Inside 80 %", "share:interval_points"),
                C("coverage95", "Inside 95 %", "share:interval_points"),
            ),
        ),
        Table("accuracy/series", "Daily series", _SERIES),
        Table(
            "accuracy/grain",
            "Each series is forecast by the middle of the models that did best on it; errors are on origins that they "
            "were not chosen on",
            (
                C("grain", "Grain", "grain"),
                C("series", "Series", "count"),
                C("wape", "Median error (WAPE)", "score"),
                C("wape_naive", "Seasonal naive", "percent1"),
                C("beats_naive", "Better than naive", "share:compared"),
                C("mase", "Median MASE", "rate"),
                C("coverage80", "Inside 80 %", "percent"),
                C("coverage95", "Inside 95 %", "percent"),
                C("fallbacks", "Fallbacks", "count"),
                C("seconds", "Time", "seconds"),
            ),
        ),
        Table(
            "accuracy/model",
            "Models kept by the newest night",
            (
                C("model", "Model", "family"),
                C("settings", "Settings", "code"),
                C("grain", "Grain", "grain"),
                C("leads", "Came first", "count"),
                C("series_ratio", "Kept by", "share:all_series"),
                C("wape", "Error where first", "score"),
                C("wape_naive", "Seasonal naive", "percent1"),
            ),
        ),
        Table(
            "accuracy/fallback",
            "Where seasonal naive stands in, and why",
            (
                C("fallback_reason", "Reason", "long"),
                C("grain", "Grain", "grain"),
                C("series", "Series", "count"),
                C("example_service", "For example", "service"),
                C("example_metric", "Metric", "metric"),
            ),
        ),
        Table(
            "accuracy/tier",
            "Months of stable series by tier, whole ones",
            (
                C("tier", "Tier"),
                C("subject", "Of"),
                C("series_class", "Class"),
                C("months", "Months judged", "count"),
                C("within_10", "Within ±10 %", "share:months"),
                C("within_20", "Within ±20 %", "share:months"),
                C("origin", "Evidence", "origin"),
            ),
        ),
        Table(
            "accuracy/interval",
            "Month-end intervals against the month as it was",
            (
                C("month", "Month", "month"),
                C("currency", "Currency"),
                C("made_on", "Made on", "day"),
                C("forecast", "Forecast", "money"),
                C("lo80", "80 % of futures", "range:hi80"),
                C("actual", "Actual", "money"),
                C("inside", "80 % interval held it"),
                C("origin", "Evidence", "origin"),
            ),
        ),
    ),
    panels=(
        Panel("error", "accuracy/horizon", charts.error_by_horizon, ("subject", "grain", "origin")),
        Panel("coverage", "accuracy/horizon", charts.coverage, ("subject", "grain", "origin")),
        Panel("reliability", "accuracy/reliability", charts.reliability, ("subject", "origin")),
    ),
)
