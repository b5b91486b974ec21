"""Will we pass it? The month under way against the budgets of services and teams."""

from dashboards.charts import spend
from dashboards.page import Column, Page, Panel, Table

PAGE = Page(
    file="budgets.html",
    title="Budgets",
    question="Will we pass it?",
    tables=(
        Table(
            "budgets/service",
            "By service, what is forecast of usage against the budget of the month",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("state", "State", "budget"),
                Column("ratio", "Of budget", "percent"),
                Column("budget_cost", "Budget", "money"),
                Column("usage_cost", "So far", "money"),
                Column("forecast_cost", "Month forecast", "money"),
                Column("forecast_lo80", "80 % of futures", "range:forecast_hi80"),
                Column("over_cost", "Over", "money"),
            ),
            empty="No service has a budget in the catalog: set budget_usd_month.",
        ),
        Table(
            "budgets/team",
            "By team: services that have both a budget and a forecast",
            (
                Column("team", "Team", "team"),
                Column("services", "Services", "count"),
                Column("ratio", "Of budget", "percent"),
                Column("budget_cost", "Budget", "money"),
                Column("usage_cost", "So far", "money"),
                Column("forecast_cost", "Month forecast", "money"),
            ),
        ),
    ),
    panels=(Panel("budget", "budgets/day", spend.month_sum, ()),),
)
