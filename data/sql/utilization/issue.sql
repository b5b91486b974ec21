-- What is wrong with a part, added to what was wrong with the parts of the same read before it.
with found as (
    select source, file, severity, reason, rows, example
    from rejected
    union all
    select source, file, severity, reason, rows, example
    from input_issue
    where source = $source and not list_contains($labels::varchar[], file) and file in (select file from rejected)
)
select source, file, severity, reason, sum(rows)::bigint as rows, min(example) as example
from found
group by source, file, severity, reason
