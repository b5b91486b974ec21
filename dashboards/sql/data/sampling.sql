-- How often each source measures each metric, and which part of the hours it covers.
select source, metric, services, step_s, hours_ratio
from source_sampling
order by hours_ratio, source, metric
limit 300
