-- What up to four earlier nights, a few weeks apart, said of the days since, beside what was measured.
with made as (
    select distinct service, metric, origin, made_on
    from forecast
    where grain = 'd' and made_on < $as_of and made_on >= $as_of - 120 and service in (select unnest($services))
        -- The range as well: unlike the list it goes into the views, which then are of these services only.
        and service >= list_min($services) and service <= list_max($services)
),
newest_of_span as (
    -- One night in 21 days: more lines than that cannot be told apart.
    select service, metric, max_by(origin, made_on) as origin, max(made_on) as made_on
    from made
    group by service, metric, date_diff('day', made_on, $as_of) // 21
),
shown as (
    select * from newest_of_span
    qualify row_number() over (partition by service, metric order by made_on desc) <= 4
),
said as (
    select f.service, f.metric, f.target_time as time_utc, f.made_on, f.origin, f.mean
    from forecast f
    join shown using (service, metric, origin, made_on)
    where f.grain = 'd' and f.target_time < $as_of
        and f.service >= list_min($services) and f.service <= list_max($services)
),
measured as (
    select service, metric, time_utc, value
    from actual
    where grain = 'd' and service in (select unnest($services))
        and service >= list_min($services) and service <= list_max($services)
        and time_utc >= $as_of - 120 and time_utc < $as_of
        and (service, metric) in (select (service, metric) from shown)
),
point as (
    select service, metric, time_utc, $as_of::date as made_on, 'measured' as origin, value as mean from measured
    union all
    select service, metric, time_utc, made_on, origin, mean from said
)
select p.service, p.metric, p.time_utc, p.made_on, p.origin, p.mean, is_share(l.limit_value) as is_share
from point p
left join limit_in_force($as_of) l using (service, metric)
order by p.service, p.metric, p.origin = 'measured' desc, p.origin, p.made_on, p.time_utc
