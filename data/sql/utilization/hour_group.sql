-- The hours of a slice of time, and how many rows each has. Where it has one row the hour is that row.
select service, metric, date_trunc('hour', stamp) as hour_utc, count(*) as rows, max(value) as value
from classified('raw_sample')
where reason is null and stamp >= $slice_start and stamp < $slice_end
group by all
