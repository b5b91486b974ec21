-- Hourly demand that can be committed to, at list price, by scope: what is in the category Compute, anywhere (of a
-- provider whose commitments were seen to cover some products: these), and each product in one region. Hours since the
-- first midnight. What is billed by the hour has its hours; a day's charge is spread over its hours as the load of its
-- service was, evenly where none is known.
with settled as (
    select currency, max(date) as last_day
    from (select currency, date from cost_service_day group by all having bool_and(is_settled))
    where date < $as_of
    group by all
),
line as (
    select c.provider, c.currency, c.service_category, c.product, c.region, c.service, c.charge_date as date,
        sum(coalesce(nullif(c.list_cost, 0), nullif(c.contracted_cost, 0), c.effective_cost))::double as list_cost,
        bool_or(c.commitment_status is not distinct from 'Used') as is_covered
    from cost_day c
    join settled s on s.currency = c.currency and c.charge_date <= s.last_day and c.charge_date > s.last_day - 371
    where c.charge_category = 'Usage' and c.charge_class is null and c.provider is not null
        and c.commitment_status is distinct from 'Unused' and c.pricing_category is distinct from 'Dynamic'
        and c.service_category in ('Compute', 'Databases')
    group by all
),
product as (
    select provider, currency, product, bool_or(is_covered) as was_covered
    from line
    where service_category = 'Compute'
    group by all
),
covered as (
    select *, bool_or(was_covered) over (partition by provider, currency) as is_known from product
),
scoped as (
    select l.provider, l.currency, 'Compute' as scope, l.product, l.service, l.date, l.list_cost
    from line l
    join covered c using (provider, currency, product)
    where l.service_category = 'Compute' and (c.was_covered or not c.is_known)
    union all
    select provider, currency, product || ' in ' || coalesce(region, 'no region'), product, service, date,
        list_cost
    from line
),
total as (
    select provider, currency, scope, scope = 'Compute' as is_flexible, sum(list_cost order by date, list_cost) as cost
    from scoped
    group by all
),
whole as (
    select provider, currency, scope
    from total
    qualify is_flexible or (
        cost >= 0.05 * sum(cost) over (partition by provider, currency)
        and row_number() over (partition by provider, currency, is_flexible order by cost desc, scope) <= 10
    )
),
shape as (
    select u.service, u.hour_utc::date as date, list(u.value_sum order by u.hour_utc) as requests
    from utilization_judged u
    join service s on s.service = u.service and s.request_metric = u.metric
    where u.flag is null and u.hour_utc >= $as_of::timestamp - interval 400 days and u.hour_utc < $as_of
    group by all
),
part as (
    select service, date, list_transform(requests, lambda hour: hour / total) as ratios
    from (select *, list_sum(requests) as total from shape)
    where len(requests) = 24 and total > 0
),
charged as (
    select h.provider, h.currency, h.service_category, h.product, h.region, h.hour_utc,
        sum(coalesce(nullif(h.list_cost, 0), nullif(h.contracted_cost, 0), h.effective_cost))::double as demand
    from charge_hour h
    anti join removed_source r on r.source = h.source
    join settled s on s.currency = h.currency
    where h.commitment_status is distinct from 'Unused' and h.service_category in ('Compute', 'Databases')
        and h.hour_utc < s.last_day + interval 1 day and h.hour_utc >= s.last_day - interval 370 days
    group by all
),
by_hour as (
    -- Said of every hour for a quarter, and of the same cost: then the days are not needed.
    select h.provider, h.currency, h.product
    from (
        select provider, currency, product, sum(demand order by hour_utc, demand) as demand,
            count(distinct hour_utc) as hours, max(hour_utc) as last_hour
        from charged
        group by all
    ) h
    join (
        select provider, currency, product, sum(list_cost order by date, service, list_cost) as demand, max(date) as last_day
        from line
        group by all
    ) d using (provider, currency, product)
    where h.hours >= 84 * 24 and h.last_hour::date = d.last_day and abs(h.demand / nullif(d.demand, 0) - 1) < 0.02
),
known as (
    select provider, currency, scope, min(date) as first_day
    from scoped
    join whole using (provider, currency, scope)
    group by all
),
service_day as (
    select s.provider, s.currency, s.scope, s.service, s.date, sum(s.list_cost::decimal(38, 18))::double as list_cost
    from scoped s
    join whole w using (provider, currency, scope)
    anti join by_hour b on b.provider = s.provider and b.currency = s.currency and b.product = s.product
    group by all
),
of_service as (
    select d.provider, d.currency, d.scope, d.date, d.list_cost, unnest(range(24)) as hour,
        unnest(coalesce(p.ratios, list_transform(range(24), lambda hour: 1 / 24))) as ratio
    from service_day d
    left join part p using (service, date)
),
hour as (
    -- Exact sums are the same in any order: every hour of every service need not be sorted.
    select provider, currency, scope, date, hour, sum((list_cost * ratio)::decimal(38, 18))::double as demand,
        false as is_hourly
    from of_service
    group by all
    union all
    select c.provider, c.currency, 'Compute', c.hour_utc::date, hour(c.hour_utc), c.demand, true
    from charged c
    semi join by_hour b on b.provider = c.provider and b.currency = c.currency and b.product = c.product
    join covered v on v.provider = c.provider and v.currency = c.currency and v.product = c.product
    where c.service_category = 'Compute' and (v.was_covered or not v.is_known)
    union all
    select c.provider, c.currency, c.product || ' in ' || coalesce(c.region, 'no region'), c.hour_utc::date,
        hour(c.hour_utc), c.demand, true
    from charged c
    semi join by_hour b on b.provider = c.provider and b.currency = c.currency and b.product = c.product
),
summed as (
    select provider, currency, scope, date_diff('day', k.first_day, date) * 24 + hour as hour,
        sum(demand order by demand) as demand, bool_and(is_hourly) as is_hourly
    from hour
    join known k using (provider, currency, scope)
    where date >= k.first_day
    group by all
)
select provider, currency, scope,
    if(bool_and(is_hourly), 'hourly charges', 'daily charges, hourly shape of the load') as basis,
    list(hour order by hour) as hour, list(demand order by hour) as demand
from summed
group by all
order by provider, currency, scope
