-- How good forecasts of the last 120 days were over all series, by days ahead; each series counts once.
with series as (
    select service, metric, grain, origin, horizon_days, sum(points)::bigint as points,
        sum(wape * points) / nullif(sum(points) filter (where wape is not null), 0) as wape,
        sum(wape_naive * points) / nullif(sum(points) filter (where wape_naive is not null), 0) as wape_naive,
        sum(bias * points) / nullif(sum(points) filter (where bias is not null), 0) as bias,
        sum(coverage80 * points) / nullif(sum(points) filter (where coverage80 is not null), 0) as coverage80,
        sum(coverage95 * points) / nullif(sum(points) filter (where coverage95 is not null), 0) as coverage95
    from forecast_score
    where made_on >= $as_of - 120
    group by all
)
select case when starts_with(metric, 'cost_') then 'cost' else 'load' end as subject, grain, origin, horizon_days,
    count(*) as series, sum(points)::bigint as points,
    median(wape) as wape, median(wape_naive) as wape_naive, quantile_cont(wape, 0.9) as wape_p90,
    median(bias) as bias,
    sum(coverage80 * points) / nullif(sum(points) filter (where coverage80 is not null), 0) as coverage80,
    sum(coverage95 * points) / nullif(sum(points) filter (where coverage95 is not null), 0) as coverage95
from series
group by all
order by subject desc, grain, origin desc, horizon_days
