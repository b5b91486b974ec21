-- Forecast error of each service up to 28 days ahead, of forecasts of the last 120 nights: of its days where they
-- are scored, else of its hours; of its requests, else of its cost; live where there is any, else backtest.
with recent as (
    select service, metric, grain, origin, sum(points)::bigint as points,
        sum(error_total order by horizon_days) / nullif(sum(actual_total order by horizon_days), 0) as wape,
        sum(naive_error_total order by horizon_days) / nullif(sum(naive_actual_total order by horizon_days), 0)
            as wape_naive
    from forecast_series_score
    where grain in ('d', 'h') and horizon_days <= 28
    group by all
),
ranked as (
    select r.*, row_number() over (
        partition by r.service
        order by r.wape is null, r.grain, r.metric is distinct from s.request_metric, not is_cost(r.metric),
            r.origin <> 'live', r.metric
    ) as choice
    from recent r
    join service s using (service)
),
class as (
    select service, metric, grain, series_class
    from forecast_fit
    where made_on = (select max(made_on) from forecast_fit)
)
select service, metric, grain, origin, wape, wape_naive, points, series_class
from ranked
left join class using (service, metric, grain)
where choice = 1
order by service
