-- Futures of the daily cost of every service, and of the whole bill.
select p.* exclude (made_on), f.model
from forecast_path_day p
join forecast_fit f on f.made_on = p.made_on and f.service = p.service and f.metric = p.metric and f.grain = 'd'
where p.made_on = $as_of and is_cost(p.metric)
order by p.service, p.metric
