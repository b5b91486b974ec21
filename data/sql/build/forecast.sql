-- Live forecasts of this night; a day before as_of only fills what the bill has not settled, see forecast_unsettled.
select $as_of as made_on, service, metric, grain, target_time, mean, lo80, hi80, lo95, hi95, model, 'live' as origin
from staged_forecast
where target_time >= $as_of
