-- When in the week is each service busiest (day of week 1 = Monday, hour UTC)?
with hour_of_week as (
    select service, metric, isodow(hour_utc) as day_of_week, extract(hour from hour_utc) as hour,
        avg(value_avg) as value_avg
    from utilization_judged
    where flag is null and hour_utc >= (select max(hour_utc) - interval 56 day from utilization_hour)
    group by all
)
select service, metric, day_of_week, hour, value_avg
from hour_of_week
qualify row_number() over (partition by service, metric order by value_avg desc) = 1
order by service, metric
