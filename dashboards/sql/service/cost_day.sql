-- Effective cost a day by component for 120 days, unsettled days apart, and the forecast of usage.
with spent as (
    select service, currency, date,
        sum(effective_cost) filter (where component not in ('tax', 'credit') and is_settled)::double as usage_cost,
        sum(effective_cost) filter (where component not in ('tax', 'credit') and not is_settled)::double
            as unsettled_cost,
        sum(effective_cost) filter (where component = 'tax')::double as tax_cost,
        sum(effective_cost) filter (where component = 'credit')::double as credit_cost
    from cost_service_day
    where service in (select unnest($services)) and date >= $as_of - 120 and date < $as_of
    group by all
),
ahead as (
    select service, upper(substr(metric, 6)) as currency, target_time::date as date, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where grain = 'd' and starts_with(metric, 'cost_') and service in (select unnest($services))
        and target_time >= $as_of and target_time < $as_of + 92
)
select service, currency, date::timestamp as time_utc, usage_cost, unsettled_cost, tax_cost, credit_cost, mean, lo80,
    hi80, lo95, hi95
from spent
full join ahead using (service, currency, date)
order by service, currency, date
