-- Futures of the daily peaks of every series that has a limit, and the limit in force.
with in_force as (
    select service, metric, last(limit_value order by valid_from) as limit_value,
        last(lead_time_days order by valid_from) as lead_time_days
    from capacity_limit
    where valid_from <= $as_of
    group by all
)
select p.* exclude (made_on), l.limit_value, l.lead_time_days, s.tier
from forecast_path_day p
join in_force l using (service, metric)
join service s using (service)
where p.made_on = $as_of
order by p.service, p.metric
