-- What will next month cost, with the interval that eight months in ten stay within?
select service, metric, target_time::date as month, mean, lo80, hi80
from current_forecast
where grain = 'm' and target_time = (
    select min(target_time) from current_forecast where grain = 'm' and target_time >= made_on
)
order by mean desc
