-- The newest month that is whole for any stable series (else the one under way) against the target, of live forecasts
-- where there are any; and how many forecasts of the last 120 nights missed it, with their most frequent cause.
with judged as (
    select month, is_whole, days, origin, status
    from month_status
    where is_stable and service <> '(total)'
),
chosen as (
    select month, origin
    from judged
    order by is_whole desc, month desc, origin = 'live' desc
    limit 1
),
counted as (
    select month, origin, bool_and(is_whole) as is_whole, max(days)::integer as days, count(*) as series,
        count(*) filter (where status = 'good') as good,
        count(*) filter (where status = 'acceptable') as acceptable,
        count(*) filter (where status = 'miss') as missed
    from judged
    join chosen using (month, origin)
    group by all
),
cause as (
    select cause, count(*) as misses, sum(count(*)) over () as all_misses
    from forecast_miss
    where made_on >= $as_of - 120
    group by all
    order by misses desc, cause
    limit 1
)
select n.month, n.origin, n.is_whole, n.days, n.series, n.good, n.acceptable, n.missed, c.cause, c.misses as of_cause,
    coalesce(c.all_misses, 0)::bigint as misses
from counted n
left join cause c on true
