-- Which budgets will be passed, with what probability, and when?
select scope, name, period, period_start, currency, budget, spent, forecast, lo80, hi80, probability_over, passed_on
from budget_status
where as_of = (select max(as_of) from budget_status) and not is_final
order by probability_over desc nulls last, budget desc
