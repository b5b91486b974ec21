select $source as source, file, 'rejected' as severity, reason, rows, example
from counted
where reason is not null
union all
select $source, file, 'warning', 'several values at one time: the largest is kept', sum(contradictions)::bigint, min(example)
from repeated
group by file
having sum(contradictions) > 0
