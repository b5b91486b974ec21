-- severity: stop
-- splitting shared services lost or added cost; nothing is published until it ties, report this as a defect
select date, currency, component, sum(effective_cost) as effective_cost, sum(billed_cost) as billed_cost
from cost_service_day
where component in ('shared', 'telemetry')
group by all
having sum(effective_cost) <> 0 or sum(billed_cost) <> 0
