-- Half a year of measured days and 90 forecast ones (counts as sums, gauges at their peak), with limit and dates.
with history as (
    select service, metric, time_utc, value
    from actual
    where grain = 'd' and not is_cost(metric) and service in (select unnest($services))
        and time_utc >= $as_of - 182 and time_utc < $as_of
),
ahead as (
    select service, metric, target_time as time_utc, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where grain = 'd' and not is_cost(metric) and service in (select unnest($services))
        and target_time >= $as_of and target_time < $as_of + 92
),
point as (
    select * from history
    union all by name
    select * from ahead
)
select p.service, p.metric, p.time_utc, p.value, p.mean, p.lo80, p.hi80, p.lo95, p.hi95, h.limit_value, h.p10_date,
    h.p50_date, h.p90_date, coalesce(m.kind, 'gauge') as kind
from point p
left join current_headroom h using (service, metric)
left join metric m using (metric)
order by p.service, p.metric, p.time_utc
