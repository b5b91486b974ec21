-- How good forecasts of the last 120 nights were, by days ahead; live and backtest are never mixed.
select service, metric, grain, origin, horizon_days, points, wape, wape_naive, bias, coverage80, coverage95,
    interval_points
from forecast_series_score
where service in (select unnest($services))
    -- The range as well: unlike the list it goes into the view, which then is of these services only.
    and service >= list_min($services) and service <= list_max($services)
order by service, metric, grain, origin desc, horizon_days
