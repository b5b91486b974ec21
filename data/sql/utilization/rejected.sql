select $source as source, file, 'rejected' as severity, reason, count(*) as rows,
    min(concat_ws(', ', service, metric, coalesce(stamp_text, '(no time)'), coalesce(value_text, '(no value)'))) as example
from classified
where reason is not null
group by file, reason
union all
select $source, file, 'warning', 'several values at one time: the largest is kept', sum(rows)::bigint,
    min(concat_ws(', ', service, metric, stamp))
from sample
where is_contradicted
group by file
