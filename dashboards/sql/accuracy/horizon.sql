-- How good forecasts of the last 120 nights were over all series, by days ahead; each series counts once in a median.
select metric_subject(metric) as subject, grain, origin, horizon_days,
    count(*) as series, sum(points)::bigint as points,
    median(wape) as wape, median(wape_naive) as wape_naive, quantile_cont(wape, 0.9) as wape_p90,
    median(bias) as bias,
    sum(inside80 order by service, metric) / nullif(sum(interval_points), 0) as coverage80,
    sum(inside95 order by service, metric) / nullif(sum(interval_points), 0) as coverage95,
    coalesce(sum(interval_points), 0)::bigint as interval_points
from forecast_series_score
group by all
order by subject desc, grain, origin desc, horizon_days
