-- The series of a file: when each ends, the step after its last readable stamp, and the chunk it is forecast in.
-- Series that end together are forecast together. A week or month that has only begun is still to come.
with counted as (
    select service, metric, step_of(stamp) as step, count(*) as samples, bool_or(reason is null) as is_usable
    from classified('raw_sample')
    where stamp is not null
    group by all
),
ended as (
    select service, metric, max(step) as newest, max(step_after(step)) as ends, arg_max(samples, step) as newest_samples,
        median(samples) as usual_samples
    from counted
    group by all
    having bool_or(is_usable)
),
begun as (
    select service, metric,
        case
            when getvariable('grain') in ('w', 'm') and newest_samples < $whole_share * usual_samples then newest
            else ends
        end as ends
    from ended
),
placed as (
    select *, (row_number() over (partition by ends order by service, metric) - 1) // $chunk_series as place
    from begun
)
select service, metric, ends,
    (row_number() over (order by service, metric) - 1)::integer as number,
    (dense_rank() over (order by ends, place) - 1)::integer as chunk
from placed
order by number
