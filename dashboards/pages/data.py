"""Where is it from? Freshness, rejects, reconciliation, restatements, the dictionary of tables and words."""

from dataclasses import dataclass

from dashboards.page import Column, Night, Page, Table
from dashboards.pages.columns import GAP
from dashboards.queries import read

COOKBOOK = (
    ("When is each limit reached?", "select service, metric, p50_date, act_by from current_headroom order by act_by"),
    (
        "What does a million requests cost?",
        "select service, date, cost_per_million_usd from unit_cost_day where is_settled order by date desc, service",
    ),
    (
        "What does a month cost, by product?",
        "select product, currency, sum(effective_cost) from cost_day where charge_date >= '2026-11-01' group by all",
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
                Column("source", "Source"),
                Column("kind", "Kind"),
                Column("state", "State", "state"),
                Column("as_of", "On", "day"),
                Column("newest_utc", "Newest data, UTC", "moment"),
                Column("age_hours", "Age", "age"),
                Column("rows_read", "Rows read", "count"),
                Column("rows_rejected", "Rejected", "count"),
                Column("rows_duplicate", "Duplicates", "count"),
                Column("calls", "Calls", "count", is_rare=True),
                Column("calls_cost_usd", "Calls cost, USD", "money", is_rare=True),
                Column("error", "Error", "long", is_rare=True),
            ),
            empty="No source has been read.",
        ),
        Table(
            "data/sampling",
            "How often each source measures, in the newest 28 days, and which part of the hours it covers",
            (
                Column("source", "Source"),
                Column("metric", "Metric"),
                Column("services", "Services", "count"),
                Column("step_s", "A sample every", "seconds"),
                Column("hours_ratio", "Hours covered", "percent1"),
            ),
        ),
        Table(
            "data/issue",
            "Last delivery of each source. Rejected rows are in no table; warnings are, normalised",
            (
                Column("source", "Source"),
                Column("severity", "Severity", "state"),
                Column("reason", "Reason", "long"),
                Column("rows", "Rows", "count"),
                Column("files", "Files", "count"),
                Column("example", "Example", "code"),
                Column("file", "File", "long"),
            ),
            empty="Nothing was rejected and nothing had to be normalised.",
        ),
        Table(
            "data/gap_cause",
            "By source and cause, in the last half year: in no chart and no forecast, and not zero",
            (
                Column("source", "Source"),
                Column("cause", "Cause", "long"),
                Column("series", "Series", "count"),
                Column("gaps", "Gaps", "count"),
                Column("still_missing", "Still missing", "count"),
                Column("hours", "Hours", "count"),
                Column("longest_hours", "Longest, hours", "count"),
            ),
            empty="No hour of load is missing in the last half year.",
        ),
        Table("data/gap", "Gaps, what is still missing first, then the longest", GAP),
        Table(
            "data/check",
            "Checks of the newest night",
            (
                Column("name", "Check"),
                Column("state", "State", "state"),
                Column("severity", "Severity"),
                Column("rows", "Rows that break it", "count"),
                Column("example", "Example", "code"),
            ),
            empty="No check has run.",
        ),
        Table(
            "data/bridge",
            "From what is billed to what pages call usage, by month of use and currency",
            (
                Column("month", "Month", "month"),
                Column("currency", "Currency"),
                Column("billed_cost", "Billed, by invoice", "cost"),
                Column("moved_cost", "Used in another month", "cost_change", is_rare=True),
                Column("amortised_cost", "Commitments spread", "cost_change", is_rare=True),
                Column("total_cost", "Effective, total", "cost"),
                Column("tax_cost", "Less tax", "cost", is_rare=True),
                Column("credit_cost", "Less credit", "cost", is_rare=True),
                Column("support_cost", "Less support", "cost", is_rare=True),
                Column("usage_cost", "Usage", "cost"),
                Column("unsettled_cost", "Of it not settled", "cost", is_rare=True),
            ),
            empty="No bill is loaded.",
        ),
        Table(
            "data/bill",
            "The delivery that counts for each billing period; totals tie to the vendor's",
            (
                Column("source", "Source"),
                Column("billing_period", "Billing period", "month"),
                Column("currency", "Currency"),
                Column("billed_cost", "Billed", "cost"),
                Column("effective_cost", "Effective", "cost"),
                Column("list_cost", "List, all lines", "cost"),
                Column("lines", "Lines", "count"),
                Column("last_charge_date", "Charges to", "day"),
                Column("delivered_at", "Delivered, UTC", "moment", is_rare=True),
                Column("deliveries", "Deliveries", "count"),
                Column("finality", "State"),
                Column("invoice_difference", "Less invoice", "cost_change", is_rare=True),
                Column("execution_id", "Execution", "code"),
            ),
            empty="No bill is loaded.",
        ),
        Table(
            "data/restatement",
            "How bills moved after their month was over",
            (
                Column("source", "Source"),
                Column("billing_period", "Billing period", "month"),
                Column("currency", "Currency"),
                Column("delivered_at", "Delivered, UTC", "moment"),
                Column("days_after_close", "Days after close", "count"),
                Column("billed_change", "Billed, change", "cost_change"),
                Column("effective_change", "Effective, change", "cost_change"),
                Column("lines_change", "Lines, change", "count_change"),
                Column("billed_cost", "Billed since", "cost"),
            ),
        ),
        Table(
            "data/completeness",
            "Share of a day's final cost that was on the bill, by the age of the day, learnt from deliveries",
            (
                Column("source", "Source"),
                Column("provider", "Provider"),
                Column("age_days", "Age of the day", "days"),
                Column("ratio", "Median", "percent1"),
                Column("ratio_low", "One in ten below", "percent1"),
                Column("days", "Days seen", "count"),
            ),
        ),
        Table(
            "data/night",
            "The last nights",
            (
                Column("as_of", "As of", "day"),
                Column("state", "State", "state"),
                Column("started_at", "Started, UTC", "moment"),
                Column("finished_at", "Finished, UTC", "moment"),
                Column("seconds", "Took", "seconds"),
                Column("version", "Version"),
                Column("message", "Message", "long"),
            ),
            empty="No night has run.",
        ),
    ),
)
