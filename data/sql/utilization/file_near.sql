-- The files read earlier that may have rows in the hours that were read now.
select l.label
from file_listed l
join utilization_file r on r.source = $source and r.file = l.path
anti join raw_sample_file now on now.label = l.label
where r.first_utc < $last_hour + interval 1 hour and r.last_utc >= $first_hour
