-- What the fits are given, in chunks of whole series so that each chunk is one short read. Load is known up to as_of,
-- cost up to its newest settled day.
with known as (
    select service, metric, grain, time_utc, value,
        case when grain = 'h' then 'load_h' when is_cost(metric) then 'cost_d' else 'load_d' end as panel
    from actual
    where time_utc < $as_of
        and time_utc >= case when grain = 'h' then $hourly_from else $daily_from end
),
series as (
    select distinct panel, service, metric from known
),
numbered as (
    select *, (row_number() over (partition by panel order by service, metric) - 1) // $chunk_series as chunk
    from series
)
select k.panel, n.chunk::integer as chunk, k.service, k.metric, k.time_utc as timestamp, k.value
from known k
join numbered n using (panel, service, metric)
order by k.panel, n.chunk, k.service, k.metric, k.time_utc
