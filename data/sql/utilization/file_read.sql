-- What is to be remembered of each file that was read.
with rows_of as (
    select file, sum(rows)::bigint as rows_read,
        coalesce(sum(rows) filter (where reason is not null), 0)::bigint as rows_rejected,
        min(first_utc) as first_utc, max(last_utc) as last_utc
    from counted
    group by file
),
repeats_of as (
    select file, sum(repeats)::bigint as rows_duplicate
    from repeated
    group by file
)
select $source as source, l.path as file, l.size_bytes, l.modified, $question as question, r.first_utc, r.last_utc,
    $known_until as known_until, coalesce(r.rows_read, 0) as rows_read, coalesce(r.rows_rejected, 0) as rows_rejected,
    coalesce(d.rows_duplicate, 0) as rows_duplicate
from file_listed l
join raw_sample_file f using (label)
left join rows_of r on r.file = l.label
left join repeats_of d on d.file = l.label
