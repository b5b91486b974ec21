with stored as (
    select max(hour_utc) + interval 1 hour as newest_utc from utilization_hour where source = $source
)
select $as_of as as_of, $source as source, $kind as kind,
    case when newest_utc >= $as_of::timestamp - interval 1 day then 'fresh' else 'stale' end as state,
    newest_utc, date_diff('hour', newest_utc, $as_of::timestamp)::double as age_hours,
    $rows_read as rows_read, $rows_rejected as rows_rejected, $rows_duplicate as rows_duplicate
from stored
