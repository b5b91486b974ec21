-- Cost a request, fully loaded, in the currency that a service is billed in, and in USD, where other currencies count if the
-- configuration's rates convert them. Where an hour
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
priced as (
    select c.service, c.date, c.component, c.currency, c.is_settled, c.effective_cost,
        case when c.currency = 'USD' then c.effective_cost else (c.effective_cost::double * r.rate)::decimal(38, 12) end
            as cost_usd
    from cost_service_day c
    asof left join to_usd r on r.currency = c.currency and r.date <= c.date
    where c.component in ('direct', 'shared', 'telemetry') and c.service <> '(unallocated)'
),
billed_in as (
    select service, case when count(distinct currency) = 1 then min(currency) end as currency
    from priced
    group by all
),
cost_of_day as (
    select p.service, p.date,
        coalesce(any_value(b.currency), case when bool_and(p.cost_usd is not null) then 'USD' end) as currency,
        (sum(p.cost_usd) filter (where p.component = 'direct'))::decimal(38, 12) as direct_cost_usd,
        sum(p.cost_usd)::decimal(38, 12) as cost_usd,
        (sum(p.effective_cost) filter (where p.component = 'direct' and b.currency is not null))::decimal(38, 12) as direct_cost,
        (sum(p.effective_cost) filter (where b.currency is not null))::decimal(38, 12) as cost,
        bool_and(p.is_settled) as is_settled
    from priced p
    join billed_in b using (service)
    group by all
),
day as (
    select service, date, currency, direct_cost_usd, cost_usd, is_settled,
        -- Billed in several currencies that all convert: then the sum is in USD.
        case when cost is null and currency = 'USD' then direct_cost_usd else direct_cost end as direct_cost,
        case when cost is null and currency = 'USD' then cost_usd else cost end as cost
    from cost_of_day
),
unit as (
    select service, date, r.requests, r.is_complete, c.direct_cost_usd, c.cost_usd, c.currency, c.direct_cost, c.cost,
        coalesce(c.is_settled, false) as is_settled,
        case when r.is_complete and r.requests >= greatest(s.minimum_requests_day, 1) then r.requests end as divisor
    from request_day r
    full join day c using (service, date)
    left join service s using (service)
)
select service, date, requests, direct_cost_usd, cost_usd,
    cost_usd::double / divisor as cost_per_request_usd,
    cost_usd::double / divisor * 1e6 as cost_per_million_usd,
    is_settled, is_complete, currency, direct_cost, cost,
    cost::double / divisor as cost_per_request,
    cost::double / divisor * 1e6 as cost_per_million
from unit
