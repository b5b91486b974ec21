-- The last six months of a service against the target.
select service, metric, month, compared, origin, made_on,
    coalesce(series_class, 'unknown') || case when is_stable then '' else ' (no target)' end as series_class, forecast,
    actual, error_ratio, status, is_share
from month_status
where service in (select unnest($services)) and month > $month - interval 6 months
order by service, month desc, metric, origin desc
