-- A service's forecasts that were more than 20 % off, the newest first, with all that is known of why.
select service, made_on, metric, grain, horizon_days, origin, wape, bias, causes, event, outage_hours, restated_ratio,
    level_ratio, count(*) over (partition by service) as all_misses
from forecast_miss
where service in (select unnest($services)) and made_on >= $as_of - 120
qualify row_number() over (partition by service order by made_on desc, wape desc, metric, grain, horizon_days) <= 15
order by service, made_on desc, wape desc, metric, grain, horizon_days
