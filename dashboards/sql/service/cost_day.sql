-- Effective cost a day by component for 120 days, unsettled days apart, and the forecast of usage.
with part as (
    select service, currency, date, effective_cost,
        case
            when not is_run_rate(component) then component
            when not is_settled then 'unsettled'
            when component in ('shared', 'telemetry') then 'shared'
            when component = 'commitment_unused' then 'unused'
            else 'usage'
        end as part
    from cost_service_day
    where service in (select unnest($services)) and date >= $as_of - 120 and date < $as_of
),
spent as (
    select service, currency, date,
        sum(effective_cost) filter (where part = 'usage')::double as usage_cost,
        sum(effective_cost) filter (where part = 'shared')::double as shared_cost,
        sum(effective_cost) filter (where part = 'unused')::double as unused_cost,
        sum(effective_cost) filter (where part = 'unsettled')::double as unsettled_cost,
        sum(effective_cost) filter (where part = 'support')::double as support_cost,
        sum(effective_cost) filter (where part = 'tax')::double as tax_cost,
        sum(effective_cost) filter (where part = 'credit')::double as credit_cost
    from part
    group by all
),
ahead as (
    select service, metric_currency(metric) as currency, target_time::date as date, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where grain = 'd' and is_cost(metric) and service in (select unnest($services))
        and target_time >= $as_of and target_time < $as_of + 92
)
select service, currency, date::timestamp as time_utc, usage_cost, shared_cost, unused_cost, unsettled_cost,
    support_cost, tax_cost, credit_cost, mean, lo80, hi80, lo95, hi95
from spent
full join ahead using (service, currency, date)
order by service, currency, date
