-- What each check of the newest night found.
select name, severity, rows, example,
    case when rows = 0 then 'good' when severity = 'stop' then 'failed' else 'found' end as state
from check_result
where as_of = (select max(as_of) from check_result)
order by rows = 0, severity = 'warn', name
