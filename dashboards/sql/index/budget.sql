-- How many budgets of the month under way will likely be passed, by currency, and whether that of the whole bill will.
select currency, count(*) as budgets, count(*) filter (where probability_over >= 0.5) as likely,
    max(probability_over) as highest,
    any_value(budget::double) filter (where scope = 'total') as total_cost,
    any_value(probability_over) filter (where scope = 'total') as total_probability,
    any_value(passed_on) filter (where scope = 'total') as total_passed_on
from budget_status
where as_of = (select max(as_of) from budget_status) and period = 'm' and period_start = $month
    and probability_over is not null
group by currency
order by currency
