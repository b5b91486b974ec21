-- The newest state of every source of the configuration.
select source, kind, as_of, state, newest_utc, age_hours, rows_read, rows_rejected, rows_duplicate, calls,
    calls_cost_usd, error
from source_state
anti join removed_source using (source)
qualify row_number() over (partition by source order by as_of desc) = 1
order by case state when 'failed' then 1 when 'stale' then 2 else 3 end, source
