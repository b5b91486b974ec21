-- Effective cost of usage a day by currency, settled or not, and the forecast of the whole bill.
with spent as (
    select currency, date,
        sum(effective_cost) filter (where is_settled)::double as settled_cost,
        sum(effective_cost) filter (where not is_settled)::double as unsettled_cost
    from cost_service_day
    where is_run_rate(component) and date < $as_of and date >= $as_of - 90
    group by all
),
ahead as (
    select metric_currency(metric) as currency, target_time::date as date, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where service = '(total)' and grain = 'd' and is_cost(metric)
        and target_time >= $as_of and target_time < $as_of + 45
)
select currency, date::timestamp as time_utc, settled_cost, unsettled_cost, mean, lo80, hi80, lo95, hi95
from spent
full join ahead using (currency, date)
order by sum(settled_cost) over (partition by currency) desc nulls last, currency, date
