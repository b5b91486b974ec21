-- Futures of the cost and of the requests of every service that a scenario changes.
select p.* exclude (made_on), s.request_metric, is_cost(p.metric) as is_cost
from forecast_path_day p
join service s on s.service = p.service and (is_cost(p.metric) or p.metric = s.request_metric)
where p.made_on = $as_of and p.service in (select service from scenario_change)
order by p.service, p.metric
