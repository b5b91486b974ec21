"""Where is it from? Freshness, rejects, reconciliation, restatements, the dictionary of tables and words."""

from dataclasses import dataclass

from dashboards.page import Column as C
from dashboards.page import Night, Page, Table
from dashboards.queries import read

COOKBOOK = (
    ("When is each limit reached?", "select service, metric, p50_date, act_by from current_headroom order by act_by"),
    (
        "What does a million requests cost?",
        "select service, date, cost_per_million_usd from unit_cost_day where is_settled order by date desc, service",
    ),
    (
        "What does the bill say of a month, by product?",
        "select service, product, currency, sum(billed_cost) as billed, sum(effective_cost) as effective from cost_day "
        "group by all order by effective desc",
    ),
    ("How good are the forecasts?", "from forecast_series_score order by wape desc"),
)


@dataclass(frozen=True)
class Word:
    """A row of data/dictionary: a table or a view with its comment."""

    name: str
    kind: str
    comment: str | None


def _context(night: Night) -> dict[str, object]:
    return {"dictionary": read(night.con, Word, "data/dictionary", night.parameters), "cookbook": COOKBOOK}


GAP = (
    C("service", "Service", "service"),
    C("metric", "Metric"),
    C("from_utc", "From, UTC", "moment"),
    C("to_utc", "To, UTC", "moment"),
    C("state", "State", "state"),
    C("hours", "Hours", "count"),
    C("cause", "Cause", "long"),
    C("source", "Source"),
)

PAGE = Page(
    file="data.html",
    title="Data",
    question="Where is it from?",
    context=_context,
    tables=(
        Table(
            "data/source",
            "Sources",
            (
                C("source", "Source"),
                C("kind", "Kind"),
                C("state", "State", "state"),
                C("as_of", "On", "day"),
                C("newest_utc", "Newest data, UTC", "moment"),
                C("age_hours", "Age", "age"),
                C("rows_read", "Rows read", "count"),
                C("rows_rejected", "Rejected", "count"),
                C("rows_duplicate", "Duplicates", "count"),
                C("calls", "Calls", "count"),
                C("calls_cost_usd", "Calls cost, USD", "money"),
                C("error", "Error", "long"),
            ),
            empty="No source has been read.",
        ),
        Table(
            "data/issue",
            "Last delivery of each source. Rejected rows are in no table; warnings are, normalised",
            (
                C("source", "Source"),
                C("severity", "Severity", "state"),
                C("reason", "Reason", "long"),
                C("rows", "Rows", "count"),
                C("files", "Files", "count"),
                C("example", "Example", "code"),
                C("file", "File", "long"),
            ),
            empty="Nothing was rejected and nothing had to be normalised.",
        ),
        Table(
            "data/gap_cause",
            "By source and cause, in the last half year. What is missing is in no chart and no forecast; it is not zero",
            (
                C("source", "Source"),
                C("cause", "Cause", "long"),
                C("series", "Series", "count"),
                C("gaps", "Gaps", "count"),
                C("still_missing", "Still missing", "count"),
                C("hours", "Hours", "count"),
                C("longest_hours", "Longest, hours", "count"),
            ),
            empty="No hour of load is missing in the last half year.",
        ),
        Table("data/gap", "Gaps, what is still missing first, then the longest", GAP),
        Table(
            "data/check",
            "Checks of the newest night",
            (
                C("name", "Check"),
                C("state", "State", "state"),
                C("severity", "Severity"),
                C("rows", "Rows that break it", "count"),
                C("example", "Example", "code"),
            ),
            empty="No check has run.",
        ),
        Table(
            "data/bridge",
            "From what is billed to what pages call usage, by month of use and currency",
            (
                C("month", "Month", "month"),
                C("currency", "Currency"),
                C("billed_cost", "Billed, by invoice", "money"),
                C("moved_cost", "Used in another month", "money"),
                C("amortised_cost", "Commitments spread", "money"),
                C("total_cost", "Effective, total", "money"),
                C("tax_cost", "less tax", "money"),
                C("credit_cost", "less credit", "money"),
                C("support_cost", "less support", "money"),
                C("usage_cost", "Usage", "money"),
                C("unsettled_cost", "of it not settled", "money"),
            ),
            empty="No bill is loaded.",
        ),
        Table(
            "data/bill",
            "The delivery that counts for each billing period. Totals tie to the vendor's; billed and effective are never "
            "added",
            (
                C("source", "Source"),
                C("billing_period", "Billing period", "month"),
                C("currency", "Currency"),
                C("billed_cost", "Billed", "money"),
                C("effective_cost", "Effective", "money"),
                C("list_cost", "List", "money"),
                C("lines", "Lines", "count"),
                C("last_charge_date", "Charges to", "day"),
                C("delivered_at", "Delivered, UTC", "moment"),
                C("deliveries", "Deliveries", "count"),
                C("finality", "State"),
                C("invoice_difference", "Less invoice", "money"),
                C("execution_id", "Execution", "code"),
            ),
            empty="No bill is loaded.",
        ),
        Table(
            "data/restatement",
            "How bills moved after their month was over",
            (
                C("source", "Source"),
                C("billing_period", "Billing period", "month"),
                C("currency", "Currency"),
                C("delivered_at", "Delivered, UTC", "moment"),
                C("days_after_close", "Days after close", "count"),
                C("billed_change", "Billed, change", "money"),
                C("effective_change", "Effective, change", "money"),
                C("lines_change", "Lines, change", "count"),
                C("billed_cost", "Billed since", "money"),
            ),
        ),
        Table(
            "data/completeness",
            "Share of a day's final cost that was on the bill, by the age of the day, learnt from deliveries",
            (
                C("source", "Source"),
                C("provider", "Provider"),
                C("age_days", "Age of the day", "days"),
                C("ratio", "Median", "percent1"),
                C("ratio_low", "One in ten below", "percent1"),
                C("days", "Days seen", "count"),
            ),
        ),
        Table(
            "data/night",
            "The last nights",
            (
                C("as_of", "As of", "day"),
                C("state", "State", "state"),
                C("started_at", "Started, UTC", "moment"),
                C("finished_at", "Finished, UTC", "moment"),
                C("seconds", "Took", "seconds"),
                C("version", "Version"),
                C("message", "Message", "long"),
            ),
            empty="No night has run.",
        ),
    ),
)
