-- What will a request cost next month and next quarter?
select service, unit, currency, period, period_start, mean, lo80, hi80
from current_unit_cost_forecast
order by service, period_start
