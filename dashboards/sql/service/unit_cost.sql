-- What a million units cost by settled day for half a year, in the currency that the service is billed in, with the
-- team's target.
select u.service, u.currency, coalesce(s.request_metric, 'requests') as unit, u.date::timestamp as time_utc,
    u.cost_per_million, if(u.currency = 'USD', s.target_cost_per_million_usd, null) as target_unit_cost
from unit_cost_day u
left join service s using (service)
where u.service in (select unnest($services)) and u.is_settled and u.date >= $as_of - 182 and u.date < $as_of
    and u.currency is not null
qualify count(u.cost_per_million) over (partition by u.service, u.currency) > 0
order by u.service, u.currency, u.date
