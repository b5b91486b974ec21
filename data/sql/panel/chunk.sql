-- The series of one chunk, values finer than the step averaged. They are sorted first: a sum of doubles depends on its
-- order, and the same file twice gives the same bits.
with stepped as (
    select number, timestamp, list_sort(list(value)) as ordered
    from panel_value
    where chunk = $chunk
    group by all
)
select s.service, s.metric, v.timestamp, list_sum(v.ordered) / len(v.ordered) as value
from stepped v
join panel_series s using (number)
order by v.number, v.timestamp
