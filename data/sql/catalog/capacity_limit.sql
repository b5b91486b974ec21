-- A limit gets a row where it differs from the one that was valid before this night, and one from each day on which it
-- is declared to change.
with known as (
    select service, metric, last(limit_value order by valid_from) as limit_value,
        last(lead_time_days order by valid_from) as lead_time_days,
        last(units order by valid_from) as units,
        last(unit_cost_usd_month order by valid_from) as unit_cost_usd_month
    from capacity_limit
    where valid_from < $as_of and source is null
    group by all
)
select w.service, w.metric, w.valid_from::date as valid_from, w.limit_value, w.lead_time_days, w.units,
    w.unit_cost_usd_month, w.valid_from > $as_of as is_declared
from wanted_limit w
left join known k using (service, metric)
anti join capacity_limit c on c.service = w.service and c.metric = w.metric and c.valid_from = w.valid_from
where w.valid_from > $as_of
    or k.service is null
    or w.limit_value <> k.limit_value
    or w.lead_time_days <> k.lead_time_days
    or w.units is distinct from k.units
    or w.unit_cost_usd_month is distinct from k.unit_cost_usd_month
