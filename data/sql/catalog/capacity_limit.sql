-- A limit gets a row where it differs from the one that was valid before this night.
with known as (
    select service, metric, last(limit_value order by valid_from) as limit_value,
        last(lead_time_days order by valid_from) as lead_time_days,
        last(unit_cost_usd_month order by valid_from) as unit_cost_usd_month
    from capacity_limit
    where valid_from < $as_of and source is null
    group by all
)
select w.service, w.metric, $as_of as valid_from, w.limit_value, w.lead_time_days, w.unit_cost_usd_month
from wanted_limit w
left join known k using (service, metric)
where k.service is null
    or w.limit_value <> k.limit_value
    or w.lead_time_days <> k.lead_time_days
    or w.unit_cost_usd_month is distinct from k.unit_cost_usd_month
