-- What a rate a second counts for in its hour: its value times the seconds until the next sample, as a rule. The step of
-- a series is the median distance of its samples in a file; a day's mean says nothing of the other hours, so no sample
-- counts for more than one hour. `series` tells what is to be added apart.
create or replace temp macro rate_count(relation) as table (
    with rated as (
        select * from query_table(relation) where shape = 'rate'
    ),
    step as (
        select *, epoch(stamp - lag(stamp) over one) as seconds
        from (
            select distinct file, service, metric, series, stamp
            from rated
            where problem is null and service is not null and metric is not null and stamp is not null
        )
        window one as (partition by file, service, metric, series order by stamp)
    ),
    usual as (
        select file, service, metric, series, least(median(seconds), 3600) as step_s
        from step
        where seconds is not null
        group by all
    ),
    counted as (
        select r.* exclude (value, problem, shape), r.value * coalesce(getvariable('rate_step_s'), u.step_s) as value,
            coalesce(
                r.problem,
                case
                    when r.stamp is not null and r.value is not null
                        and coalesce(getvariable('rate_step_s'), u.step_s) is null
                    then 'a rate of one sample: say step_s'
                end
            ) as problem
        from rated r
        left join usual u on u.file = r.file and u.service = r.service and u.metric = r.metric
            and u.series is not distinct from r.series
    )
    select file, service, metric, stamp_text, stamp, value_text, value, problem, limit_value
    from counted
    where series is null or problem is not null or stamp is null or value is null or service is null or metric is null
    union all
    select file, service, metric, null, stamp, null, list_sum(list_sort(list(value))), null, max(limit_value)
    from (
        select file, service, metric, series, stamp, max(value) as value, max(limit_value) as limit_value
        from counted
        where series is not null and problem is null and stamp is not null and value is not null
            and service is not null and metric is not null
        group by all
    )
    group by file, service, metric, stamp
)
