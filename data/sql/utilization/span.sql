-- How many rows can be used, and from when to when.
select coalesce(sum(rows), 0)::bigint as rows, date_trunc('hour', min(first_utc)) as first_hour,
    date_trunc('hour', max(last_utc)) as last_hour
from counted
where reason is null
