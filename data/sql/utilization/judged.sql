-- All that is known of a source by reason: of files every one that is there, else what was read now.
with held as (
    select count(*) as files, sum(rows_read)::bigint as rows_read from utilization_file where source = $source
),
rejected as (
    select reason, min(file) as file, sum(rows)::bigint as rows, min(example) as example
    from input_issue
    where source = $source and severity = 'rejected' and ((select files from held) > 0 or $rows_read > 0)
    group by reason
),
usable as (
    select null::varchar as reason, null::varchar as file,
        case when files > 0 then rows_read else $rows_read end - (select coalesce(sum(rows), 0) from rejected) as rows,
        null::varchar as example
    from held
)
select reason, file, rows, example
from rejected
union all
select reason, file, greatest(rows, 0)::bigint, example
from usable
order by rows desc, reason
