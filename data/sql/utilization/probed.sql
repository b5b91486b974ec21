-- The rows of a probe by reason.
select reason, min(file) as file, count(*) as rows,
    min(concat_ws(', ', service, metric, coalesce(stamp_text, stamp::varchar, '(no time)'), coalesce(value_text, value::varchar, '(no value)'))) as example
from classified('raw_sample')
group by reason
order by rows desc, reason
