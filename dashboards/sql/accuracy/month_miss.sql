-- Months that were forecast more than 20 % off: the newest first, in it the stable series, for which the target is.
select month, service, metric, compared, origin, made_on, coalesce(series_class, 'unknown')
        || case when is_stable then '' else ' (no target)' end as series_class, forecast, actual, error_ratio, status, count(*) over () as all_misses
from month_status
where status = 'miss' and service <> '(total)'
order by month desc, is_stable desc, abs(error_ratio) desc, service, metric, origin
limit 30
