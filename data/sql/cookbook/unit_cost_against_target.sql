-- Which services pay more per request than they aim at, on their newest settled day?
select u.service, s.team, u.date, u.cost_per_million_usd, s.target_cost_per_million_usd,
    u.cost_per_million_usd / s.target_cost_per_million_usd - 1 as over_ratio
from unit_cost_day u
join service s using (service)
where u.is_settled and u.cost_per_million_usd is not null and s.target_cost_per_million_usd is not null
qualify row_number() over (partition by u.service order by u.date desc) = 1
order by over_ratio desc
