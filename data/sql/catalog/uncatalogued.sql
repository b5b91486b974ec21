insert into service (service, is_catalogued, minimum_requests_day, accounts, aliases, is_telemetry)
with named as (
    select service from cost_day
    union
    select service from utilization_hour
)
select n.service, false, 1, [], [], false
from named n
anti join service s using (service)
where n.service <> '(unallocated)'
