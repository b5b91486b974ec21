-- A measured limit gets a row where it differs from the newest one; what the catalog says holds.
with newest as (
    select service, metric, last(limit_value order by valid_from) as limit_value, bool_or(source is null) as is_catalogued
    from capacity_limit
    where valid_from < $as_of or source is null
    group by all
)
select f.service, f.metric, $as_of::date as valid_from, max(f.limit_value) as limit_value, $lead_time_days as lead_time_days,
    null::decimal(38, 12) as unit_cost_usd_month, $source as source
from found_limit f
left join newest n using (service, metric)
where f.service is not null and isfinite(f.limit_value) and f.limit_value > 0 and not coalesce(n.is_catalogued, false)
group by f.service, f.metric
having max(f.limit_value) is distinct from any_value(n.limit_value)
