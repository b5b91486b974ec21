-- What is stored from the source is from an earlier night; how fresh that was is carried on.
with before as (
    select max(newest_utc) as newest_utc from source_state where source = $source and as_of <= $as_of
)
select $as_of as as_of, $source as source, $kind as kind, 'failed' as state, newest_utc,
    date_diff('hour', newest_utc, $as_of::timestamp)::double as age_hours,
    0 as rows_read, 0 as rows_rejected, 0 as rows_duplicate, $error as error
from before
