-- Half a year of measured days and 90 forecast ones (counts as sums, gauges at their peak), with limit and dates.
with history as (
    select service, metric, time_utc, value
    from actual
    where grain = 'd' and not is_cost(metric) and service in (select unnest($services))
        -- The range as well: unlike the list it goes into the view, which then is of these services only.
        and service >= list_min($services) and service <= list_max($services)
        and time_utc >= $as_of - 182 and time_utc < $as_of
),
ahead as (
    select service, metric, target_time as time_utc, mean, lo80, hi80, lo95, hi95
    from current_forecast
    where grain = 'd' and not is_cost(metric) and service in (select unnest($services))
        and service >= list_min($services) and service <= list_max($services)
        and target_time >= $as_of and target_time < $as_of + 92
),
point as (
    select * from history
    union all by name
    select * from ahead
),
found as (
    -- The same break is found in hours and in days: on a chart of days the day is enough.
    select service, metric, kind, from_utc::date as first_day, max(coalesce(to_utc, from_utc)) as to_utc,
        bool_or(is_open) as is_open
    from series_break
    where service in (select unnest($services)) and (is_open or coalesce(to_utc, from_utc) >= $as_of - 182)
    group by all
),
broken as (
    select service, metric, list(kind order by first_day, kind) as break_kinds,
        list(strftime(first_day, '%Y-%m-%d') order by first_day, kind) as break_froms,
        list(strftime(if(is_open, $as_of::timestamp, to_utc), '%Y-%m-%d %H:%M') order by first_day, kind) as break_tos
    from found
    group by all
)
select p.service, p.metric, p.time_utc, p.value, p.mean, p.lo80, p.hi80, p.lo95, p.hi95, h.limit_value, h.p10_date,
    h.p50_date, h.p90_date, coalesce(m.kind, 'gauge') as kind,
    -- Of a whole series: in its first row only.
    if(row_number() over series = 1, b.break_kinds, null) as break_kinds,
    if(row_number() over series = 1, b.break_froms, null) as break_froms,
    if(row_number() over series = 1, b.break_tos, null) as break_tos
from point p
left join current_headroom h using (service, metric)
left join metric m using (metric)
left join broken b using (service, metric)
window series as (partition by p.service, p.metric order by p.time_utc)
order by p.service, p.metric, p.time_utc
