-- The series of a file: when each ends, the step after its last readable stamp, and the chunk it is forecast in.
-- Series that end together are forecast together.
with ended as (
    select service, metric, date_trunc($step, max(stamp)) + to_hours(case $step when 'hour' then 1 else 24 end) as ends
    from classified('raw_sample')
    where stamp is not null
    group by all
    having bool_or(reason is null)
),
placed as (
    select *, (row_number() over (partition by ends order by service, metric) - 1) // $chunk_series as place
    from ended
)
select service, metric, ends,
    (row_number() over (order by service, metric) - 1)::integer as number,
    (dense_rank() over (order by ends, place) - 1)::integer as chunk
from placed
order by number
