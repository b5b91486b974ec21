-- Usage of services with a budget, added up over the days of the month, and on to the sum of what is forecast of their
-- months, as the table has it: the days to come share the rest by their own forecasts.
with budgeted as (
    select service, budget_usd_month from service where budget_usd_month is not null
),
settled as (
    select max(settled_until) as until from settled_until($as_of) where currency = 'USD'
),
day as (
    select c.date as date, sum(c.effective_cost)::double as cost, null::double as mean
    from cost_service_day c
    join budgeted using (service)
    where c.currency = 'USD' and is_run_rate(c.component) and c.date >= $month
        and c.date <= (select until from settled)
    group by c.date
    union all
    select f.target_time::date, null, sum(f.mean order by f.service)
    from current_forecast f
    join budgeted using (service)
    where f.metric = 'cost_usd' and f.grain = 'd' and f.target_time >= $as_of
        and f.target_time < $month + interval 1 month
    group by f.target_time::date
),
rate as (
    select avg(mean) as mean from day where mean is not null and date < $as_of + 7
),
unsettled as (
    -- Days that are not settled have the share of the next seven.
    select unnest(generate_series(greatest((select until from settled) + 1, $month), $as_of - 1, interval 1 day))::date as date,
        null::double as cost, (select mean from rate) as mean
),
every as (
    select * from day union all select * from unsettled
),
ends as (
    select sum(coalesce(m.forecast_cost, m.usage_cost::double)) as cost
    from month_cost m
    join budgeted using (service)
    where m.currency = 'USD' and m.month = $month
),
added as (
    select date, cost, sum(cost) over () as settled, sum(cost) over (order by date) as until,
        sum(mean) over (order by date) / nullif(sum(mean) over (), 0) as share
    from every
)
select date::timestamp as time_utc,
    case when cost is not null then until end as value,
    case when cost is null then settled + ((select cost from ends) - settled) * share end as mean,
    (select sum(budget_usd_month)::double from budgeted) as budget
from added
where settled is not null
order by date
