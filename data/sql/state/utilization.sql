-- Of files the rows of all that are there, since those that did not change are not read again.
with stored as (
    select max(hour_utc) + interval 1 hour as newest_utc from utilization_hour where source = $source
),
held as (
    select count(*) as files, sum(rows_read)::bigint as rows_read, sum(rows_rejected)::bigint as rows_rejected,
        sum(rows_duplicate)::bigint as rows_duplicate
    from utilization_file
    where source = $source
)
select $as_of as as_of, $source as source, $kind as kind,
    case when newest_utc >= $as_of::timestamp - interval 1 day then 'fresh' else 'stale' end as state,
    newest_utc, date_diff('hour', newest_utc, $as_of::timestamp)::double as age_hours,
    case when files > 0 then held.rows_read else $rows_read end as rows_read,
    case when files > 0 then held.rows_rejected else $rows_rejected end as rows_rejected,
    case when files > 0 then held.rows_duplicate else $rows_duplicate end as rows_duplicate,
    $calls as calls, $calls_cost_usd as calls_cost_usd
from stored, held
