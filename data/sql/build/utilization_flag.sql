-- What was measured but should not be believed.
-- flat line: the exporter repeats itself. A series that otherwise moves from hour to hour shows one value for a day or
-- more, one that it hardly ever has. What is constant by nature (replicas, a quiet night, a weekend of zeros, a month of
-- nothing that happens again and again) does not move or has that value often; what is at its top is full, not flat.
-- Zeros to the end, for 14 days and more, are a service that was switched off: they are measured.
-- step of unit: from one day to the next, and for days, larger or smaller by a factor of units.
with hour as (
    select service, metric, source, hour_utc, value_avg, value_max
    from utilization_hour
    where hour_utc < $as_of
),
halfday as (
    -- Any line of 24 hours holds all hours of a half of a day: only series with such a half are looked at closely.
    select service, metric, source, time_bucket(interval 12 hours, hour_utc) as half, min(value_max) as lowest,
        max(value_max) as highest, avg(value_avg) as level, count(*) as hours
    from hour
    group by all
),
suspect as (
    select distinct service, metric, source from halfday where lowest = highest
),
changed as (
    -- A mean of equal samples may differ in its last bits.
    select *,
        coalesce(
            value_max <> lag(value_max) over series
                or abs(value_avg - lag(value_avg) over series) > 1e-9 * abs(value_avg),
            true
        )::integer as is_change
    from hour
    semi join suspect using (service, metric, source)
    window series as (partition by service, metric, source order by hour_utc)
),
numbered as (
    select *, sum(is_change) over (partition by service, metric, source order by hour_utc) as run
    from changed
),
run as (
    select service, metric, source, min(hour_utc) as from_utc, max(hour_utc) + interval 1 hour as to_utc,
        any_value(value_max) as level, count(*) as hours
    from numbered
    group by service, metric, source, run
),
usual as (
    -- The rest of each series: how often it has each value, in how many runs.
    select service, metric, source, level, sum(hours) as hours, count(*) as runs
    from run
    where hours < 24
    group by all
),
shared as (
    select *, hours < 0.05 * sum(hours) over (partition by service, metric, source) as is_rare from usual
),
series as (
    -- Those that move.
    select u.service, u.metric, u.source, sum(u.hours) as hours, max(u.level) as top
    from shared u
    group by all
    having sum(u.hours) filter (where u.is_rare) >= 0.5 * sum(u.hours)
        and sum(u.runs) filter (where u.is_rare) >= 0.8 * sum(u.hours) filter (where u.is_rare)
),
line as (
    -- `repeats`: how often the series has a line of this value.
    select r.*, s.hours / (14 * 24) as fortnights,
        count(*) over (partition by r.service, r.metric, r.source, r.level) as repeats
    from run r
    join series s using (service, metric, source)
    left join shared u using (service, metric, source, level)
    where r.hours >= 24 and coalesce(u.is_rare, true) and r.level < s.top
),
newest as (
    select service, metric, source, max(hour_utc) + interval 1 hour as newest_utc from hour group by all
),
flat as (
    -- What happens more than once a fortnight is how the series is.
    select l.service, l.metric, l.source, l.from_utc, l.to_utc, 'flat line' as flag, l.level as evidence
    from line l
    join newest n using (service, metric, source)
    where l.repeats <= l.fortnights and not (l.level = 0 and l.hours >= 14 * 24 and l.to_utc = n.newest_utc)
    qualify count(*) over (partition by l.service, l.metric, l.source) <= l.fortnights
),
daily as (
    select service, metric, source, half::date as date, sum(level * hours) / sum(hours) as level
    from halfday
    group by all
    having sum(hours) >= 12
),
jump as (
    select *, lag(level) over (partition by service, metric, source order by date) as day_before
    from daily
    qualify level > 0 and day_before > 0 and abs(ln(level / day_before)) > ln(60) / 2
),
compared as (
    select *,
        median(level) over (
            partition by service, metric, source order by date rows between 7 preceding and 1 preceding
        ) as before,
        median(level) over (
            partition by service, metric, source order by date rows between current row and 2 following
        ) as after,
        lag(level) over (partition by service, metric, source order by date) as day_before
    from daily
    semi join jump using (service, metric, source)
),
unit as (
    select c.service, c.metric, c.source, c.date::timestamp as from_utc, null::timestamp as to_utc,
        'step of unit' as flag, c.after / c.before as evidence
    from compared c
    join (select unnest([60, 100, 1000, 1024, 3600, 1e6, 1048576, 1e9]) as factor) f
        on abs(ln(c.after / c.before)) - ln(f.factor) between -0.1 and 0.1
    where c.before > 0 and c.after > 0 and c.day_before > 0
        and abs(ln(c.level / c.day_before)) > ln(f.factor) / 2
    qualify row_number() over (partition by c.service, c.metric, c.source, c.date order by f.factor) = 1
)
select service, metric, source, from_utc, to_utc, flag, evidence from flat
union all
select service, metric, source, from_utc, to_utc, flag, evidence from unit
