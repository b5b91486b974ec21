"""Will we pass it? The month under way against the budgets of services and teams."""

from dashboards.charts import spend
from dashboards.page import Column, Page, Panel, Table

PAGE = Page(
    file="budgets.html",
    title="Budgets",
    question="Will we pass it?",
    tables=(
        Table(
            "budgets/status",
            "Every budget of a period that is not over, what is likeliest to be passed first",
            (
                Column("name", "Of"),
                Column("scope", "Scope"),
                Column("period", "Period", "grain"),
                Column("period_start", "From", "day"),
                Column("state", "State", "budget"),
                Column("probability_over", "Chance to pass", "percent"),
                Column("passed_on", "Passed on", "day", is_rare=True),
                Column("ratio", "Of budget", "percent"),
                Column("budget_cost", "Budget", "money"),
                Column("spent_cost", "Settled so far", "cost"),
                Column("forecast_cost", "Forecast", "cost"),
                Column("lo80", "80 % of futures", "range:hi80"),
                Column("drift", "Since a month ago", "change1", is_rare=True),
                Column("settled_until", "Settled to", "day"),
            ),
        ),
        Table(
            "budgets/service",
            "By service, usage forecast against the budget of the month; so far is with days that are not settled",
            (
                Column("service", "Service", "service"),
                Column("team", "Team", "team"),
                Column("state", "State", "budget"),
                Column("ratio", "Of budget", "percent"),
                Column("budget_cost", "Budget", "money"),
                Column("usage_cost", "So far", "cost"),
                Column("forecast_cost", "Month forecast", "cost"),
                Column("forecast_lo80", "80 % of futures", "range:forecast_hi80"),
                Column("over_cost", "Over", "cost_change"),
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
                Column("usage_cost", "So far", "cost"),
                Column("forecast_cost", "Month forecast", "cost"),
            ),
        ),
        Table(
            "budgets/scenario",
            "What each [[scenario]] would change of the cost of a month, on the same futures as the forecast",
            (
                Column("scenario", "Scenario", "long"),
                Column("scope", "Of"),
                Column("team", "Team", "team"),
                Column("service", "Service", "service"),
                Column("month", "Month", "month"),
                Column("baseline", "Without it", "money"),
                Column("result", "With it", "cost"),
                Column("change", "Change", "cost_change"),
                Column("change_ratio", "Of the cost", "change1"),
                Column("change_lo80", "80 % of futures", "range:change_hi80"),
                Column("assumption", "Assumed", "long", is_rare=True),
            ),
        ),
    ),
    panels=(
        Panel("budget", "budgets/day", spend.month_sum, ()),
        Panel("fan", "budgets/fan", spend.budget_fan, ("scope", "name", "currency")),
    ),
)
