"""What does a request cost? A league with its targets, and how load and cost each moved it."""

from dashboards.page import Column, Page, Table

PAGE = Page(
    file="unit-cost.html",
    title="Unit cost",
    question="What does a request cost?",
    tables=(
        Table(
            "unit_cost/status",
            "A million units of each service, the dearest first; settled days",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("unit", "Per million"),
                Column("unit_cost_28d", "28 days", "price"),
                Column("trend_28d", "Change", "change1"),
                Column("days", "9 weeks", "spark"),
                Column("target_unit_cost", "Target", "price", is_rare=True),
                Column("target_status", "Target is", "met", is_rare=True),
                Column("marginal_unit_cost", "One more", "price", is_rare=True),
                Column("next_quarter", "Next quarter", "price", is_rare=True),
                Column("lo80", "80 % of futures", "prices:hi80", is_rare=True),
                Column("telemetry_ratio", "Observing", "percent1", is_rare=True),
                Column("non_production_cost", "Not production", "money", is_rare=True),
                Column("idle_cost", "Idle", "money", is_rare=True),
            ),
            empty="No service has a settled day with both cost and requests.",
        ),
        Table(
            "unit_cost/effect",
            "The newest month, as far as it is settled, against the same days of the one before",
            (
                Column("service", "Service", "service"),
                Column("month", "Month", "month"),
                Column("change_ratio", "Unit cost", "change1"),
                Column("load_ratio", "Load a day", "change1"),
                Column("cost_ratio", "Cost a day", "change1"),
                Column("unit_cost_before", "Before", "price", "own use"),
                Column("unit_cost_after", "After", "price", "own use"),
                Column("sentence", "Why", "sentence"),
            ),
        ),
    ),
)
