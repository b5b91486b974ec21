-- The files to read: new, changed, or with rows that were behind the night that read them.
select l.label
from file_listed l
left join utilization_file r on r.source = $source and r.file = l.path
where r.file is null
    or r.size_bytes <> l.size_bytes
    or r.modified <> l.modified
    or r.question <> $question
    or (r.known_until < $known_until and r.last_utc >= r.known_until)
