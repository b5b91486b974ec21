-- Complete hours of load of the last 162 days, by series: hours since the first midnight, their sum, mean and peak.
with hour as (
    select u.service, u.metric, coalesce(m.kind, 'gauge') as kind,
        date_diff('hour', $as_of::timestamp - interval 162 days, u.hour_utc) as hour, u.value_sum, u.value_avg,
        u.value_max
    from utilization_judged u
    left join metric m using (metric)
    where u.flag is null and u.hour_utc >= $as_of::timestamp - interval 162 days and u.hour_utc < $as_of
)
select service, metric, kind, list(hour order by hour) as hour,
    list(case when kind = 'count' then value_sum else value_avg end order by hour) as value,
    list(value_max order by hour) filter (where kind <> 'count') as peak
from hour
group by all
order by service, metric
