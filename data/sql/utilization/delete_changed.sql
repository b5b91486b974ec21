delete from utilization_hour as stored
using hour_changed as changed
where stored.source = $source
    and stored.hour_utc >= $slice_start
    and stored.hour_utc < $slice_end
    and stored.service = changed.service
    and stored.metric = changed.metric
    and stored.hour_utc = changed.hour_utc
