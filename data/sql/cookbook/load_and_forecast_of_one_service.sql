-- What was measured and what is ahead of one service, day by day?
select 'measured' as what, time_utc::date as date, value as mean, null as lo80, null as hi80
from actual
where service = 'checkout' and metric = 'requests' and grain = 'd'
    and time_utc >= (select max(hour_utc) - interval 28 day from utilization_hour)
union all
select 'forecast', target_time::date, mean, lo80, hi80
from current_forecast
where service = 'checkout' and metric = 'requests' and grain = 'd'
order by date
