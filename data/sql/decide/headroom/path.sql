-- Futures of every series that has a limit, and what is known of the limit: the one in force and those that are declared
-- (limit_from, limit_then), units, cost and lead time. A limit of a count is of an hour: peak_share is the part of a day
-- that its busiest hour has, on all but one day in ten. `shape` has the hours of a day as shares of its peak, sorted.
with declared as (
    select service, metric, list(valid_from order by valid_from) as limit_from,
        list(limit_value order by valid_from) as limit_then
    from capacity_limit
    where valid_from > $as_of and is_declared
    group by all
),
hour as (
    select u.service, u.metric, u.hour_utc, m.kind = 'count' as is_count,
        case when m.kind = 'count' then u.value_sum else u.value_max end as value
    from utilization_judged u
    join limit_in_force($as_of) l using (service, metric)
    left join metric m using (metric)
    where u.flag is null and u.hour_utc >= $as_of - interval 28 days and u.hour_utc < $as_of
),
share as (
    select service, metric, hour_utc::date as date, value / max(value) over day as of_peak,
        case when is_count then max(value) over day / sum(value) over day end as peak_share
    from hour
    window day as (partition by service, metric, hour_utc::date)
    qualify max(value) over day > 0 and count(*) over day > 1
),
usual as (
    select service, metric, quantile_cont(of_peak, list_transform(range(1, 50, 2), lambda share: share / 50)) as shape,
        quantile_cont(peak_share, 0.9) as peak_share
    from share
    group by all
)
select p.* exclude (made_on), l.limit_value, l.lead_time_days, l.units, l.unit_cost_usd_month, s.tier,
    coalesce(d.limit_from, []) as limit_from, coalesce(d.limit_then, []) as limit_then,
    u.shape, coalesce(u.peak_share, 1) as peak_share
from forecast_path_day p
join limit_in_force($as_of) l using (service, metric)
join service s using (service)
left join declared d using (service, metric)
left join usual u using (service, metric)
where p.made_on = $as_of
order by p.service, p.metric
