with by_chunk as (
    select panel, chunk, max(timestamp) as newest from series_value group by all
)
select panel, chunk, max(newest) over (partition by panel) as newest
from by_chunk
order by panel, chunk
