-- How often actuals lay inside intervals of each level: the nearer to the level, the more the intervals are to be believed.
with inside as (
    select metric_subject(metric) as subject, origin,
        sum(inside80 order by service, metric, grain, horizon_days) as inside80,
        sum(inside95 order by service, metric, grain, horizon_days) as inside95, sum(interval_points)::bigint as points
    from forecast_series_score
    group by all
    having sum(interval_points) > 0
)
select subject, origin, unnest([0.8, 0.95]) as level, unnest([inside80 / points, inside95 / points]) as share, points
from inside
order by subject desc, origin desc, level
