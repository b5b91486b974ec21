-- USD per million requests by settled day for half a year, with the team's target.
select u.service, u.date::timestamp as time_utc, u.cost_per_million_usd, s.target_cost_per_million_usd
from unit_cost_day u
left join service s using (service)
where u.service in (select unnest($services)) and u.is_settled and u.date >= $as_of - 182 and u.date < $as_of
qualify count(u.cost_per_million_usd) over (partition by u.service) > 0
order by u.service, u.date
