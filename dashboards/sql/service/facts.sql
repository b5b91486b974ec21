-- Everything that gets a page: the services, and what has no owner where it costs something.
with name as (
    select service from service
    union
    select service from cost_service_day
)
select service, coalesce(s.is_catalogued, false) as is_catalogued, s.tier, s.team, s.country, s.request_metric,
    s.minimum_requests_day, s.shared_rule, coalesce(s.is_telemetry, false) as is_telemetry,
    s.target_cost_per_million_usd, s.budget_usd_month
from name
left join service s using (service)
order by service
