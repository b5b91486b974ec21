"""Why did it move? The steps from the month before to the newest one, and who moved most."""

from dashboards.charts import why
from dashboards.page import Column, Night, Page, Panel, Table
from dashboards.pages.columns import MOVED, STEPS
from dashboards.queries import read_rows


def _context(night: Night) -> dict[str, object]:
    steps = read_rows(night.con, "why/total", night.parameters)
    return {"compared": {str(row["currency"]): row for row in steps if row["step"] == "after"}}


PAGE = Page(
    file="why.html",
    title="Why",
    question="Why did it move?",
    context=_context,
    tables=(
        Table(
            "why/mover",
            "Top movers; the newest month, as far as it is settled, against the same days of the one before",
            (
                Column("service", "Service", "service"),
                *MOVED,
            ),
            empty="No two months can be compared yet.",
        ),
        Table(
            "why/team",
            "By team",
            (
                Column("team", "Team", "team"),
                *MOVED,
            ),
        ),
        Table(
            "why/part",
            "The cells behind it, what moved most either way first",
            (
                Column("product", "Product", "long"),
                Column("region", "Region"),
                Column("usage_unit", "Unit"),
                Column("list_change", "Change at list price", "money_change"),
                *STEPS,
                Column("price_ratio", "Price of a unit", "change1"),
                Column("cells", "Cells", "count"),
            ),
        ),
        Table(
            "why/restatement",
            "Bills that moved after their month was over",
            (
                Column("source", "Source"),
                Column("billing_period", "Billing period", "month"),
                Column("delivered_at", "Delivered, UTC", "moment"),
                Column("days_after_close", "Days after close", "count"),
                Column("effective_change", "Effective, change", "money_change"),
            ),
        ),
    ),
    panels=(Panel("waterfall", "why/total", why.waterfall, ("currency",)),),
)
