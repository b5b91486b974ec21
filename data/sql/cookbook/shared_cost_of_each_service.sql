-- How much of each service's cost is its part of shared services?
select service, currency, sum(effective_cost) filter (where component = 'shared') as shared_cost,
    sum(effective_cost) as effective_cost,
    sum(effective_cost) filter (where component = 'shared') / nullif(sum(effective_cost), 0) as shared_ratio
from cost_service_day
where date >= (select max(date) - 27 from cost_service_day)
group by all
order by effective_cost desc
