-- How full each series has been since it has the level that it has, at most 30 days: a month has its cycles in it. And
-- since when it stands at a ceiling: then it is the ceiling that is measured, not the demand.
with level as (
    select service, metric, max(coalesce(case when kind = 'ramp' then to_utc end, from_utc)) as since_utc
    from series_break
    where kind in ('step', 'ramp') and from_utc < $as_of
    group by all
),
ceiling as (
    select service, metric, min(from_utc) as at_limit_since
    from series_break
    where kind = 'saturation' and is_open and from_utc < $as_of
    group by all
),
hour as (
    select u.service, u.metric, u.hour_utc, greatest($as_of::timestamp - interval 30 days, l.since_utc) as since_utc,
        case when m.kind = 'count' then u.value_sum else u.value_max end as value
    from utilization_judged u
    left join metric m using (metric)
    left join level l on l.service = u.service and l.metric = u.metric
    where u.flag is null and u.hour_utc >= $as_of - interval 30 days and u.hour_utc < $as_of
)
select service, metric, h.since_utc::date as peak_since, max(h.value) as peak_now,
    any_value(c.at_limit_since) as at_limit_since
from hour h
left join ceiling c using (service, metric)
where h.hour_utc >= h.since_utc
group by all
