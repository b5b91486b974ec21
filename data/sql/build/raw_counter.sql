-- Counters that were loaded as they are, though nothing declares it: in its newest 28 days a series rises from hour to
-- hour but for resets, where it begins again near 0. What only grows may be a size, so that without a reset it takes a
-- metric that is counted, or the name that Prometheus gives counters (https://prometheus.io/docs/practices/naming/).
-- Traffic falls every night; a disk that is cleaned keeps what it had before.
with recent as (
    select u.service, u.metric, u.source, u.hour_utc, u.value_max, date_trunc('day', u.hour_utc) as day_utc
    from utilization_hour u
    anti join metric_shape s on s.source = u.source and s.metric in (u.metric, '(all)')
    where u.hour_utc >= $as_of::timestamp - interval 28 days and u.hour_utc < $as_of
),
day as (
    select service, metric, source,
        max(value_max) > min(value_max) and arg_max(value_max, hour_utc) = max(value_max)
            and arg_min(value_max, hour_utc) = min(value_max) as is_rising
    from recent
    group by service, metric, source, day_utc
    having count(*) > 2
),
suspect as (
    -- Most days end with their highest value and begin with their lowest: only these are looked at hour by hour.
    select service, metric, source from day group by all having avg(is_rising::integer) >= 0.6 and count(*) >= 2
),
step as (
    select r.*, r.value_max - lag(r.value_max) over (partition by r.service, r.metric, r.source order by r.hour_utc)
        as change
    from recent r
    semi join suspect using (service, metric, source)
),
judged as (
    select service, metric, source, count(change) as steps, count(*) filter (where change > 0) as rises,
        count(*) filter (where change < 0) as resets, max(change) as largest_rise,
        max(value_max) filter (where change < 0) as largest_start, max(value_max) as highest
    from step
    group by all
),
counter as (
    -- An hour after a reset holds what was counted since: of that hour and of a part of the one before.
    select j.service, j.metric, j.source, j.resets
    from judged j
    left join metric m using (metric)
    where j.steps >= 47 and j.rises >= 0.5 * j.steps and j.resets <= 0.05 * j.steps
        and j.highest > 10 * j.largest_rise and coalesce(j.largest_start <= 3 * j.largest_rise, true)
        and (j.resets > 0 or m.kind = 'count' or regexp_matches(j.metric, '(_total|_count|_sum|_bucket)$'))
)
select c.service, c.metric, c.source, min(u.hour_utc) as from_utc, null::timestamp as to_utc, 'raw counter' as flag,
    c.resets::double as evidence
from counter c
join utilization_hour u using (service, metric, source)
group by c.service, c.metric, c.source, c.resets
