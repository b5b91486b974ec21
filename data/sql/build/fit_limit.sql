-- The limit in force for each series, with how sure its tier wants to be.
with in_force as (
    select service, metric, last(limit_value order by valid_from) as limit_value,
        last(lead_time_days order by valid_from) as lead_time_days
    from capacity_limit
    where valid_from <= $as_of
    group by all
)
select l.service, l.metric, l.limit_value, l.lead_time_days, s.tier
from in_force l
join service s using (service)
