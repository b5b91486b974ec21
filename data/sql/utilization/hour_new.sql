-- The hours of a slice as they are now. The values of an hour are sorted before they are added: a sum of doubles
-- depends on its order, and the same night twice gives the same bits.
with by_hour as (
    select service, metric, hour_utc, list_sort(list(value)) as ordered
    from sample
    group by all
)
select service, metric, hour_utc,
    list_sum(ordered) / len(ordered) as value_avg,
    ordered[-1] as value_max,
    list_aggregate(ordered, 'quantile_cont', 0.95) as value_p95,
    list_sum(ordered) as value_sum,
    len(ordered)::bigint as samples,
    $source as source
from by_hour
union all
select service, metric, hour_utc, value, value, value, value, 1, $source
from hour_group
anti join hour_shared using (service, metric, hour_utc)
