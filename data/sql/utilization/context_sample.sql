-- The rows of files read earlier that lie in an hour that was read now.
select service, metric, date_trunc('hour', stamp) as hour_utc, stamp, value, file
from classified('raw_context') as classified
semi join hour_group on hour_group.service = classified.service
    and hour_group.metric = classified.metric
    and hour_group.hour_utc = date_trunc('hour', classified.stamp)
where reason is null and stamp >= $slice_start and stamp < $slice_end
