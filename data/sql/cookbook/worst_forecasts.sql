-- Which series are forecast worst, for their size?
select service, metric, grain, horizon_days, wape, wape_naive, bias, points
from forecast_series_score
where wape is not null
order by wape desc
limit 20
