-- Four weeks of measured hours and two weeks of forecast ones, with the limit.
with history as (
    select service, metric, time_utc, value
    from actual
    where grain = 'h' and service in (select unnest($services))
        -- The range as well: unlike the list it goes into the view, which then is of these services only.
        and service >= list_min($services) and service <= list_max($services)
        and time_utc >= $as_of::timestamp - interval 28 days and time_utc < $as_of
),
ahead as (
    select service, metric, target_time as time_utc, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where grain = 'h' and service in (select unnest($services))
        and service >= list_min($services) and service <= list_max($services)
        and target_time >= $as_of and target_time < $as_of::timestamp + interval 14 days
),
point as (
    select * from history
    union all by name
    select * from ahead
)
select p.service, p.metric, p.time_utc, p.value, p.mean, p.lo80, p.hi80, p.lo95, p.hi95, h.limit_value,
    coalesce(m.kind, 'gauge') as kind
from point p
left join current_headroom h using (service, metric)
left join metric m using (metric)
order by p.service, p.metric, p.time_utc
