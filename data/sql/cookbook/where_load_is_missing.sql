-- Where is load missing, since when, and why?
select service, metric, source, from_utc, to_utc, hours, cause
from utilization_gap
order by to_utc is null desc, hours desc
limit 20
