-- How good forecasts of the last 120 days were, by days ahead; live and backtest are never mixed.
select service, metric, grain, origin, horizon_days, sum(points)::bigint as points,
    sum(wape * points) / nullif(sum(points) filter (where wape is not null), 0) as wape,
    sum(wape_naive * points) / nullif(sum(points) filter (where wape_naive is not null), 0) as wape_naive,
    sum(bias * points) / nullif(sum(points) filter (where bias is not null), 0) as bias,
    sum(coverage80 * points) / nullif(sum(points) filter (where coverage80 is not null), 0) as coverage80,
    sum(coverage95 * points) / nullif(sum(points) filter (where coverage95 is not null), 0) as coverage95
from forecast_score
where service in (select unnest($services)) and made_on >= $as_of - 120
group by all
order by service, metric, grain, origin desc, horizon_days
