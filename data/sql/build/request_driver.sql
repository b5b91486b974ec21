-- Requests a day of the services whose cost is forecast, under the name of the cost series that they may explain.
select c.service, c.metric, v.timestamp, v.value
from cost_series c
join service s on s.service = c.service
join series_value v on v.panel = 'load_d' and v.service = c.service and v.metric = s.request_metric
where v.timestamp >= $first and v.timestamp < $end
