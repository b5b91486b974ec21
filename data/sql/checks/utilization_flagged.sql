-- severity: warn
-- an exporter repeats one value for a day or more, or a series changed its unit: see the view utilization_flag
select flag, service, metric, from_utc, evidence
from utilization_flag
order by all
limit 1000
