-- How fresh is each source, and what was refused?
select source, kind, state, newest_utc, age_hours, rows_read, rows_rejected, error
from source_state
where as_of = (select max(as_of) from source_state)
order by state, source
