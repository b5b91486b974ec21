-- The newest night's budgets of periods that are not final: those under way first, what is likeliest to be passed first.
select scope, name, period, period_start, currency, budget as budget_cost,
    -- Of a period that no settled day has begun nothing is known, which is not nothing.
    case when settled_until >= period_start then spent end as spent_cost, settled_until, forecast as forecast_cost,
    lo80, hi80, forecast / nullif(budget::double, 0) as ratio, probability_over, passed_on, drift,
    case
        when spent > budget then 'passed'
        when forecast is null then 'no forecast'
        when probability_over >= 0.9 then 'will be passed'
        when probability_over >= 0.5 then 'likely passed'
        when probability_over >= 0.1 then 'may be passed'
        else 'within'
    end as state
from budget_status
where as_of = (select max(as_of) from budget_status) and not is_final
order by period_start > $as_of, probability_over desc nulls last, forecast / nullif(budget::double, 0) desc nulls last, scope, name, period,
    period_start, currency
limit 500
