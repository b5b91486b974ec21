-- What was odd about the rows of a slice, by the file it was found in.
select file, sum(repeats)::bigint as repeats,
    coalesce(sum(rows) filter (where is_contradicted), 0)::bigint as contradictions,
    min(concat_ws(', ', service, metric, stamp)) filter (where is_contradicted) as example
from sample
group by file
