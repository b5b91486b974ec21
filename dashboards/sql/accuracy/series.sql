-- The best and the worst forecast series: daily, up to 28 days ahead; live where there is any, else backtest.
with series as (
    select service, metric, origin, sum(points)::bigint as points,
        sum(error_total order by horizon_days) / nullif(sum(actual_total order by horizon_days), 0) as wape,
        sum(naive_error_total order by horizon_days) / nullif(sum(naive_actual_total order by horizon_days), 0)
            as wape_naive,
        sum(bias_total order by horizon_days) / nullif(sum(actual_total order by horizon_days), 0) as bias
    from forecast_series_score
    where grain = 'd' and horizon_days <= 28
    group by all
),
chosen as (
    select * from series
    where wape is not null
    qualify row_number() over (partition by service, metric order by origin desc) = 1
),
ranked as (
    select c.*, f.series_class, f.model, f.fallback_reason,
        row_number() over (order by c.wape, c.service, c.metric) as best,
        row_number() over (order by c.wape desc, c.service, c.metric) as worst,
        count(*) over () as all_series
    from chosen c
    left join forecast_fit f
        on f.service = c.service and f.metric = c.metric and f.grain = 'd'
        and f.made_on = (select max(made_on) from forecast_fit)
)
select service, metric, origin, points, wape, wape_naive, bias, series_class, model, fallback_reason, best, worst,
    all_series
from ranked
where best <= 10 or worst <= 20
order by worst
