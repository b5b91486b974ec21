-- What can be used of a file, with the numbers of its series in place of their names.
select s.chunk, s.number, step_of(v.stamp) as timestamp, v.value
from classified('raw_sample') v
join panel_series s using (service, metric)
where v.reason is null and step_of(v.stamp) < s.ends
