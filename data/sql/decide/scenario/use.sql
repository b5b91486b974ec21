-- What a request uses of each gauge of a service.
select service, metric, base_use, use_per_request, knee_requests, use_per_request_after
from use_per_request
where as_of = $as_of and explained_ratio >= 0.3 and service in (select service from scenario_change)
order by service, metric
