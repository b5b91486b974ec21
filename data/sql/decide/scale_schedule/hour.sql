-- Hourly forecasts of every series that has a limit, one row a series. peak_ratio is what the largest sample of an hour is
-- of its mean, on all but one hour in ten; 1 for counts, whose limit is of an hour.
with usual as (
    select u.service, u.metric,
        case when any_value(m.kind) = 'count' then 1 else quantile_cont(u.value_max / u.value_avg, 0.9) end as peak_ratio
    from utilization_judged u
    join limit_in_force($as_of) l using (service, metric)
    left join metric m using (metric)
    where u.flag is null and u.value_avg > 0 and u.hour_utc >= $as_of - interval 28 days and u.hour_utc < $as_of
    group by all
),
followed as (
    select f.*, lead(f.target_time) over (partition by f.service, f.metric order by f.target_time) as next_time
    from forecast f
    join limit_in_force($as_of) l using (service, metric)
    where f.made_on = $as_of and f.origin = 'live' and f.grain = 'h'
),
whole as (
    -- An hour of the week that is never measured is not forecast: the lists run through it as in the hour before.
    select * exclude (target_time, next_time),
        unnest(range(target_time, coalesce(next_time, target_time + interval 1 hour), interval 1 hour)) as target_time
    from followed
),
ahead as (
    select service, metric, min(target_time) as first_time,
        list(lo95 order by target_time) as lo95, list(lo80 order by target_time) as lo80,
        list(mean order by target_time) as mean, list(hi80 order by target_time) as hi80,
        list(hi95 order by target_time) as hi95
    from whole
    group by all
)
select a.*, l.limit_value, l.units, s.tier, coalesce(u.peak_ratio, 1) as peak_ratio
from ahead a
join limit_in_force($as_of) l using (service, metric)
join service s using (service)
left join usual u using (service, metric)
order by a.service, a.metric
