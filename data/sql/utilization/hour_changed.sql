-- Of the hours as they are now, those that differ from what is stored.
select service, metric, hour_utc, value_avg, value_max, value_p95, value_sum, samples, source
from hour_new
except
select service, metric, hour_utc, value_avg, value_max, value_p95, value_sum, samples, source
from utilization_hour
where source = $source and hour_utc >= $slice_start and hour_utc < $slice_end
