-- What was wrong with the last delivery of each source, rejected rows first.
select severity, source, reason, sum(rows)::bigint as rows, count(*) as files, any_value(file order by rows desc) as file,
    any_value(example order by rows desc) as example
from input_issue
anti join removed_source using (source)
group by all
order by severity, rows desc, source, reason
limit 200
