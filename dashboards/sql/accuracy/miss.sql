-- The newest forecasts of stable series that were more than 20 % off, with all that is known of why.
select made_on, service, metric, grain, horizon_days, origin, wape, bias, causes, event, outage_hours, restated_ratio,
    level_ratio, count(*) over () as all_misses
from forecast_miss
where made_on >= $as_of - 120
order by made_on desc, wape desc, service, metric, grain, horizon_days
limit 30
