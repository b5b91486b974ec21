-- The last six months of a service against the target.
select service, metric, month, grain, origin, made_on, series_class, is_stable, days, is_whole, forecast, actual,
    error_ratio, status
from month_status
where service in (select unnest($services)) and month > $month - interval 6 months
order by service, month desc, metric, origin desc
