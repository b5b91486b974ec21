-- What the fits are given, in chunks of whole series so that each chunk is one short read. Load is known up to as_of,
-- cost up to its newest settled day.
with known as (
    select service, metric, grain, time_utc, value,
        case when grain = 'h' then 'load_h' when is_cost(metric) then 'cost_d' else 'load_d' end as panel
    from actual
    where time_utc < $as_of
        and time_utc >= case when grain = 'h' then $hourly_from else $daily_from end
),
ended as (
    -- What goes on whole under other names is forecast there.
    select from_service as service, max(day) as day
    from lineage
    where day <= $as_of
    group by from_service
    having sum(share) > 0.999
),
series as (
    select k.panel, k.service, k.metric
    from known k
    left join ended e on e.service = k.service
    group by k.panel, k.service, k.metric, e.day
    having e.day is null or max(k.time_utc) >= e.day
),
numbered as (
    select *, (row_number() over (partition by panel order by service, metric) - 1) // $chunk_series as chunk
    from series
)
select k.panel, n.chunk::integer as chunk, k.service, k.metric, k.time_utc as timestamp, k.value
from known k
join numbered n using (panel, service, metric)
order by k.panel, n.chunk, k.service, k.metric, k.time_utc
