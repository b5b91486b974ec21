-- severity: warn
-- a catalogued service with a request metric has no load in the last 2 days: its exporter may have stopped
select s.service, s.request_metric
from service s
anti join (
    select service, metric from utilization_hour where hour_utc >= $as_of - interval 2 days and hour_utc < $as_of
) u on u.service = s.service and u.metric = s.request_metric
where s.is_catalogued and s.request_metric is not null
order by all
