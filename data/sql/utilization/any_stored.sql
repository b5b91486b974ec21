-- A row where the source has stored any of the hours that were read.
select 1
from utilization_hour
where source = $source and hour_utc >= $slice_start and hour_utc < $slice_end
limit 1
