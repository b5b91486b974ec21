-- USD per million requests over the last 30 settled days against the 30 before, and its days for a sparkline. Days on
-- which the unit cost is null (no requests, too few, no USD cost) are in neither sum.
with newest as (
    select max(date) as date from unit_cost_day where is_settled and date < $as_of
),
day as (
    select u.service, u.date, u.cost_usd, u.requests, u.cost_per_million_usd, u.date > n.date - 30 as is_recent
    from unit_cost_day u, newest n
    where u.is_settled and u.cost_per_million_usd is not null and u.date > n.date - 60 and u.date <= n.date
),
month as (
    select service,
        sum(cost_usd) filter (where is_recent)::double * 1e6 / nullif(sum(requests) filter (where is_recent), 0) as recent,
        sum(cost_usd) filter (where not is_recent)::double * 1e6 / nullif(sum(requests) filter (where not is_recent), 0)
            as before,
        count(*) filter (where not is_recent) as days_before,
        list(cost_per_million_usd order by date) filter (where is_recent) as days,
        list(date order by date) filter (where is_recent) as dates
    from day
    group by all
)
select service, recent, case when days_before >= 20 then recent / nullif(before, 0) - 1 end as change_ratio, days, dates
from month
order by service
