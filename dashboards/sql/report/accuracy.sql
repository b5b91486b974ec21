-- How many forecasts of the month that is reported met the target: stable series, live where there is any.
select metric_subject(metric) as subject, origin, count(*) as series, count(*) filter (where status = 'good') as good,
    count(*) filter (where status <> 'miss') as acceptable
from month_status
where month = $period and is_stable and service <> '(total)'
group by all
order by subject, origin desc
