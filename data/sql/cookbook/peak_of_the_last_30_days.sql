-- What was the largest hour of each service in 30 days, and when?
select service, metric, max(value_max) as peak, arg_max(hour_utc, value_max) as hour_utc
from utilization_judged
where flag is null and hour_utc >= (select max(hour_utc) - interval 30 day from utilization_hour)
group by all
order by service, metric
