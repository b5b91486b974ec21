-- Usage of services with a budget, added up over the days of the month, and what is forecast of the days to come.
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
    -- Days that are not settled count at the mean of the next seven, as in the forecast of the month.
    select unnest(generate_series(greatest((select until from settled) + 1, $month), $as_of - 1, interval 1 day))::date as date,
        null::double as cost, (select mean from rate) as mean
),
every as (
    select * from day union all select * from unsettled
)
select date::timestamp as time_utc,
    case when cost is not null then sum(coalesce(cost, mean)) over (order by date) end as value,
    case when cost is null then sum(coalesce(cost, mean)) over (order by date) end as mean,
    (select sum(budget_usd_month)::double from budgeted) as budget
from every
where exists (from day where cost is not null)
order by date
