-- Days before this night that were forecast because the bill has not settled them.
select $as_of as made_on, service, metric, target_time, mean, lo80, hi80, lo95, hi95
from staged_forecast
where target_time < $as_of and grain = 'd'
