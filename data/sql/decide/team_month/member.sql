-- The series of cost that add up to each team's: a service belongs to its team, what has none is (no team).
select case when f.service = '(unallocated)' then '(unallocated)' else coalesce(s.team, '(no team)') end as team,
    f.service, f.metric, metric_currency(f.metric) as currency
from (
    select distinct service, metric from forecast_sum where made_on = $as_of and grain = 'm' and service <> '(total)'
) f
left join service s using (service)
order by team, f.metric, f.service
