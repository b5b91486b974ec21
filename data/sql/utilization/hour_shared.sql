-- The hours of several rows: of one file, or also of files that were read on an earlier night.
select service, metric, hour_utc
from hour_group
where rows > 1
union
select service, metric, hour_utc
from context_sample
