-- severity: warn
-- an exporter repeated one value for a day or more (its hours count as missing), or a series changed its unit, in the last 14 days, or a counter was loaded as it is (declare its shape): see utilization_flag
select flag, service, metric, from_utc, evidence
from utilization_flag
where coalesce(to_utc, case when flag = 'raw counter' then $as_of else from_utc end) > $as_of - interval 14 days
order by all
limit 1000
