-- Forecast error of each service up to 28 days ahead, of forecasts made in the last 120 days: of its days where they
-- are scored, else of its hours; of its requests, else of its cost; live where there is any, else backtest.
with recent as (
    select service, metric, grain, origin,
        sum(wape * points) / nullif(sum(points) filter (where wape is not null), 0) as wape,
        sum(wape_naive * points) / nullif(sum(points) filter (where wape_naive is not null), 0) as wape_naive,
        sum(points) as points
    from forecast_score
    where grain in ('d', 'h') and horizon_days <= 28 and made_on >= $as_of - 120
    group by all
),
ranked as (
    select r.*, row_number() over (
        partition by r.service
        order by r.wape is null, r.grain, r.metric is distinct from s.request_metric, not starts_with(r.metric, 'cost_'),
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
