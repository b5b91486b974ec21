"""What to commit to? Options with their regret, what is owned, and what discounts take off the list."""

from dashboards.charts import why
from dashboards.page import Column, Page, Panel, Table

PAGE = Page(
    file="commitments.html",
    title="Commitments",
    question="What to commit to?",
    tables=(
        Table(
            "commitments/option",
            "Options, the largest saving first; amounts an hour are as committed",
            (
                Column("scope", "Scope"),
                Column("provider", "Provider"),
                Column("term_years", "Years", "count"),
                Column("risk", "Appetite"),
                Column("to_buy_usd_hour", "Buy, an hour", "price"),
                Column("owned_usd_hour", "Owned, an hour", "price", "as charged"),
                Column("expected_saving_usd_month", "Saves a month", "money"),
                Column("worst5_saving_usd_month", "In the worst of twenty", "money"),
                Column("break_even_utilisation", "Breaks even at", "percent"),
                Column("coverage", "Coverage", "percent"),
                Column("utilisation", "Utilisation", "percent"),
                Column("learnt_from", "Learnt from", "long"),
            ),
            empty="No purchase would save anything, or no use has enough history to tell.",
        ),
        Table(
            "commitments/owned",
            "What is owned, what ends first at the top",
            (
                Column("commitment_id", "Commitment", "long"),
                Column("provider", "Provider"),
                Column("commitment_type", "Type"),
                Column("payment_option", "Paid", is_rare=True),
                Column("account", "Account", is_rare=True),
                Column("start_utc", "Since", "day", is_rare=True),
                Column("end_utc", "Ends", "day"),
                Column("days_left", "Left", "days"),
                Column("hourly_cost", "An hour", "price", "as contracted"),
                Column("month_cost", "A month", "cost"),
            ),
        ),
        Table(
            "commitments/purchase",
            "Ladders of the neutral appetite, one a term: buy by one of them, and only a part ends at once",
            (
                Column("scope", "Scope"),
                Column("provider", "Provider"),
                Column("term_years", "Years", "count"),
                Column("month", "Month", "month"),
                Column("expiring_usd_hour", "Ends, an hour", "price"),
                Column("buy_usd_hour", "Buy, an hour", "price"),
                Column("owned_after_usd_hour", "Owned then", "price"),
            ),
        ),
        Table(
            "commitments/month",
            "What is owned, by month of use; settled days",
            (
                Column("month", "Month", "month"),
                Column("scope", "Scope"),
                Column("provider", "Provider"),
                Column("owned_cost", "Owned", "money"),
                Column("unused_cost", "Unused", "cost"),
                Column("utilisation", "Utilisation", "percent1"),
                Column("coverage", "Coverage", "percent1"),
                Column("saving", "Saved", "cost"),
                Column("discount", "Discount", "percent1"),
            ),
            empty="No commitment is on the bills.",
        ),
        Table(
            "commitments/bridge",
            "From list to effective cost of use, by month; of the month under way every day so far",
            (
                Column("month", "Month", "month"),
                Column("currency", "Currency"),
                Column("list_cost", "List", "cost"),
                Column("negotiated_cost", "Negotiated prices", "cost_change"),
                Column("committed_cost", "Commitments", "cost_change"),
                Column("effective_cost", "Effective", "cost"),
            ),
        ),
    ),
    panels=(Panel("regret", "commitments/regret", why.regret, ("provider", "offer")),),
)
