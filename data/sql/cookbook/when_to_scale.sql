-- How many units does each service need, hour by hour of the week?
select service, metric, hour_of_week, units
from scale_schedule
order by service, metric, hour_of_week
