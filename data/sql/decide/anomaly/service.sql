-- What an episode of cost must be worth, and which metric is the service's requests.
select s.service, s.request_metric, m.minimum_impact
from service s
left join anomaly_minimum m using (service)
order by s.service
