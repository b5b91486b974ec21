-- Cost a request, in USD alone: other currencies are not converted, so a service billed in them has no USD cost.
with request_day as (
    select u.service, u.hour_utc::date as date, sum(u.value_sum order by u.hour_utc) as requests
    from utilization_hour u
    join service s on s.service = u.service and s.request_metric = u.metric
    group by all
),
usd_day as (
    select service, date, sum(effective_cost)::decimal(38, 12) as cost_usd, bool_and(is_settled) as is_settled
    from cost_service_day
    where currency = 'USD' and component not in ('tax', 'credit') and service <> '(unallocated)'
    group by all
)
select service, date, r.requests, c.cost_usd,
    case when r.requests >= greatest(s.minimum_requests_day, 1) then c.cost_usd::double / r.requests end
        as cost_per_request_usd,
    case when r.requests >= greatest(s.minimum_requests_day, 1) then c.cost_usd::double / r.requests * 1e6 end
        as cost_per_million_usd,
    coalesce(c.is_settled, false) as is_settled
from request_day r
full join usd_day c using (service, date)
left join service s using (service)
