-- Usage a day from three months before the month that is reported to its end, by currency.
with day as (
    select currency, date::timestamp as time_utc, sum(effective_cost) filter (where is_settled)::double as settled_cost,
        sum(effective_cost) filter (where not is_settled)::double as unsettled_cost
    from cost_service_day
    where is_run_rate(component) and date >= $period - interval 2 months and date < $period + interval 1 month
        and date < $as_of
    group by all
)
select currency, time_utc, settled_cost, unsettled_cost, null::double as mean, null::double as lo80, null::double as hi80,
    null::double as lo95, null::double as hi95
from day
order by sum(abs(settled_cost)) over (partition by currency) desc nulls last, currency, time_utc
