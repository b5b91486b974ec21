-- A bill is a day or two behind by nature: it is stale after three.
with stored as (
    select least(max(last_charge_date), $as_of - 1) + interval 1 day as newest_utc, coalesce(sum(lines), 0)::bigint as lines
    from billing_load
    where source = $source and is_current
)
select $as_of as as_of, $source as source, $kind as kind,
    case when newest_utc >= $as_of::timestamp - interval 3 days then 'fresh' else 'stale' end as state,
    newest_utc, date_diff('hour', newest_utc, $as_of::timestamp)::double as age_hours,
    lines as rows_read, 0 as rows_rejected, 0 as rows_duplicate
from stored
