-- How many services are stored under another name than the catalog's.
select count(*)
from (select distinct service from utilization_hour) d
join spelling s on s.spelt = lower(d.service) and s.service <> d.service
