-- Effective cost of usage a day by currency, settled or not, and the sum of the services' forecasts.
with spent as (
    select currency, date,
        sum(effective_cost) filter (where is_settled)::double as settled_cost,
        sum(effective_cost) filter (where not is_settled)::double as unsettled_cost
    from cost_service_day
    where component not in ('tax', 'credit') and date < $as_of and date >= $as_of - 90
    group by all
),
ahead as (
    select upper(substr(metric, 6)) as currency, target_time::date as date, sum(mean) as mean
    from current_forecast
    where grain = 'd' and starts_with(metric, 'cost_') and target_time >= $as_of and target_time < $as_of + 35
    group by all
)
select currency, date::timestamp as time_utc, settled_cost, unsettled_cost, mean
from spent
full join ahead using (currency, date)
order by currency, date
