-- How likely the budgets of the month under way are passed, by currency: of the whole, else of teams and services.
with status as (
    select *
    from budget_status
    where as_of = (select max(as_of) from budget_status) and period = 'm' and period_start = $month
)
select currency, scope, name, budget::double as budget_cost, forecast as forecast_cost, probability_over, passed_on
from status
where probability_over is not null
qualify row_number() over (
    partition by currency order by scope <> 'total', probability_over desc, scope, name
) = 1
order by currency
