-- What can be used of a file, with the numbers of its series in place of their names.
select s.chunk, s.number, date_trunc($step, v.stamp) as timestamp, v.value
from classified('raw_sample') v
join panel_series s using (service, metric)
where v.reason is null
