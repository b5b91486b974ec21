-- How busy each hour of the week is over the last 8 weeks, as a multiple of the mean: of requests, else of the first limit.
with chosen as (
    select u.service, coalesce(any_value(s.request_metric), min(h.metric), min(u.metric)) as metric
    from (
        select distinct service, metric
        from utilization_hour
        -- The range as well as the list: it goes into the view, which then is of these services only.
        where service >= list_min($services) and service <= list_max($services)
    ) u
    left join service s on s.service = u.service and s.request_metric = u.metric
    left join current_headroom h on h.service = u.service and h.metric = u.metric
    where u.service in (select unnest($services))
    group by all
),
slot as (
    select a.service, a.metric, isodow(a.time_utc) as weekday, hour(a.time_utc) as hour, avg(a.value order by a.time_utc) as value
    from actual a
    join chosen using (service, metric)
    where a.grain = 'h' and a.service in (select unnest($services))
        and a.service >= list_min($services) and a.service <= list_max($services)
        and a.time_utc >= $as_of::timestamp - interval 56 days and a.time_utc < $as_of
    group by all
)
select service, metric, weekday, hour, value, value / nullif(avg(value) over (partition by service, metric), 0) as ratio
from slot
order by service, weekday, hour
