-- Effective cost a day of a team's services, unsettled days apart, and the sum of their forecasts (which has no interval).
with member as (
    select team, service from service where team in (select unnest($teams))
),
spent as (
    select m.team, c.currency, c.date,
        sum(c.effective_cost) filter (where c.is_settled)::double as settled_cost,
        sum(c.effective_cost) filter (where not c.is_settled)::double as unsettled_cost
    from cost_service_day c
    join member m using (service)
    where is_run_rate(c.component) and c.date < $as_of and c.date >= $as_of - 90
    group by all
),
ahead as (
    select m.team, metric_currency(f.metric) as currency, f.target_time::date as date,
        sum(f.mean order by f.service) as mean
    from current_forecast f
    join member m using (service)
    where f.grain = 'd' and is_cost(f.metric) and f.target_time >= $as_of and f.target_time < $as_of + 45
    group by all
)
select team, currency, date::timestamp as time_utc, settled_cost, unsettled_cost, mean, null::double as lo80,
    null::double as hi80, null::double as lo95, null::double as hi95
from spent
full join ahead using (team, currency, date)
order by team, currency, date
