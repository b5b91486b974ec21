-- Cost a request, fully loaded, in USD. Other currencies count where the configuration's rates convert them. Where an hour
-- should not be believed, how many requests the day had is not known; where hours are missing, some of them are, but the
-- whole day's cost over a part of its requests is too much.
with request_day as (
    select l.service, l.date, l.is_complete, case when l.flagged_hours = 0 then l.total end as requests
    from load_day l
    join service s on s.service = l.service and s.request_metric = l.metric
),
to_usd as (
    select date, from_currency as currency, rate from exchange_rate where to_currency = 'USD'
),
in_usd as (
    select c.service, c.date, c.component, c.is_settled,
        case when c.currency = 'USD' then c.effective_cost else (c.effective_cost::double * r.rate)::decimal(38, 12) end
            as cost_usd
    from cost_service_day c
    asof left join to_usd r on r.currency = c.currency and r.date <= c.date
    where c.component in ('direct', 'shared', 'telemetry') and c.service <> '(unallocated)'
        and (c.currency = 'USD' or r.rate is not null)
),
usd_day as (
    select service, date,
        (sum(cost_usd) filter (where component = 'direct'))::decimal(38, 12) as direct_cost_usd,
        sum(cost_usd)::decimal(38, 12) as cost_usd,
        bool_and(is_settled) as is_settled
    from in_usd
    group by all
),
unit as (
    select service, date, r.requests, r.is_complete, c.direct_cost_usd, c.cost_usd,
        coalesce(c.is_settled, false) as is_settled,
        case
            when r.is_complete and r.requests >= greatest(s.minimum_requests_day, 1)
                then c.cost_usd::double / r.requests
        end as cost_per_request_usd
    from request_day r
    full join usd_day c using (service, date)
    left join service s using (service)
)
select service, date, requests, direct_cost_usd, cost_usd, cost_per_request_usd,
    cost_per_request_usd * 1e6 as cost_per_million_usd, is_settled, is_complete
from unit
