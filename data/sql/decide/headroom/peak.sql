-- How full each series is now.
select service, metric, max(value_max) as peak_now
from utilization_judged
where flag is null and hour_utc >= $as_of - interval 7 days and hour_utc < $as_of
group by all
