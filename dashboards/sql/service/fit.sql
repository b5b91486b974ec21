-- How the newest forecasts were made.
select service, metric, grain, series_class, model, wape, wape_naive, history_points, timezone,
    fallback_reason
from forecast_fit
where service in (select unnest($services)) and made_on = (select max(made_on) from forecast_fit)
order by service, metric, grain
