-- One row a time of a series, for the hours of several rows. An exact repeat counts once; where one time has several
-- values the largest stands, since adding them would count a request twice and capacity is about the peak.
with usable as (
    select service, metric, date_trunc('hour', stamp) as hour_utc, stamp, value, file, false as is_context
    from classified('raw_sample')
    where reason is null and stamp >= $slice_start and stamp < $slice_end
    union all
    select service, metric, hour_utc, stamp, value, file, true
    from context_sample
)
select u.service, u.metric, u.hour_utc, u.stamp, max(u.value) as value, min(u.value) <> max(u.value) as is_contradicted,
    count(*) as rows, count(*) filter (where not u.is_context) - bool_and(not u.is_context)::bigint as repeats,
    min(u.file) as file
from usable u
semi join hour_shared using (service, metric, hour_utc)
group by u.service, u.metric, u.hour_utc, u.stamp
