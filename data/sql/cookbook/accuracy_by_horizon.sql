-- How good are forecasts a day, a week, a month ahead, by kind of series?
select grain, series_class, horizon_days, origin, series, wape, bias, coverage80, coverage95, within_20
from forecast_class_score
order by grain, series_class, origin, horizon_days
