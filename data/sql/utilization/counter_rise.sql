-- What each counter rose by, from one reading to the next, in the hours in which it did. A value below the one before it
-- is a reset: the counter began again at 0. What it rose by over a gap belongs to no hour (see counter_gap.sql), and its
-- first reading has nothing before it. Where a rise runs over the end of an hour each hour gets its part of the time.
-- `series` tells the counters of one service apart: what they rose by is added. A reading at the end of the window ends
-- the last rise within it. What cannot be used is handed on with its reason.
create or replace temp macro counter_rise(relation) as table (
    with told as (
        select *,
            case
                when problem is not null or service is null or metric is null or stamp is null or value is null
                    or not isfinite(value) or stamp < timestamp '1990-01-01' or stamp > getvariable('window_end')
                then 'by the store'
                when value < 0 then 'a counter below zero'
            end as refused
        from query_table(relation)
        where shape = 'counter'
    ),
    moment as (
        -- A repeat counts once.
        select service, metric, series, stamp, value, min(file) as file, max(limit_value) as limit_value,
            count(*) over (partition by service, metric, series, stamp) > 1 as is_contradicted
        from told
        where refused is null
        group by service, metric, series, stamp, value
    ),
    reading as (
        select * from moment where not is_contradicted
    ),
    step as (
        select *, lag(stamp) over one as before, lag(value) over one as value_before
        from reading
        window one as (partition by service, metric, series order by stamp)
    ),
    usual as (
        -- Three distances say how often a counter is read; fewer may be a gap.
        select service, metric, series, case when count(*) >= 3 then median(epoch(stamp - before)) else 0 end as step_s
        from step
        where before is not null
        group by all
    ),
    rise as (
        select s.*, case when s.value < s.value_before then s.value else s.value - s.value_before end as rise,
            epoch(s.stamp - s.before) as seconds,
            epoch(s.stamp - s.before) > 1.5 * greatest(u.step_s, 3600) as is_gap
        from step s
        join usual u on u.service = s.service and u.metric = s.metric and u.series is not distinct from s.series
        where s.before is not null
    ),
    piece as (
        select file, service, metric, limit_value, rise, is_gap, seconds,
            unnest(
                case
                    when seconds <= 5400
                    then generate_series(date_trunc('hour', before), stamp - interval 1 microsecond, interval 1 hour)
                    else [date_trunc('hour', before)]
                end
            ) as hour_utc,
            before, stamp as after
        from rise
    ),
    risen as (
        select file, service, metric, limit_value, is_gap, greatest(before, hour_utc) as stamp,
            case
                when seconds <= 5400
                then rise * (epoch(least(after, hour_utc + interval 1 hour) - greatest(before, hour_utc)) / seconds)
                else rise
            end as value
        from piece
    )
    select file, service, metric, null::varchar as stamp_text, stamp, null::varchar as value_text,
        list_sum(list_sort(list(value))) as value, null::varchar as problem, max(limit_value) as limit_value, is_gap
    from risen
    group by file, service, metric, stamp, is_gap
    union all
    select file, service, metric, stamp_text, stamp, value_text, value,
        case when refused = 'by the store' then problem else refused end, limit_value, false
    from told
    where refused is not null
    union all
    select file, service, metric, stamp::varchar, stamp, value::varchar, value,
        'several counters at one time: say columns.series', limit_value, false
    from moment
    where is_contradicted
)
