"""What is on each page: a page is a title, the queries of its tables, and its charts as (query, chart)."""

from dataclasses import dataclass

from dashboards.charts import charts
from dashboards.charts.charts import Chart


@dataclass(frozen=True)
class Panel:
    """A chart for each value of `cuts` that a query's rows have."""

    section: str  # where the template puts it
    query: str
    chart: Chart
    cuts: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A page that there is one of."""

    title: str
    file: str
    template: str
    tables: tuple[str, ...]
    panels: tuple[Panel, ...] = ()


# Tables that several queries read, made once: views of the snapshot would be computed anew for every chunk of services.
PREPARED = ("month_cost", "month_status", "load_gap")

INDEX = Page(
    title="Overview",
    file="index.html",
    template="index.html",
    tables=("index/problem", "index/status", "index/bill"),
    panels=(Panel("spend", "index/spend_day", charts.spend_day, ("currency",)),),
)

ACCURACY = Page(
    title="Forecast accuracy",
    file="accuracy.html",
    template="accuracy.html",
    tables=(
        "accuracy/bill",
        "accuracy/month",
        "accuracy/month_miss",
        "accuracy/miss_cause",
        "accuracy/miss",
        "accuracy/class",
        "accuracy/horizon",
        "accuracy/series",
        "accuracy/grain",
        "accuracy/model",
        "accuracy/fallback",
    ),
    panels=(
        Panel("error", "accuracy/horizon", charts.error_by_horizon, ("subject", "grain", "origin")),
        Panel("coverage", "accuracy/horizon", charts.coverage, ("subject", "grain", "origin")),
    ),
)

FRESHNESS = Page(
    title="Data freshness",
    file="freshness.html",
    template="freshness.html",
    tables=(
        "freshness/source",
        "freshness/issue",
        "freshness/gap_cause",
        "freshness/gap",
        "freshness/check",
        "freshness/bill",
        "freshness/restatement",
        "freshness/completeness",
        "freshness/night",
    ),
)

PAGES = (INDEX, ACCURACY, FRESHNESS)

# One page a service: the tables and charts of each, read for many services at once.
SERVICE_TABLES = (
    "service/score",
    "service/fit",
    "service/month",
    "service/load_newest",
    "service/gap",
    "service/status",
    "service/miss",
    "service/unallocated_cause",
)
SERVICE_PANELS = (
    Panel("load_hour", "service/load_hour", charts.load_hour, ("service", "metric")),
    Panel("load_day", "service/load_day", charts.load_day, ("service", "metric")),
    Panel("cost_day", "service/cost_day", charts.cost_day, ("service", "currency")),
    Panel("unit_cost", "service/unit_cost", charts.unit_cost, ("service",)),
    Panel("vintage", "service/vintage", charts.vintage, ("service", "metric")),
)
MOST_METRICS = 6  # on a service's page; the snapshot has the rest
