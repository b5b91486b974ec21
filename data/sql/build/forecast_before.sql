-- Series that an earlier night has forecast. Fits are few where forecasts are many.
select distinct service, metric, grain
from forecast_fit
where made_on < $as_of and model <> 'none'
