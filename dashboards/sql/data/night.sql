-- The last nights.
select run_id, as_of, started_at, finished_at, state, version, message,
    date_diff('second', started_at, finished_at) as seconds
from night
order by started_at desc
limit 30
